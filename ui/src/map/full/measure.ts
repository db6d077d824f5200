// Measuring a length or an area: a click or Enter adds a point, the figure follows, the last point is taken back.
import type { LayerSpecification, MapMouseEvent } from 'maplibre-gl';
import type { Config, Position } from '../config';
import { areaOf, areaWords, lengthOf, lengthWords } from '../geodesy';
import type { Scene } from '../scene';
import { Work } from '../work';

const NAME = 'songhan-measure';
const INK = '#ae2218';
const LAYERS: LayerSpecification[] = [
  { id: `${NAME}-fill`, type: 'fill', source: NAME, filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': INK, 'fill-opacity': 0.15 } },
  { id: `${NAME}-edge`, type: 'line', source: NAME, filter: ['==', ['geometry-type'], 'LineString'], paint: { 'line-color': '#fff', 'line-width': 6 } },
  { id: `${NAME}-line`, type: 'line', source: NAME, filter: ['==', ['geometry-type'], 'LineString'], paint: { 'line-color': INK, 'line-width': 3 } },
  { id: `${NAME}-point`, type: 'circle', source: NAME, filter: ['==', ['geometry-type'], 'Point'], paint: { 'circle-radius': 5, 'circle-color': '#fff', 'circle-stroke-color': INK, 'circle-stroke-width': 2.5 } },
];

export class Measure {
  readonly #scene: Scene;
  readonly #config: Config;
  readonly #host: HTMLElement;
  readonly #ended: () => void;
  #points: Position[] = [];
  #pointer: Position | null = null;
  #isArea = false;
  #work: Work | null = null;
  /** The figure stands; more points are of another measure. */
  #done = false;
  #laid = false;

  constructor(scene: Scene, host: HTMLElement, config: Config, ended: () => void) {
    this.#scene = scene;
    this.#host = host;
    this.#config = config;
    this.#ended = ended;
  }

  get active(): boolean {
    return this.#work !== null;
  }

  begin(isArea: boolean): void {
    this.end();
    const { texts } = this.#config;
    this.#isArea = isArea;
    if (!this.#laid) this.#scene.lay(NAME, LAYERS);
    this.#laid = true;
    const work = new Work(isArea ? texts.measure_area : texts.measure_length);
    work.help(texts.measure_help);
    work.command('finish', texts.finish, () => this.finish());
    work.command('undo', texts.undo_point, () => this.undo());
    work.command('clear', texts.measure_clear, () => this.#set([]));
    work.command('close', texts.close, () => this.end(), 'button-quiet');
    this.#work = work;
    this.#host.append(work.element);
    this.#host.dataset['picking'] = '';
    this.#host.dataset['working'] = '';
    this.#scene.map.doubleClickZoom.disable();
    this.#scene.map.on('mousemove', this.#moved);
    this.#draw();
    this.#scene.map.getCanvas().focus();
  }

  end(): void {
    if (!this.#work) return;
    this.#work.element.remove();
    this.#work = null;
    this.#set([]);
    delete this.#host.dataset['picking'];
    delete this.#host.dataset['working'];
    this.#scene.map.doubleClickZoom.enable();
    this.#scene.map.off('mousemove', this.#moved);
    this.#ended();
  }

  add(position: Position): void {
    if (this.#done) return;
    const last = this.#points.at(-1);
    if (last && last[0] === position[0] && last[1] === position[1]) return;
    this.#set([...this.#points, position]);
  }

  finish(): void {
    this.#done = true;
    this.#host.removeAttribute('data-picking');
    this.#pointer = null;
    this.#draw();
  }

  undo(): void {
    this.#set(this.#points.slice(0, -1));
  }

  #set(points: Position[]): void {
    this.#done = false;
    if (this.#work) this.#host.dataset['picking'] = '';
    this.#points = points;
    this.#pointer = null;
    this.#draw();
  }

  readonly #moved = (event: MapMouseEvent): void => {
    if (this.#done) return;
    this.#pointer = event.lngLat.toArray();
    this.#draw();
  };

  #draw(): void {
    const points = this.#points;
    const led = points.length > 0 && this.#pointer ? [...points, this.#pointer] : points;
    const features: GeoJSON.Feature[] = points.map((position) => feature({ type: 'Point', coordinates: position }));
    const first = led[0];
    if (first && led.length > 1) {
      const closed = this.#isArea && led.length > 2 ? [...led, first] : led;
      features.unshift(feature({ type: 'LineString', coordinates: closed }));
      if (closed !== led) features.unshift(feature({ type: 'Polygon', coordinates: [closed] }));
    }
    this.#scene.fill(NAME, features);
    if (!this.#work) return;
    this.#work.figure.textContent = this.#words(led);
    const said = this.#words(points);
    if (this.#work.status.textContent !== said) this.#work.status.textContent = said;
  }

  #words(points: Position[]): string {
    const { texts, lang } = this.#config;
    const length = `${texts.measure_length}: ${lengthWords(lengthOf(points), lang)}`;
    if (!this.#isArea) return length;
    return `${texts.measure_area}: ${areaWords(points.length > 2 ? areaOf(points) : 0, lang)}`;
  }
}

const feature = (geometry: GeoJSON.Geometry): GeoJSON.Feature => ({ type: 'Feature', properties: {}, geometry });
