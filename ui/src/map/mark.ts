// Marks a shape on the map: gold with a dark edge, seen by day and by night.
import type { FilterSpecification, LayerSpecification } from 'maplibre-gl';
import type { Geometry } from './config';
import type { Scene } from './scene';

const GOLD = '#f6c344';
const DARK = '#04292f';

/** The layers of a marked shape; `name` is its source. */
export function marking(name: string): LayerSpecification[] {
  const isLine: FilterSpecification = ['!=', ['geometry-type'], 'Point'];
  return [
    { id: `${name}-fill`, type: 'fill', source: name, filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': GOLD, 'fill-opacity': 0.25 } },
    { id: `${name}-edge`, type: 'line', source: name, filter: isLine, layout: { 'line-join': 'round', 'line-cap': 'round' }, paint: { 'line-color': DARK, 'line-width': 6 } },
    { id: `${name}-line`, type: 'line', source: name, filter: isLine, layout: { 'line-join': 'round', 'line-cap': 'round' }, paint: { 'line-color': GOLD, 'line-width': 3 } },
    { id: `${name}-point`, type: 'circle', source: name, filter: ['==', ['geometry-type'], 'Point'], paint: { 'circle-radius': 8, 'circle-color': GOLD, 'circle-stroke-color': DARK, 'circle-stroke-width': 2.5 } },
  ];
}

const NAME = 'songhan-mark';
const marked = new WeakSet<Scene>();

/** Marks this shape and no other. */
export function mark(scene: Scene, geometry: Geometry | null): void {
  if (!marked.has(scene)) {
    if (!geometry) return;
    marked.add(scene);
    scene.lay(NAME, marking(NAME));
  }
  scene.fill(NAME, geometry ? [{ type: 'Feature', properties: {}, geometry: geometry as GeoJSON.Geometry }] : []);
}
