// Asking the map: a click, or Enter at the cross in the middle, shows the card of what lies there; of several things it
// asks which; of nothing it tells the address.
import type { LngLat, Point } from 'maplibre-gl';
import { boundsOf } from '../bounds';
import type { Config, Geometry } from '../config';
import { dot, make } from '../dom';
import { mark } from '../mark';
import type { Say } from '../say';
import type { Scene } from '../scene';
import { exactly, under, type Found } from './features';
import { Panel, part } from './panel';
import { places, where } from './search';

const CHOICES_MAX = 8;

export class Asking {
  readonly panel: Panel;
  readonly #scene: Scene;
  readonly #config: Config;
  readonly #say: Say;
  #turn = 0;

  constructor(scene: Scene, host: HTMLElement, config: Config, say: Say) {
    this.#scene = scene;
    this.#config = config;
    this.#say = say;
    this.panel = new Panel(host, config.texts.close, scene.map.getCanvas());
    this.panel.closed = () => {
      this.#turn += 1;
      mark(scene, null);
    };
  }

  at(point: Point, place: LngLat): void {
    const found = under(this.#scene, this.#config, point);
    const [one] = found;
    if (one && found.length === 1) void this.show(one);
    else if (one) this.#choose(found.slice(0, CHOICES_MAX));
    else void this.#address(place);
  }

  /** The card of a feature, and its shape on the map. */
  async show(found: Pick<Found, 'id'> & { layer: { code: string }; geometry?: Found['geometry'] }): Promise<void> {
    const { code } = found.layer;
    const turn = ++this.#turn;
    if (found.geometry) mark(this.#scene, found.geometry);
    const query = new URLSearchParams({ part: '1' });
    if (this.#config.at) query.set('at', this.#config.at);
    try {
      const shape = exactly(code, found.id, this.#config.at);
      const nodes = await part(`/map/layers/${encodeURIComponent(code)}/features/${encodeURIComponent(String(found.id))}?${query}`);
      if (turn !== this.#turn) return;
      this.panel.show(...nodes);
      if (found.geometry) uncover(this.#scene, this.panel.box, found.geometry);
      const exact = await shape;
      if (exact && turn === this.#turn) mark(this.#scene, exact);
    } catch {
      this.#say.tell(this.#config.texts.load_failed);
    }
  }

  #choose(found: Found[]): void {
    this.#turn += 1;
    const { texts } = this.#config;
    const list = make('ul', { class: 'map-choices' });
    for (const one of found) {
      const layer = one.layer.simulated && !one.layer.title.includes(texts.simulated) ? `${one.layer.title} · ${texts.simulated}` : one.layer.title;
      const choice = make('button', { type: 'button' }, dot(one.layer.color), make('span', {}, one.name), make('small', {}, layer));
      choice.addEventListener('click', () => void this.show(one));
      choice.addEventListener('pointerenter', () => mark(this.#scene, one.geometry));
      choice.addEventListener('focus', () => mark(this.#scene, one.geometry));
      list.append(make('li', {}, choice));
    }
    this.panel.show(...(texts.choose ? [make('h2', {}, texts.choose)] : []), list);
  }

  /** Where nothing of the city's layers lies. */
  async #address(place: LngLat): Promise<void> {
    const { placesAtUrl, texts } = this.#config;
    this.panel.close();
    const turn = ++this.#turn;
    if (!placesAtUrl) return this.#say.tell(texts.nothing_here);
    try {
      const [nearest] = await places(placesAtUrl, { lon: place.lng.toFixed(6), lat: place.lat.toFixed(6) });
      if (turn !== this.#turn) return;
      const beside = nearest ? where(nearest) : '';
      this.#say.tell(nearest ? [nearest.name, beside].filter(Boolean).join(', ') : texts.nothing_here);
    } catch {
      this.#say.tell(texts.nothing_here);
    }
  }
}

/** A shape that the card would lie on comes out from under it. */
function uncover({ map, view }: Scene, card: DOMRect, geometry: Geometry): void {
  const screen = view.getBoundingClientRect();
  const middle = map.project(boundsOf(geometry).getCenter());
  const [x, y] = [middle.x + screen.left, middle.y + screen.top];
  if (x < card.left || x > card.right || y < card.top || y > card.bottom) return;
  const isSheet = card.width > screen.width * 0.8;
  const offset: [number, number] = isSheet ? [0, (card.top - screen.bottom) / 2] : [(card.right - screen.left) / 2, 0];
  map.easeTo({ center: boundsOf(geometry).getCenter(), offset });
}
