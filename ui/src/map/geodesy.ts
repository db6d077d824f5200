// Lengths and areas on the WGS 84 ellipsoid, as a surveyor means them: not on the screen's projection, where Da Nang is
// four per cent too long.
import type { Position } from './config';

const A = 6378137;
const F = 1 / 298.257223563;
const B = A * (1 - F);
const E2 = F * (2 - F);
const E = Math.sqrt(E2);
const RADIANS = Math.PI / 180;
const ROUNDS_MAX = 100;

const lon = (position: Position): number => (position[0] ?? 0) * RADIANS;
const lat = (position: Position): number => (position[1] ?? 0) * RADIANS;

/** Length of the geodesic in metres, by Vincenty's inverse formula (Survey Review 23/176, 1975). */
export function distance(from: Position, to: Position): number {
  const length = lon(to) - lon(from);
  const [u1, u2] = [Math.atan((1 - F) * Math.tan(lat(from))), Math.atan((1 - F) * Math.tan(lat(to)))];
  const [sin1, cos1, sin2, cos2] = [Math.sin(u1), Math.cos(u1), Math.sin(u2), Math.cos(u2)];
  let lambda = length;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const [sinL, cosL] = [Math.sin(lambda), Math.cos(lambda)];
    const sinS = Math.hypot(cos2 * sinL, cos1 * sin2 - sin1 * cos2 * cosL);
    if (sinS === 0) return 0;
    const cosS = sin1 * sin2 + cos1 * cos2 * cosL;
    const sigma = Math.atan2(sinS, cosS);
    const sinA = (cos1 * cos2 * sinL) / sinS;
    const cos2A = 1 - sinA * sinA;
    const cosM = cos2A === 0 ? 0 : cosS - (2 * sin1 * sin2) / cos2A;
    const c = (F / 16) * cos2A * (4 + F * (4 - 3 * cos2A));
    const before = lambda;
    lambda = length + (1 - c) * F * sinA * (sigma + c * sinS * (cosM + c * cosS * (2 * cosM * cosM - 1)));
    if (Math.abs(lambda - before) > 1e-12) continue;
    const k = (cos2A * (A * A - B * B)) / (B * B);
    const a = 1 + (k / 16384) * (4096 + k * (-768 + k * (320 - 175 * k)));
    const b = (k / 1024) * (256 + k * (-128 + k * (74 - 47 * k)));
    const square = 2 * cosM * cosM - 1;
    const inner = cosS * square - (b / 6) * cosM * (4 * sinS * sinS - 3) * (4 * cosM * cosM - 3);
    return B * a * (sigma - b * sinS * (cosM + (b / 4) * inner));
  }
  // Points on opposite sides of the earth, where the formula does not settle: nobody measures there.
  return Math.PI * A;
}

export function lengthOf(line: Position[]): number {
  let sum = 0;
  for (let at = 1; at < line.length; at += 1) sum += distance(line[at - 1] as Position, line[at] as Position);
  return sum;
}

const q = (sine: number): number =>
  (1 - E2) * (sine / (1 - E2 * sine * sine) - (1 / (2 * E)) * Math.log((1 - E * sine) / (1 + E * sine)));
const POLE = q(1);
/** The sphere that has the ellipsoid's area. */
const AUTHALIC_SQUARED = (A * A * POLE) / 2;

/** Area of a ring in square metres: on the authalic sphere, whose areas are those of the ellipsoid. */
export function areaOf(ring: Position[]): number {
  let excess = 0;
  const half = ring.map((position) => Math.tan(Math.asin(q(Math.sin(lat(position))) / POLE) / 2));
  ring.forEach((from, at) => {
    const next = (at + 1) % ring.length;
    const [tan1, tan2] = [half[at] as number, half[next] as number];
    const across = Math.tan((lon(ring[next] as Position) - lon(from)) / 2);
    excess += 2 * Math.atan2(across * (tan1 + tan2), 1 + tan1 * tan2);
  });
  return Math.abs(excess) * AUTHALIC_SQUARED;
}

/** `1.234,5 m`, `12,35 km`. */
export function lengthWords(metres: number, lang: string): string {
  return metres < 1000 ? `${number(metres, 1, lang)} m` : `${number(metres / 1000, 2, lang)} km`;
}

/** `123,4 m²`, `1,25 ha`, `12,35 km²`. */
export function areaWords(squareMetres: number, lang: string): string {
  if (squareMetres < 10_000) return `${number(squareMetres, 1, lang)} m²`;
  if (squareMetres < 1_000_000) return `${number(squareMetres / 10_000, 2, lang)} ha`;
  return `${number(squareMetres / 1_000_000, 2, lang)} km²`;
}

function number(value: number, digits: number, lang: string): string {
  return value.toLocaleString(lang, { maximumFractionDigits: digits, minimumFractionDigits: digits });
}
