// Whose data the map shows: behind a small button in the corner, as text. The sheet of paper has it in words of its own.
import type { StyleSpecification } from 'maplibre-gl';
import { make } from './dom';

export class Credits {
  readonly element: HTMLDetailsElement;
  readonly #text = make('p');

  constructor(label: string) {
    this.element = make('details', { class: 'map-credits' }, make('summary', { 'aria-label': label, title: label }, 'i'), this.#text);
  }

  tell({ sources }: StyleSpecification): void {
    const said = Object.values(sources).map((source) => ('attribution' in source && source.attribution ? plain(source.attribution) : ''));
    this.#text.textContent = [...new Set(said.filter(Boolean))].join('. ');
    this.element.hidden = this.#text.textContent === '';
  }
}

/** Attributions are HTML by the style specification. */
function plain(html: string): string {
  return new DOMParser().parseFromString(html, 'text/html').body.textContent?.trim() ?? '';
}
