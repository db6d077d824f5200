// What lies under a point of the map: the features of the city's layers that are drawn there, each once.
import type { MapGeoJSONFeature, Point } from 'maplibre-gl';
import type { Config, Geometry, LayerEntry } from '../config';
import type { Scene } from '../scene';
import { layerOf } from '../style';

/** A finger or a pointer is not more exact than this, in pixels. */
const REACH = 6;

export interface Found {
  layer: LayerEntry;
  id: number | string;
  name: string;
  /** As the tile has it: cut at the tile's edge, on its grid. */
  geometry: Geometry;
}

/** Nearest to the eye first. What also fills every corner of the view is the ground, not what was meant. */
export function under(scene: Scene, config: Config, point: Point): Found[] {
  const box: [[number, number], [number, number]] = [[point.x - REACH, point.y - REACH], [point.x + REACH, point.y + REACH]];
  // A point or a line is as good as hit when one is near; an area is meant only inside.
  const inside = new Set(asked(scene, [[point.x, point.y], [point.x, point.y]]).map(key));
  const near = asked(scene, box).filter((feature) => !feature.geometry.type.endsWith('Polygon') || inside.has(key(feature)));
  const found = once(scene, near, config);
  if (found.length < 2) return found;
  const { clientWidth: width, clientHeight: height } = scene.view;
  const corners: [number, number][] = [[1, 1], [width - 2, 1], [1, height - 2], [width - 2, height - 2]];
  const everywhere = corners.map((corner) => new Set(asked(scene, [corner, corner]).map(key)));
  const meant = found.filter((one) => !everywhere.every((corner) => corner.has(`${one.layer.code} ${one.id}`)));
  return meant.length > 0 ? meant : found;
}

function asked(scene: Scene, box: [[number, number], [number, number]]): MapGeoJSONFeature[] {
  const layers = scene.drawn().map(({ id }) => id);
  return layers.length > 0 ? scene.map.queryRenderedFeatures(box, { layers }) : [];
}

const key = (feature: MapGeoJSONFeature): string => `${layerOf(feature.layer)} ${feature.id}`;

function once(scene: Scene, features: MapGeoJSONFeature[], config: Config): Found[] {
  const seen = new Map<string, Found>();
  for (const feature of features) {
    const code = layerOf(feature.layer);
    const layer = config.layers.find((each) => each.code === code);
    if (!layer || feature.id === undefined || seen.has(key(feature))) continue;
    seen.set(key(feature), { layer, id: feature.id, name: named(scene, feature), geometry: feature.geometry as Geometry });
  }
  return [...seen.values()];
}

/** What the map writes beside such features, or the number. */
function named(scene: Scene, feature: MapGeoJSONFeature): string {
  const written = JSON.stringify(scene.labels(layerOf(feature.layer) ?? ''));
  const attributes = [...written.matchAll(/\["get","(\w+)"\]/g)].map(([, name]) => name ?? '');
  const values = attributes.map((name) => feature.properties[name] as unknown);
  const found = values.find((value) => value !== undefined && value !== null && value !== '');
  return found === undefined ? `№ ${feature.id}` : String(found);
}

/** The exact shape, from the features' own address. */
export async function exactly(code: string, id: number | string, at: string | null): Promise<Geometry | null> {
  const url = new URL(`/ogc/collections/${encodeURIComponent(code)}/items/${encodeURIComponent(String(id))}`, location.href);
  if (at) url.searchParams.set('datetime', at);
  const answer = await fetch(url, { headers: { accept: 'application/geo+json' } });
  if (!answer.ok) return null;
  return ((await answer.json()) as { geometry: Geometry | null }).geometry;
}
