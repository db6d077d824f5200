// A shape while it is drawn and changed: its corners, each with an address. A draft is never changed; each step makes
// another, so that taking back is going to the one before.
import type { Geometry, Position } from '../config';

export type Kind = 'point' | 'line' | 'polygon';

export interface Draft {
  readonly kind: Kind;
  /** Parts of rings of corners; a ring of a polygon without its repeated end. */
  readonly parts: readonly (readonly (readonly Position[])[])[];
  /** It came as one of several parts, and goes back so. */
  readonly multi: boolean;
}

export interface Address {
  part: number;
  ring: number;
  at: number;
}

/** Fewer corners are no line, no polygon. */
export const CORNERS_MIN: Record<Kind, number> = { point: 1, line: 2, polygon: 3 };

export const empty = (kind: Kind): Draft => ({ kind, parts: [], multi: false });

const open = (ring: Position[]): Position[] => {
  const [first, last] = [ring[0], ring.at(-1)];
  return first && last && ring.length > 1 && first[0] === last[0] && first[1] === last[1] ? ring.slice(0, -1) : ring;
};

/** A collection of unlike shapes is changed as text alone. */
export function draftOf(geometry: Geometry): Draft | null {
  switch (geometry.type) {
    case 'Point':
      return { kind: 'point', parts: [[[geometry.coordinates]]], multi: false };
    case 'MultiPoint':
      return { kind: 'point', parts: geometry.coordinates.map((position) => [[position]]), multi: true };
    case 'LineString':
      return { kind: 'line', parts: [[geometry.coordinates]], multi: false };
    case 'MultiLineString':
      return { kind: 'line', parts: geometry.coordinates.map((line) => [line]), multi: true };
    case 'Polygon':
      return { kind: 'polygon', parts: [geometry.coordinates.map(open)], multi: false };
    case 'MultiPolygon':
      return { kind: 'polygon', parts: geometry.coordinates.map((rings) => rings.map(open)), multi: true };
    default:
      return null;
  }
}

/** The whole parts of it; none if nothing is whole yet. */
export function geometryOf({ kind, parts, multi }: Draft): Geometry | null {
  const whole = parts.map((rings) => rings.filter((ring) => ring.length >= CORNERS_MIN[kind])).filter((rings) => rings.length > 0);
  const several = multi || whole.length > 1;
  if (whole.length === 0) return null;
  if (kind === 'point') {
    const points = whole.map((rings) => [...(rings[0]?.[0] ?? [])]);
    return several ? { type: 'MultiPoint', coordinates: points } : { type: 'Point', coordinates: points[0] ?? [] };
  }
  if (kind === 'line') {
    const lines = whole.map((rings) => [...(rings[0] ?? [])]);
    return several ? { type: 'MultiLineString', coordinates: lines } : { type: 'LineString', coordinates: lines[0] ?? [] };
  }
  const polygons = whole.map((rings) => rings.map((ring) => [...ring, ring[0] as Position]));
  return several ? { type: 'MultiPolygon', coordinates: polygons } : { type: 'Polygon', coordinates: polygons[0] ?? [] };
}

/** Every corner with its address. */
export function corners(draft: Draft): { address: Address; position: Position }[] {
  return draft.parts.flatMap((rings, part) =>
    rings.flatMap((ring, index) => ring.map((position, at) => ({ address: { part, ring: index, at }, position }))),
  );
}

/** The middle of each edge, with the address that a corner put there would have. */
export function middles(draft: Draft): { address: Address; position: Position }[] {
  if (draft.kind === 'point') return [];
  return draft.parts.flatMap((rings, part) =>
    rings.flatMap((ring, index) =>
      ring.flatMap((from, at) => {
        const to = ring[at + 1] ?? (draft.kind === 'polygon' && ring.length > 2 ? ring[0] : undefined);
        if (!to) return [];
        const middle = from.map((value, axis) => (value + (to[axis] ?? value)) / 2);
        return [{ address: { part, ring: index, at: at + 1 }, position: middle }];
      }),
    ),
  );
}

function changed(draft: Draft, { part, ring }: Address, change: (corners: Position[]) => Position[]): Draft {
  const parts = draft.parts.map((rings, p) =>
    p !== part ? rings : rings.map((each, r) => (r !== ring ? each : change([...each]))).filter((each) => each.length > 0),
  );
  return { ...draft, parts: parts.filter((rings) => rings.length > 0) };
}

/** A height that the corner beside it has goes with the new one. */
const like = (position: Position, other: Position | undefined): Position => [...position.slice(0, 2), ...(other?.slice(2) ?? [])];

export const moved = (draft: Draft, address: Address, position: Position): Draft =>
  changed(draft, address, (ring) => ring.map((each, at) => (at === address.at ? like(position, each) : each)));

export const inserted = (draft: Draft, address: Address, position: Position): Draft =>
  changed(draft, address, (ring) => [...ring.slice(0, address.at), like(position, ring[address.at - 1]), ...ring.slice(address.at)]);

/** Without the corner; a ring that is none any more goes with it. */
export const removed = (draft: Draft, address: Address): Draft =>
  changed(draft, address, (ring) => (ring.length > CORNERS_MIN[draft.kind] ? ring.filter((_, at) => at !== address.at) : []));

/** With a corner at the end of what is being drawn. */
export function appended(draft: Draft, position: Position): Draft {
  if (draft.parts.length === 0 || draft.kind === 'point') return { ...draft, parts: [[[position]]] };
  const part = draft.parts.length - 1;
  const ring = (draft.parts[part]?.length ?? 1) - 1;
  return inserted(draft, { part, ring, at: draft.parts[part]?.[ring]?.length ?? 0 }, position);
}
