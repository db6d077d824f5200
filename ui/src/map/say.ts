// What the map says by itself: a sentence that goes away, or one that stays; screen readers hear it either way.
import { make } from './dom';

const SAID_MS = 6000;

export class Say {
  readonly element = make('div', { class: 'map-say', role: 'status' });
  #timer = 0;
  #failed = false;

  /** A short sentence; the next one takes its place. */
  tell(text: string | undefined): void {
    if (!text) return;
    clearTimeout(this.#timer);
    this.element.querySelector('[data-said]')?.remove();
    const said = make('p', { 'data-said': true }, text);
    this.element.append(said);
    this.#timer = window.setTimeout(() => said.remove(), SAID_MS);
  }

  /** A sentence that holds as long as `text` is given again; none takes it away. */
  note(name: string, text: string | undefined): void {
    const there = this.element.querySelector(`[data-note="${name}"]`);
    if (there?.textContent === text) return;
    there?.remove();
    if (text) this.element.append(make('p', { 'data-note': name }, text));
  }

  /** Once a page: something did not load. */
  failed(text: string): void {
    if (this.#failed) return;
    this.#failed = true;
    this.element.append(make('p', { class: 'map-say__failed', 'data-failed': true }, text));
  }
}
