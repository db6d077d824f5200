//! Polygons of every temper: round, jagged, combed, holed, scattered, thin, and crossing themselves. The example
//! `tile_validity` draws them too.

use geo_types::{Coord, Geometry, LineString, MultiPolygon, Polygon};
use std::f64::consts::TAU;

/// SplitMix64 (Steele, Lea and Flood 2014).
pub struct Rng(pub u64);

impl Rng {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    /// From 0 to 1.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }
}

/// A ring around a centre whose distance from it jumps: simple, since each angle is met once.
pub fn star(rng: &mut Rng, at: Coord<f64>, inner: f64, outer: f64) -> LineString<f64> {
    let most = if rng.below(8) == 0 { 300 } else { 20 };
    let n = 3 + rng.below(most);
    let turn = rng.between(0.0, TAU);
    let corners = (0..n).map(|i| {
        let (angle, r) = (turn + TAU * (i as f64 + 0.8 * rng.unit()) / n as f64, rng.between(inner, outer));
        Coord { x: at.x + r * angle.cos(), y: at.y + r * angle.sin() }
    });
    let mut ring = LineString(corners.collect());
    ring.close();
    ring
}

/// A polygon with holes around its middle.
fn holed(rng: &mut Rng, at: Coord<f64>, r: f64) -> Polygon<f64> {
    let exterior = star(rng, at, 0.8 * r, r);
    let count = 1 + rng.below(3);
    let hole = |i: u64, rng: &mut Rng| {
        let angle = TAU * i as f64 / count as f64;
        let middle = Coord { x: at.x + 0.3 * r * angle.cos(), y: at.y + 0.3 * r * angle.sin() };
        star(rng, middle, 0.02 * r, if count == 1 { 0.09 * r } else { 0.2 * r })
    };
    // A star of few corners has its sides nearer to the middle than its corners.
    if exterior.0.len() < 9 {
        return Polygon::new(exterior, Vec::new());
    }
    let holes = (0..count).map(|i| hole(i, rng)).collect();
    Polygon::new(exterior, holes)
}

/// Teeth side by side: what clipping takes apart.
fn comb(rng: &mut Rng, at: Coord<f64>, r: f64) -> Polygon<f64> {
    let teeth = 2 + rng.below(30);
    let mut ring = vec![Coord { x: at.x - r, y: at.y - r }];
    for i in 0..teeth {
        let x = |part: f64| at.x - r + 2.0 * r * (i as f64 + part) / teeth as f64;
        let (top, low) = (at.y + r * rng.between(0.2, 1.0), at.y - 0.9 * r);
        let corners = [(x(0.1), low), (x(0.2), top), (x(0.7), top), (x(0.8), low)];
        ring.extend(corners.map(|(x, y)| Coord { x, y }));
    }
    ring.push(Coord { x: at.x + r, y: at.y - r });
    ring.push(ring[0]);
    let turned = rng.between(0.0, TAU);
    let turn = |c: &Coord<f64>| {
        let (dx, dy) = (c.x - at.x, c.y - at.y);
        Coord { x: at.x + dx * turned.cos() - dy * turned.sin(), y: at.y + dx * turned.sin() + dy * turned.cos() }
    };
    Polygon::new(LineString(ring.iter().map(turn).collect()), Vec::new())
}

/// A valid polygon or multipolygon of about radius `r`.
pub fn valid(rng: &mut Rng, at: Coord<f64>, r: f64) -> Geometry<f64> {
    match rng.below(5) {
        0 => holed(rng, at, r).into(),
        1 => comb(rng, at, r).into(),
        2 => {
            let middle = |i: u64| Coord { x: at.x + (i % 3) as f64 * 2.1 * r, y: at.y + (i / 3) as f64 * 2.1 * r };
            let parts = (0..2 + rng.below(7)).map(|i| Polygon::new(star(rng, middle(i), 0.2 * r, r), Vec::new()));
            MultiPolygon(parts.collect()).into()
        }
        3 => {
            let (angle, thin) = (rng.between(0.0, TAU), 10_f64.powf(rng.between(-5.0, -1.0)));
            let corner = |along: f64, across: f64| Coord {
                x: at.x + r * (along * angle.cos() - across * thin * angle.sin()),
                y: at.y + r * (along * angle.sin() + across * thin * angle.cos()),
            };
            let ring = [corner(-1.0, -1.0), corner(1.0, -1.0), corner(1.0, 1.0), corner(-1.0, 1.0), corner(-1.0, -1.0)];
            Polygon::new(LineString(ring.to_vec()), Vec::new()).into()
        }
        _ => Polygon::new(star(rng, at, 0.05 * r, r), Vec::new()).into(),
    }
}

/// Corners anywhere: the ring crosses itself.
pub fn tangled(rng: &mut Rng, at: Coord<f64>, r: f64) -> Geometry<f64> {
    let n = 4 + rng.below(40);
    let corner = |rng: &mut Rng| Coord { x: at.x + rng.between(-r, r), y: at.y + rng.between(-r, r) };
    let ring: Vec<Coord<f64>> = (0..n).map(|_| corner(rng)).collect();
    let hole: Vec<Coord<f64>> = (0..3).map(|_| corner(rng)).collect();
    Polygon::new(LineString(ring), vec![LineString(hole)]).into()
}

/// Mostly valid shapes, some tangled, of 20 cm to 200 km around Da Nang; and where each lies, and how large it is.
pub fn city(seed: u64, count: usize) -> (Vec<Geometry<f64>>, Vec<(Coord<f64>, f64)>) {
    let mut rng = Rng(seed);
    let draw = |_| {
        let at = Coord { x: rng.between(107.9, 108.4), y: rng.between(15.9, 16.2) };
        let r = 10_f64.powf(rng.between(-5.7, 0.3));
        let shape = if rng.below(6) == 0 { tangled(&mut rng, at, r) } else { valid(&mut rng, at, r) };
        (shape, (at, r))
    };
    (0..count).map(draw).unzip()
}

/// A place about one of the shapes of [`city`], and a zoom at which that is between a hundredth of a tile and a hundred
/// tiles: edges of tiles then run through it.
pub fn place_near(rng: &mut Rng, places: &[(Coord<f64>, f64)]) -> (f64, f64, u8) {
    let (at, r) = places[rng.below(places.len() as u64) as usize];
    let z = (360.0 / r).log2() + rng.between(-7.0, 6.0);
    (at.x + r * rng.between(-1.1, 1.1), at.y + r * rng.between(-1.1, 1.1), z.clamp(0.0, 24.0) as u8)
}
