// The card panel: what the server says of a place or feature, in a box of the page or, where the page has none, of the
// map. It takes the focus, and gives it back when it is closed.
import { button, icon, make } from '../dom';

export class Panel {
  readonly #element: HTMLElement;
  readonly #body = make('div', { class: 'map-card__body', tabindex: '-1' });
  readonly #back: HTMLElement;
  /** Told when somebody closes it. */
  closed: () => void = () => {};

  constructor(host: HTMLElement, close: string, back: HTMLElement) {
    this.#back = back;
    const own = document.querySelector<HTMLElement>('[data-map-card]');
    this.#element = own ?? host.appendChild(make('section', { 'data-map-card': true }));
    this.#element.hidden = true;
    if (!this.#element.hasAttribute('role')) this.#element.setAttribute('role', 'region');
    const away = button(close, icon('close'), () => this.close(), 'map-card__close');
    this.#element.replaceChildren(away, this.#body);
    this.#element.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      this.close();
    });
  }

  get open(): boolean {
    return !this.#element.hidden;
  }

  /** Where it lies on the screen. */
  get box(): DOMRect {
    return this.#element.getBoundingClientRect();
  }

  show(...content: Node[]): void {
    this.#body.replaceChildren(...content);
    const heading = this.#body.querySelector('h1, h2, h3');
    this.#element.setAttribute('aria-label', heading?.textContent?.trim() ?? document.title);
    this.#element.hidden = false;
    this.#body.scrollTop = 0;
    this.#body.focus({ preventScroll: true });
  }

  close(): void {
    if (this.#element.hidden) return;
    const had = this.#element.contains(document.activeElement);
    this.#element.hidden = true;
    this.#body.replaceChildren();
    if (had) this.#back.focus({ preventScroll: true });
    this.closed();
  }
}

/** Our own server's HTML of a part of a page, as nodes. Nothing in it runs: the parser marks scripts as done. */
export async function part(address: string): Promise<Node[]> {
  const answer = await fetch(address, { headers: { accept: 'text/html' } });
  if (!answer.ok) throw new Error(`${answer.status} from ${address}`);
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  page.querySelectorAll('script, style, link, city-map').forEach((element) => element.remove());
  const root = page.querySelector('main') ?? page.body;
  return [...root.childNodes].map((node) => document.adoptNode(node));
}
