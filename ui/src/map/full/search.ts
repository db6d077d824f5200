// The search box beside the map, as a list of suggestions (WAI-ARIA: editable combobox with list autocomplete). Choosing
// one goes there and marks it. Without scripts the form leads to a page with the same answers.
import { Marker } from 'maplibre-gl';
import type { Config } from '../config';
import { make, pin } from '../dom';
import type { Scene } from '../scene';

export interface Place {
  name: string;
  kind?: string | null;
  address?: string | null;
  areas?: string[] | null;
  lon: number;
  lat: number;
  bbox?: [number, number, number, number] | null;
  layer?: string | null;
  feature?: number | string | null;
  /** What else is to be known: an old name, a place that is not exact. */
  note?: string | null;
}

const PAUSE_MS = 200;
const LIMIT = 8;
const LIST = 'map-suggestions';

export async function places(address: string, query: Record<string, string>): Promise<Place[]> {
  const url = new URL(address, location.href);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const answer = await fetch(url, { headers: { accept: 'application/json' } });
  if (!answer.ok) throw new Error(`${answer.status} from ${url.pathname}`);
  return ((await answer.json()) as { places: Place[] }).places;
}

/** What of a place's address is not in its name already. */
export function where(place: Place): string {
  const areas = (place.areas ?? []).filter((area) => !place.name.includes(area));
  return [place.address && place.address !== place.name ? place.address : '', ...areas].filter(Boolean).join(', ');
}

export function search(scene: Scene, config: Config, chosen: (place: Place) => void): void {
  const form = document.querySelector<HTMLFormElement>('[data-map-search]');
  const input = form?.querySelector<HTMLInputElement>('input:not([type="hidden"])');
  if (form && input && config.placesUrl) new Suggestions(scene, config, form, input, chosen);
}

class Suggestions {
  readonly #scene: Scene;
  readonly #config: Config;
  readonly #input: HTMLInputElement;
  readonly #chosen: (place: Place) => void;
  readonly #list = make('ul', { class: 'suggest__list', role: 'listbox', id: LIST, hidden: true });
  readonly #status = make('span', { class: 'visually-hidden', role: 'status' });
  readonly #marker = new Marker({ element: pin(), anchor: 'bottom' });
  #found: Place[] = [];
  #at = -1;
  #timer = 0;
  #turn = 0;

  constructor(scene: Scene, config: Config, form: HTMLFormElement, input: HTMLInputElement, chosen: (place: Place) => void) {
    this.#scene = scene;
    this.#config = config;
    this.#input = input;
    this.#chosen = chosen;
    const label = input.labels?.[0]?.textContent?.trim() || input.getAttribute('aria-label') || input.placeholder;
    this.#list.setAttribute('aria-label', label);
    const attributes = { role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': LIST, autocomplete: 'off' };
    for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
    const box = input.closest<HTMLElement>('.search') ?? form;
    box.classList.add('suggest');
    box.append(this.#list);
    form.append(this.#status);
    input.addEventListener('input', () => {
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => void this.#ask(), PAUSE_MS);
    });
    input.addEventListener('keydown', (event) => this.#key(event));
    input.addEventListener('blur', () => this.#close());
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#submit();
    });
  }

  async #submit(): Promise<void> {
    if (this.#list.hidden || this.#found.length === 0) await this.#ask();
    const place = this.#found[Math.max(0, this.#at)];
    if (place) this.#choose(place);
  }

  async #ask(): Promise<void> {
    clearTimeout(this.#timer);
    const text = this.#input.value.trim();
    const turn = ++this.#turn;
    if (text.length < 2) return this.#close();
    const center = this.#scene.map.getCenter();
    const near = `${center.lng.toFixed(5)},${center.lat.toFixed(5)}`;
    try {
      const found = await places(this.#config.placesUrl ?? '', { q: text, near, limit: String(LIMIT) });
      if (turn === this.#turn) this.#show(found);
    } catch {
      if (turn === this.#turn) this.#none(this.#config.texts.load_failed);
    }
  }

  #show(found: Place[]): void {
    this.#found = found;
    this.#at = -1;
    if (found.length === 0) return this.#none(this.#config.texts.search_none);
    this.#list.replaceChildren(
      ...found.map((place, index) => {
        const option = make('li', { role: 'option', id: `${LIST}-${index}`, 'aria-selected': 'false' }, make('b', {}, place.name));
        const beside = [place.kind, where(place), place.note].filter(Boolean).join(' · ');
        if (beside) option.append(make('small', {}, beside));
        // Before the box loses the focus, and with it the list.
        option.addEventListener('pointerdown', (event) => event.preventDefault());
        option.addEventListener('click', () => this.#choose(place));
        return option;
      }),
    );
    this.#list.hidden = false;
    this.#input.setAttribute('aria-expanded', 'true');
    this.#input.removeAttribute('aria-activedescendant');
    this.#status.textContent = String(found.length);
  }

  #none(text: string): void {
    this.#found = [];
    this.#at = -1;
    const none = make('li', { role: 'option', class: 'suggest__none', 'aria-disabled': 'true', 'aria-selected': 'false' }, text);
    this.#list.replaceChildren(none);
    this.#list.hidden = false;
    this.#input.setAttribute('aria-expanded', 'true');
    this.#status.textContent = text;
  }

  #close(): void {
    this.#list.hidden = true;
    this.#at = -1;
    this.#input.setAttribute('aria-expanded', 'false');
    this.#input.removeAttribute('aria-activedescendant');
  }

  #key(event: KeyboardEvent): void {
    const count = this.#list.hidden ? 0 : this.#found.length;
    if (event.key === 'Escape' && !this.#list.hidden) {
      event.preventDefault();
      this.#close();
    } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && count > 0) {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      this.#point((this.#at + step + count + (this.#at < 0 && step < 0 ? 1 : 0)) % count);
    } else if (event.key === 'ArrowDown' && this.#input.value) {
      event.preventDefault();
      void this.#ask();
    }
  }

  #point(at: number): void {
    this.#at = at;
    [...this.#list.children].forEach((option, index) => {
      option.setAttribute('aria-selected', String(index === at));
      if (index === at) option.scrollIntoView({ block: 'nearest' });
    });
    this.#input.setAttribute('aria-activedescendant', `${LIST}-${at}`);
  }

  #choose(place: Place): void {
    this.#turn += 1;
    this.#input.value = place.name;
    this.#close();
    this.#status.textContent = place.name;
    const { map } = this.#scene;
    const [west, south, east, north] = place.bbox ?? [place.lon, place.lat, place.lon, place.lat];
    this.#marker.setLngLat([place.lon, place.lat]).addTo(map);
    this.#marker.getElement().setAttribute('aria-label', place.name);
    if (east - west > 1e-4 || north - south > 1e-4) map.fitBounds([west, south, east, north], { padding: 48, maxZoom: 17 });
    else map.flyTo({ center: [place.lon, place.lat], zoom: Math.max(map.getZoom(), 16.5) });
    this.#chosen(place);
  }
}
