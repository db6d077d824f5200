// The tree of layers beside the map: checking one shows it, the address of the page says what is shown, and the legend
// tells which of it is seen at this zoom.
import type { Config } from '../config';
import { make } from '../dom';
import type { Scene } from '../scene';

export function tree(scene: Scene, config: Config): void {
  const boxes = [...document.querySelectorAll<HTMLInputElement>('[data-map-tree] input[name="layers"]')];
  const legend = document.querySelector<HTMLElement>('[data-map-legend]');
  const from = new Map(config.layers.map((layer) => [layer.code, layer.min_zoom]));
  const isShown = (code: string): boolean =>
    boxes.find((box) => box.value === code)?.checked ?? config.layers.find((layer) => layer.code === code)?.shown ?? true;

  const far = (element: HTMLElement, code: string): void => {
    const isFar = scene.map.getZoom() < (from.get(code) ?? 0);
    element.classList.toggle('map-far', isFar);
    const word = element.querySelector('.map-far__word');
    if (!isFar) word?.remove();
    else if (!word && config.texts.zoom_to_see) {
      const place = element.querySelector(':scope > span:last-child, label > span:last-child') ?? element;
      place.append(make('span', { class: 'map-far__word' }, config.texts.zoom_to_see));
    }
  };
  const refresh = (): void => {
    for (const box of boxes) if (box.checked) explain(legend, box);
    for (const entry of legend?.querySelectorAll<HTMLElement>('[data-layer]') ?? []) {
      const code = entry.dataset['layer'] ?? '';
      entry.hidden = !isShown(code);
      far(entry, code);
    }
    for (const box of boxes) {
      const row = box.closest<HTMLElement>('.map-layer') ?? box.closest('label');
      if (row) far(row, box.value);
    }
  };

  for (const box of boxes) {
    if (!box.disabled) scene.setShown(box.value, box.checked);
    box.addEventListener('change', () => {
      scene.setShown(box.value, box.checked);
      address(boxes);
      refresh();
    });
  }
  // What works without scripts by a button needs none with them.
  document.querySelectorAll<HTMLElement>('[data-map-tree] [data-no-script]').forEach((element) => (element.hidden = true));
  scene.map.on('zoom', refresh);
  refresh();
}

/** The legend has an entry of the layer: that of the server, or the sign and the name that the tree has. */
function explain(legend: HTMLElement | null, box: HTMLInputElement): void {
  if (!legend || legend.querySelector(`[data-layer="${CSS.escape(box.value)}"]`)) return;
  const row = box.closest<HTMLElement>('.map-layer') ?? box.closest('label');
  const sign = row?.querySelector('.map-swatch')?.cloneNode(true);
  const name = row?.querySelector('label > span:last-child')?.cloneNode(true) as HTMLElement | undefined;
  name?.querySelector('.map-far__word')?.remove();
  legend.append(make('li', { 'data-layer': box.value }, ...(sign ? [sign] : []), name ?? box.value));
}

/** The page's address says what is shown, so that it can be kept and sent. */
function address(boxes: HTMLInputElement[]): void {
  const url = new URL(location.href);
  url.searchParams.set('layers', boxes.filter((box) => box.checked).map((box) => box.value).join(','));
  history.replaceState(history.state, '', url.href.replaceAll('%2C', ','));
}
