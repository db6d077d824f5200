//! The ground on which something is looked for: what stands behind a comma names areas, of today or of before.

use geo::{BoundingRect, Intersects};
use geo_types::{Coord, Geometry, Point, Rect};

/// Where one of these shapes is.
#[derive(Default)]
pub struct Ground(Vec<(Rect<f64>, Geometry<f64>)>);

impl Ground {
    pub fn push(&mut self, shape: Geometry<f64>) {
        self.0.extend(shape.bounding_rect().map(|bounds| (bounds, shape)));
    }

    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn holds(&self, at: Coord<f64>) -> bool {
        self.0.iter().any(|(bounds, shape)| bounds.intersects(&at) && shape.intersects(&Point::from(at)))
    }
}
