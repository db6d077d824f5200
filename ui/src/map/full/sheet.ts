// On a phone the panel beside the map is a sheet from below: a handle pulls it up and puts it down.
import { icon, make } from '../dom';

const NARROW = '(max-width: 59.99rem)';

/** Answers how the sheet is put down. */
export function sheet(label: string | undefined): () => void {
  const panel = document.querySelector<HTMLElement>('[data-map-panel]');
  if (!panel) return () => {};
  const name = label ?? panel.querySelector('h1, h2')?.textContent?.trim() ?? '';
  const handle = make('button', { type: 'button', class: 'map-sheet' }, make('span', {}, name), icon('down'));
  const put = (isOpen: boolean): void => {
    handle.setAttribute('aria-expanded', String(isOpen));
    panel.toggleAttribute('data-closed', !isOpen);
    if (!isOpen) panel.scrollTop = 0;
  };
  handle.addEventListener('click', () => put(handle.getAttribute('aria-expanded') !== 'true'));
  panel.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !matchMedia(NARROW).matches || event.defaultPrevented) return;
    put(false);
    handle.focus();
  });
  panel.prepend(handle);
  put(false);
  return () => put(false);
}
