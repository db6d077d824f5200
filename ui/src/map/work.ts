// The box of what is being done on the map: its name, its figure as it grows, its commands.
import { button, make } from './dom';

export class Work {
  readonly element: HTMLElement;
  /** Follows the pointer; what is said of it is said by `status`, once for each step. */
  readonly figure = make('p', { class: 'map-work__figure', 'data-figure': true });
  readonly status = make('p', { class: 'visually-hidden', 'aria-live': 'polite' });
  readonly #help = make('p', { class: 'map-work__help' });
  readonly #commands = make('div', { class: 'map-work__commands' });

  constructor(label: string) {
    this.element = make('div', { class: 'map-work map-float', role: 'group', 'aria-label': label });
    this.element.append(this.#help, this.figure, this.status, this.#commands);
  }

  help(text: string | undefined): void {
    this.#help.textContent = text ?? '';
  }

  command(name: string, label: string | undefined, act: () => void, kind = 'button-secondary'): HTMLButtonElement | null {
    if (!label) return null;
    const command = button(label, label, act, `button ${kind}`);
    command.dataset['command'] = name;
    this.#commands.append(command);
    return command;
  }
}
