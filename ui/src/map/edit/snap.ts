// Snapping: a corner that comes near to a corner or an edge of what is on the map is put exactly there. What is near is
// asked of the picture; where exactly it lies is asked of the features' own address, since tiles are rounded to a grid.
import type { LngLat, Map as GlMap, Point } from 'maplibre-gl';
import type { Config, Geometry, Position } from '../config';
import type { Scene } from '../scene';
import { layerOf } from '../style';

/** In pixels. */
const REACH = 12;
const FEATURES_MAX = 1000;
/** Decimals of a place on an edge: a millimetre. */
const DECIMALS = 1e8;

interface Feature {
  id: number | string;
  lines: Position[][];
}

export interface Snapped {
  position: Position;
  /** It was put on something. */
  on: boolean;
}

export class Snap {
  readonly #scene: Scene;
  readonly #config: Config;
  /** What lies in a square of a layer; while it is fetched, the promise of it. */
  readonly #squares = new Map<string, Feature[] | Promise<Feature[]>>();

  constructor(scene: Scene, config: Config) {
    this.#scene = scene;
    this.#config = config;
  }

  /** Where the point goes by what is known by now; what is not yet known is fetched on the way. */
  now(point: Point): Snapped {
    const known = this.#squaresAt(point).filter((square): square is Feature[] => Array.isArray(square));
    return this.#nearest(point, known.flat());
  }

  /** The same when everything is known. */
  async exact(point: Point): Promise<Snapped> {
    const place = this.#scene.map.unproject(point);
    const squares = await Promise.all(this.#squaresAt(point));
    // The map may have moved meanwhile.
    return this.#nearest(this.#scene.map.project(place), squares.flat());
  }

  #squaresAt(point: Point): (Feature[] | Promise<Feature[]>)[] {
    const { map } = this.#scene;
    const layers = this.#scene.drawn().map(({ id }) => id);
    if (layers.length === 0) return [];
    const box: [[number, number], [number, number]] = [[point.x - REACH, point.y - REACH], [point.x + REACH, point.y + REACH]];
    const codes = new Set(map.queryRenderedFeatures(box, { layers }).map((feature) => layerOf(feature.layer)));
    return [...codes].filter((code) => code !== null).map((code) => this.#square(code, map.unproject(point)));
  }

  #square(code: string, place: LngLat): Feature[] | Promise<Feature[]> {
    const side = 360 / 2 ** (Math.floor(this.#scene.map.getZoom()) + 1);
    const [x, y] = [Math.floor(place.lng / side), Math.floor(place.lat / side)];
    const name = `${code} ${side} ${x} ${y}`;
    const there = this.#squares.get(name);
    if (there) return there;
    const edge = side / 8;
    const bounds = [x * side - edge, y * side - edge, (x + 1) * side + edge, (y + 1) * side + edge];
    const asked = this.#fetch(code, bounds).then((features) => {
      this.#squares.set(name, features);
      return features;
    });
    this.#squares.set(name, asked);
    return asked;
  }

  async #fetch(code: string, bounds: number[]): Promise<Feature[]> {
    const url = new URL(`/ogc/collections/${encodeURIComponent(code)}/items`, location.href);
    url.searchParams.set('bbox', bounds.map((value) => value.toFixed(7)).join(','));
    url.searchParams.set('limit', String(FEATURES_MAX));
    try {
      const answer = await fetch(url, { headers: { accept: 'application/geo+json' } });
      if (!answer.ok) return [];
      const { features } = (await answer.json()) as { features: { id: number | string; geometry: Geometry | null }[] };
      const own = this.#config.feature;
      return features
        .filter(({ id, geometry }) => geometry !== null && !(code === own?.layer && String(id) === String(own.id)))
        .map(({ id, geometry }) => ({ id, lines: linesOf(geometry as Geometry) }));
    } catch {
      return [];
    }
  }

  #nearest(point: Point, features: Feature[]): Snapped {
    const { map } = this.#scene;
    const [a, b] = [map.unproject([point.x - REACH, point.y + REACH]), map.unproject([point.x + REACH, point.y - REACH])];
    const box = [Math.min(a.lng, b.lng), Math.min(a.lat, b.lat), Math.max(a.lng, b.lng), Math.max(a.lat, b.lat)];
    let corner: Near | null = null;
    let edge: Near | null = null;
    for (const { lines } of features) {
      for (const line of lines) {
        for (let at = 0; at < line.length; at += 1) {
          const [from, to] = [line[at] as Position, line[at + 1]];
          if (!meets(box, from, to ?? from)) continue;
          corner = nearer(corner, onCorner(map, point, from));
          if (to) {
            corner = nearer(corner, onCorner(map, point, to));
            edge = nearer(edge, onEdge(map, point, from, to));
          }
        }
      }
    }
    const found = corner ?? edge;
    return found ? { position: found.position, on: true } : { position: rounded(map.unproject(point).toArray()), on: false };
  }
}

interface Near {
  position: Position;
  distance: number;
}

const nearer = (one: Near | null, other: Near): Near | null => (other.distance <= REACH && (!one || other.distance < one.distance) ? other : one);

/** What a pointer says is no more exact than a centimetre. */
const rounded = (position: Position): Position => position.map((value) => Math.round(value * 1e7) / 1e7);

function meets(box: number[], from: Position, to: Position): boolean {
  const [west = 0, south = 0, east = 0, north = 0] = box;
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = [from[0], from[1], to[0], to[1]];
  return Math.max(x1, x2) >= west && Math.min(x1, x2) <= east && Math.max(y1, y2) >= south && Math.min(y1, y2) <= north;
}

function onCorner(map: GlMap, point: Point, corner: Position): Near {
  const seen = map.project([corner[0] ?? 0, corner[1] ?? 0]);
  return { position: corner.slice(0, 2), distance: seen.dist(point) };
}

function onEdge(map: GlMap, point: Point, from: Position, to: Position): Near {
  const [a, b] = [map.project([from[0] ?? 0, from[1] ?? 0]), map.project([to[0] ?? 0, to[1] ?? 0])];
  const along = b.sub(a);
  const square = along.x ** 2 + along.y ** 2;
  const part = square === 0 ? 0 : Math.min(1, Math.max(0, ((point.x - a.x) * along.x + (point.y - a.y) * along.y) / square));
  const position = [0, 1].map((axis) => {
    const [start, end] = [from[axis] ?? 0, to[axis] ?? 0];
    return Math.round((start + (end - start) * part) * DECIMALS) / DECIMALS;
  });
  return { position, distance: a.add(along.mult(part)).dist(point) };
}

function linesOf(geometry: Geometry): Position[][] {
  switch (geometry.type) {
    case 'Point':
      return [[geometry.coordinates]];
    case 'MultiPoint':
      return geometry.coordinates.map((position) => [position]);
    case 'LineString':
      return [geometry.coordinates];
    case 'MultiLineString':
    case 'Polygon':
      return geometry.coordinates;
    case 'MultiPolygon':
      return geometry.coordinates.flat();
    case 'GeometryCollection':
      return geometry.geometries.flatMap(linesOf);
  }
}
