// The box around a shape.
import { LngLatBounds } from 'maplibre-gl';
import type { Geometry } from './config';

export function boundsOf(geometry: Geometry): LngLatBounds {
  const bounds = new LngLatBounds();
  const walk = (value: unknown): void => {
    if (!Array.isArray(value)) return;
    if (typeof value[0] === 'number') bounds.extend([value[0], value[1] as number]);
    else value.forEach(walk);
  };
  if (geometry.type !== 'GeometryCollection') walk(geometry.coordinates);
  else geometry.geometries.forEach((each) => bounds.extend(boundsOf(each)));
  return bounds;
}
