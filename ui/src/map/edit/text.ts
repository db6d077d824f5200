// The geometry as text, as people and programs write it: GeoJSON, or WKT.
import type { Geometry, Position } from '../config';

const TYPES: Record<string, Geometry['type']> = {
  POINT: 'Point',
  MULTIPOINT: 'MultiPoint',
  LINESTRING: 'LineString',
  MULTILINESTRING: 'MultiLineString',
  POLYGON: 'Polygon',
  MULTIPOLYGON: 'MultiPolygon',
};
const DEPTH: Record<string, number> = { Point: 0, MultiPoint: 1, LineString: 1, MultiLineString: 2, Polygon: 2, MultiPolygon: 3 };

/** None if the text is no whole geometry, as while somebody types. */
export function geometryIn(text: string): Geometry | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  try {
    return trimmed.startsWith('{') ? geoJson(JSON.parse(trimmed)) : wkt(trimmed);
  } catch {
    return null;
  }
}

function geoJson(value: { type?: string; geometry?: unknown; coordinates?: unknown }): Geometry | null {
  if (value.type === 'Feature') return geoJson((value.geometry ?? {}) as typeof value);
  const depth = DEPTH[value.type ?? ''];
  return depth !== undefined && nested(value.coordinates, depth) ? (value as Geometry) : null;
}

function nested(value: unknown, depth: number): boolean {
  if (!Array.isArray(value)) return false;
  if (depth > 0) return value.every((each) => nested(each, depth - 1));
  return value.length >= 2 && value.every((each) => Number.isFinite(each)) && Math.abs(value[0]) <= 180 && Math.abs(value[1]) <= 90;
}

function wkt(text: string): Geometry | null {
  const [, name = '', rest = ''] = /^(?:SRID=\d+;)?\s*([A-Z]+)\s*(?:Z|M|ZM)?\s*(\(.*\))$/is.exec(text) ?? [];
  const type = TYPES[name.toUpperCase()];
  if (!type) return null;
  // A position is numbers with spaces between them; brackets are the same in both.
  const numbers = /-?[\d.]+(?:e[+-]?\d+)?(?:\s+-?[\d.]+(?:e[+-]?\d+)?)+/gi;
  let value = JSON.parse(rest.replace(numbers, (position) => `[${position.trim().split(/\s+/).map(Number).join(',')}]`).replaceAll('(', '[').replaceAll(')', ']')) as unknown;
  if (type === 'Point') value = (value as Position[])[0];
  // MULTIPOINT ((1 2), (3 4)) is written as often as MULTIPOINT (1 2, 3 4).
  if (type === 'MultiPoint') value = (value as unknown[]).map((each) => (Array.isArray(each) && Array.isArray(each[0]) ? each[0] : each));
  return geoJson({ type, coordinates: value });
}
