//! Places on the grid of a repair. Products are taken in 128 bits, so no comparison is ever rounded.

use geo_types::{Coord, Rect, coord};

/// Bits of a coordinate on the grid, without the sign: differences of two, and products of three, still fit.
const BITS: i32 = 38;

/// A place on the grid; sorted by x, then y.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Pt {
    pub x: i64,
    pub y: i64,
}

/// Twice the area of the triangle; positive when `b` lies to the left of `o`→`a`.
pub(super) fn cross(o: Pt, a: Pt, b: Pt) -> i128 {
    i128::from(a.x - o.x) * i128::from(b.y - o.y) - i128::from(a.y - o.y) * i128::from(b.x - o.x)
}

/// How many places there are in a unit: a power of two, so that nothing is lost on the way back.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grid {
    scale: f64,
}

impl Grid {
    pub fn over(bounds: Rect<f64>) -> Self {
        let (min, max) = (bounds.min(), bounds.max());
        let farthest = [min.x, min.y, max.x, max.y].into_iter().map(f64::abs).fold(1e-200, f64::max).min(1e200);
        Self { scale: 2f64.powi(BITS - farthest.log2().ceil() as i32) }
    }

    pub fn snap(self, at: Coord<f64>) -> Pt {
        let whole = |v: f64| (v * self.scale).round().clamp(-(2f64.powi(BITS)), 2f64.powi(BITS)) as i64;
        Pt { x: whole(at.x), y: whole(at.y) }
    }

    pub fn back(self, pt: Pt) -> Coord<f64> {
        coord! { x: pt.x as f64 / self.scale, y: pt.y as f64 / self.scale }
    }
}
