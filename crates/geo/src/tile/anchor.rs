//! Where the name of a polygon stands: one place inside it. A tile holds only its piece of a polygon, so a map program that
//! writes names from pieces writes them once a tile; from places it writes each once.

use super::{LayerError, PreparedLayer, rows::Rows, store::Kind, store::Store};

/// Heights at which a polygon is measured, as shares of its own; the middle counts for more.
const HEIGHTS: [(f64, f64); 7] =
    [(0.5, 1.0), (0.4, 0.95), (0.6, 0.95), (0.3, 0.85), (0.7, 0.85), (0.15, 0.6), (0.85, 0.6)];

impl PreparedLayer {
    /// The same features with one place in each polygon instead of its shape; points and lines are as they were.
    pub fn anchors(&self) -> Result<Self, LayerError> {
        let mut rows = Rows::new(self.attributes().len());
        if let Some(bounds) = self.bounds_wgs84() {
            rows.bounds_wgs84 = bounds;
        }
        for (store, row) in self.rows() {
            match store.kind(row) {
                Kind::Polygon => rows.push_anchor(store, row, anchor(store, row))?,
                Kind::Point | Kind::Line => rows.push_row(store, row)?,
            }
        }
        let base = Store::build(rows, 0, |number| self.field(number))?;
        Self::of(self.schema.clone(), self.tile_matrix_set().clone(), base, self.generation())
    }
}

/// The middle of the widest stretch inside the largest part.
fn anchor(store: &Store, row: usize) -> [u32; 2] {
    let rings: Vec<&[[u32; 2]]> = store.parts(row).map(|(ring, _)| ring).collect();
    let exteriors = store.parts(row).filter(|(_, hole)| !hole).map(|(ring, _)| ring);
    let largest = exteriors.max_by(|a, b| area(a).total_cmp(&area(b))).unwrap_or(&[]);
    let heights = largest.iter().map(|p| p[1]);
    let (Some(top), Some(bottom)) = (heights.clone().min(), heights.max()) else { return [0, 0] };
    let mut best = (0.0, largest[0]);
    for (share, weight) in HEIGHTS {
        // Between two steps, so that no corner lies on it.
        let y = (f64::from(bottom - top) * share + f64::from(top)).floor() + 0.5;
        let mut crossings: Vec<f64> = rings.iter().flat_map(|ring| crossed(ring, y)).collect();
        crossings.sort_unstable_by(f64::total_cmp);
        for stretch in crossings.chunks_exact(2) {
            let wide = (stretch[1] - stretch[0]) * weight;
            if wide > best.0 {
                best = (wide, [f64::midpoint(stretch[0], stretch[1]) as u32, y as u32]);
            }
        }
    }
    best.1
}

/// Where a ring passes a height.
fn crossed(ring: &[[u32; 2]], y: f64) -> impl Iterator<Item = f64> + '_ {
    let next = |i: usize| ring[if i + 1 == ring.len() { 0 } else { i + 1 }];
    (0..ring.len()).filter_map(move |i| {
        let ([ax, ay], [bx, by]) = (ring[i].map(f64::from), next(i).map(f64::from));
        ((ay < y) != (by < y)).then(|| (bx - ax).mul_add((y - ay) / (by - ay), ax))
    })
}

fn area(ring: &[[u32; 2]]) -> f64 {
    let Some(first) = ring.first() else { return 0.0 };
    let at = |i: usize| (f64::from(ring[i][0]) - f64::from(first[0]), f64::from(ring[i][1]) - f64::from(first[1]));
    let pairs = (1..ring.len().saturating_sub(1)).map(|i| (at(i), at(i + 1)));
    pairs.map(|((ax, ay), (bx, by))| ax * by - ay * bx).sum::<f64>().abs() / 2.0
}

#[cfg(test)]
mod tests {
    use geo::Contains;
    use geo_types::{Geometry, Point, polygon};

    use super::super::{LayerBuilder, Options, TileMatrixSet, decode, encode};

    #[test]
    fn each_polygon_has_one_place_and_it_lies_inside() {
        let horseshoe = polygon![(x: 108.0, y: 16.0), (x: 108.3, y: 16.0), (x: 108.3, y: 16.3), (x: 108.25, y: 16.3),
            (x: 108.25, y: 16.04), (x: 108.05, y: 16.04), (x: 108.05, y: 16.3), (x: 108.0, y: 16.3)];
        let holed = polygon!(exterior: [(x: 107.0, y: 16.0), (x: 107.3, y: 16.0), (x: 107.3, y: 16.3), (x: 107.0, y: 16.3)],
            interiors: [[(x: 107.1, y: 16.05), (x: 107.25, y: 16.05), (x: 107.25, y: 16.25), (x: 107.1, y: 16.25)]]);
        let two = geo_types::MultiPolygon(vec![horseshoe.clone(), holed.clone()]);
        let shapes: [Geometry<f64>; 3] = [horseshoe.into(), holed.into(), two.into()];
        let mut builder = LayerBuilder::new(TileMatrixSet::web_mercator(), "areas", ["name"]);
        for (id, shape) in (1_u64..).zip(&shapes) {
            builder.push(id, shape, &["Hải Châu".into()]).unwrap();
        }
        let names = builder.finish().unwrap().anchors().unwrap();
        assert_eq!(names.len(), 3);
        let mut seen = Vec::new();
        let z = 8;
        let side = 360.0 / f64::from(1_u32 << z);
        for (x, y) in (202..=206).flat_map(|x| (114..=118).map(move |y| (x, y))) {
            let tile = encode(&names, z, x, y, &Options { buffer: 0, ..Options::default() });
            for layer in decode(&tile.bytes).unwrap() {
                for feature in layer.features {
                    let Geometry::Point(at) = feature.geometry else { panic!("{:?}", feature.geometry) };
                    let lon = (f64::from(x) + at.x() / 4096.0).mul_add(side, -180.0);
                    let turn =
                        std::f64::consts::PI * (1.0 - (f64::from(y) + at.y() / 4096.0) * 2.0 / f64::from(1_u32 << z));
                    let lat = turn.sinh().atan().to_degrees();
                    let id = feature.id.unwrap();
                    assert!(shapes[id as usize - 1].contains(&Point::new(lon, lat)), "{id}: {lon} {lat}");
                    seen.push(id);
                }
            }
        }
        seen.sort_unstable();
        assert_eq!(seen, [1, 2, 3], "each once");
    }
}
