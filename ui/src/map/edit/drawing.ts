// How a draft looks on the map: its shape, its corners, the middles of its edges where a corner can be added, and the
// line to where the pointer is.
import type { LayerSpecification } from 'maplibre-gl';
import type { Position } from '../config';
import type { Scene } from '../scene';
import { corners, geometryOf, middles, type Address, type Draft } from './draft';

const NAME = 'songhan-draft';
const INK = '#ae2218';
const PAPER = '#fff';
const GOLD = '#f6c344';
/** Of a shape with more corners the middles are left out: nobody could tell them apart. */
const CORNERS_MAX = 400;

const is = (role: string): ['==', ['get', string], string] => ['==', ['get', 'role'], role];
const LAYERS: LayerSpecification[] = [
  { id: `${NAME}-fill`, type: 'fill', source: NAME, filter: ['all', is('shape'), ['==', ['geometry-type'], 'Polygon']], paint: { 'fill-color': INK, 'fill-opacity': 0.14 } },
  { id: `${NAME}-edge`, type: 'line', source: NAME, filter: is('line'), layout: { 'line-join': 'round' }, paint: { 'line-color': PAPER, 'line-width': 5.5 } },
  { id: `${NAME}-line`, type: 'line', source: NAME, filter: is('line'), layout: { 'line-join': 'round' }, paint: { 'line-color': INK, 'line-width': 2.5 } },
  { id: `${NAME}-lead`, type: 'line', source: NAME, filter: is('lead'), paint: { 'line-color': INK, 'line-width': 2, 'line-dasharray': [2, 2] } },
  { id: `${NAME}-middle`, type: 'circle', source: NAME, filter: is('middle'), paint: { 'circle-radius': 4.5, 'circle-color': PAPER, 'circle-opacity': 0.9, 'circle-stroke-color': INK, 'circle-stroke-width': 1.5 } },
  { id: `${NAME}-corner`, type: 'circle', source: NAME, filter: is('corner'), paint: { 'circle-radius': 7, 'circle-color': ['case', ['get', 'selected'], GOLD, PAPER], 'circle-stroke-color': INK, 'circle-stroke-width': 3 } },
  { id: `${NAME}-snap`, type: 'circle', source: NAME, filter: is('snap'), paint: { 'circle-radius': 11, 'circle-opacity': 0, 'circle-stroke-color': GOLD, 'circle-stroke-width': 4 } },
];

export interface Shown {
  draft: Draft;
  drawing: boolean;
  selected: Address | null;
  /** Where the next corner would come. */
  pointer: Position | null;
  snapped: boolean;
}

export class Drawing {
  readonly #scene: Scene;

  constructor(scene: Scene) {
    this.#scene = scene;
    scene.lay(NAME, LAYERS);
  }

  show({ draft, drawing, selected, pointer, snapped }: Shown): void {
    const features: GeoJSON.Feature[] = [];
    const add = (role: string, geometry: unknown, more: Record<string, unknown> = {}): void => {
      features.push({ type: 'Feature', properties: { role, ...more }, geometry: geometry as GeoJSON.Geometry });
    };
    const whole = geometryOf(draft);
    if (whole && draft.kind === 'polygon') add('shape', whole);
    for (const ring of draft.kind === 'point' ? [] : draft.parts.flat()) {
      const closed = draft.kind === 'polygon' && ring.length > 2 && !drawing ? [...ring, ring[0]] : ring;
      if (closed.length > 1) add('line', { type: 'LineString', coordinates: closed });
    }
    const all = corners(draft);
    const last = all.at(-1)?.position;
    if (drawing && last && pointer && draft.kind !== 'point') {
      const lead = draft.kind === 'polygon' && all.length > 1 ? [last, pointer, all[0]?.position] : [last, pointer];
      add('lead', { type: 'LineString', coordinates: lead });
    }
    if (!drawing && all.length <= CORNERS_MAX) for (const { position } of middles(draft)) add('middle', point(position));
    for (const { address, position } of all) add('corner', point(position), { selected: same(address, selected) });
    if (pointer && snapped) add('snap', point(pointer));
    this.#scene.fill(NAME, features);
  }
}

const point = (position: Position): unknown => ({ type: 'Point', coordinates: position });

export const same = (one: Address, other: Address | null): boolean =>
  other !== null && one.part === other.part && one.ring === other.ring && one.at === other.at;
