// Making elements without markup in strings: nothing that a page or a server says is ever read as HTML here.

type Attributes = Record<string, string | boolean | undefined>;

/** An element with attributes, a text or children. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children);
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

function svg(tag: string, attributes: Record<string, string>): SVGElement {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** Line drawings on the grid of 24 that the server's icons have. */
const PATHS = {
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  close: 'M6 6l12 12M18 6 6 18',
  compass: 'm12 3 4 9H8zM12 21l-4-9h8z',
  divider: 'M9 7l-5 5 5 5M15 7l5 5-5 5',
  down: 'm5 9 7 7 7-7',
};

export function icon(name: keyof typeof PATHS): SVGElement {
  const drawing = svg('svg', {
    class: 'icon',
    viewBox: '0 0 24 24',
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': '2',
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
    'aria-hidden': 'true',
    focusable: 'false',
  });
  drawing.append(svg('path', { d: PATHS[name] }));
  return drawing;
}

/** A pin whose point is the place. */
export function pin(): HTMLElement {
  const drawing = svg('svg', { viewBox: '0 0 24 29', 'aria-hidden': 'true', focusable: 'false' });
  const body = 'M12 28C7 20.5 2.5 16.5 2.5 10.8a9.5 9.5 0 0 1 19 0C21.5 16.5 17 20.5 12 28Z';
  drawing.append(
    svg('path', { d: body, fill: 'currentColor', stroke: '#fff', 'stroke-width': '1.5' }),
    svg('circle', { cx: '12', cy: '10.8', r: '3.6', fill: '#fff' }),
  );
  return make('div', { class: 'map-pin', role: 'img' }, drawing);
}

/** A spot in a layer's colour. */
export function dot(color: string): SVGElement {
  const drawing = svg('svg', { viewBox: '0 0 10 10', 'aria-hidden': 'true', focusable: 'false' });
  drawing.append(svg('rect', { x: '0.5', y: '0.5', width: '9', height: '9', rx: '2', fill: color, stroke: 'currentColor' }));
  return drawing;
}

/** A button with a name that is read, and a drawing or a word that is seen. */
export function button(label: string, shown: Node | string, act: () => void, kind = ''): HTMLButtonElement {
  const named = typeof shown === 'string' ? {} : { 'aria-label': label, title: label };
  const element = make('button', { type: 'button', class: kind || undefined, ...named }, shown);
  element.addEventListener('click', act);
  return element;
}

/** A date as people of the language write it. */
export function dateWords(date: string, lang: string): string {
  const [year = '', month = '', day = ''] = date.split('-');
  return lang === 'vi' ? `${day}/${month}/${year}` : `${Number(day)}/${Number(month)}/${year}`;
}
