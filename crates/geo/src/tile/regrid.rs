//! The same layer on another grid of tiles, and what of it lies where.

use super::{
    LayerError, PreparedLayer, TileMatrixSet,
    draw::{Drawing, Place},
    encode::Options,
    grid::holds,
    index::{BLOCK, meets},
    rows::Rows,
    store::Store,
};

impl PreparedLayer {
    /// The same features on another grid. Those that reach beyond its plane are left out. What was a centimetre on the
    /// web's grid is one here.
    pub fn regridded(&self, set: TileMatrixSet) -> Result<Self, LayerError> {
        let back = self.tile_matrix_set().way_back().ok_or(LayerError::OneWay)?;
        let mut rows = Rows::new(self.attributes().len());
        if let Some(bounds) = self.bounds_wgs84() {
            rows.bounds_wgs84 = bounds;
        }
        let inside = |step: u32| step > 0 && step < u32::MAX;
        for (store, row) in self.rows() {
            rows.push_moved(store, row, |p| {
                let [lon, lat] = back(p);
                set.place(lon, lat).filter(|[x, y]| inside(*x) && inside(*y))
            })?;
        }
        let base = Store::build(rows, 0, |number| self.field(number))?;
        Self::of(self.schema.clone(), set, base, self.generation())
    }

    /// Whether something may lie in a tile. What is true of a tile is true of the one above it.
    pub fn reaches(&self, z: u8, x: u32, y: u32) -> bool {
        if !holds(z, x, y) {
            return false;
        }
        let outer = Place::new(z, x, y, &Options::default()).outer;
        let mut blocks = Vec::new();
        Drawing::stores(self).into_iter().zip([true, false]).any(|(store, base)| {
            store.search(&outer, &mut blocks);
            let there = |row: &usize| !base || self.gone_word(row / BLOCK) >> (row % BLOCK) & 1 == 0;
            let mut rows = blocks.iter().flat_map(|block| store.block(*block as usize)).filter(there);
            rows.any(|row| meets(store.bounds(row), &outer))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use geo_types::point;

    use super::super::{Delta, LayerBuilder, decode, encode};
    use super::*;

    /// A plane in which a degree is a hundred kilometres, defined east of 100 degrees.
    fn plane() -> TileMatrixSet {
        let project = |lon: f64, lat: f64| (lon > 100.0).then_some([500_000.0 + (lon - 107.75) * 1e5, lat * 1e5]);
        TileMatrixSet::vn2000(5899, Arc::new(project))
    }

    fn layer() -> PreparedLayer {
        let mut builder = LayerBuilder::new(TileMatrixSet::web_mercator(), "trees", ["species"]);
        for (id, lon) in (1_u64..).zip([108.2, 108.3, 20.0, 111.6]) {
            builder.push(id, &point!(x: lon, y: 16.06).into(), &["Bàng".into()]).unwrap();
        }
        let delta = Delta { put: Vec::new(), removed: vec![2] };
        builder.finish().unwrap().with(&delta).unwrap()
    }

    #[test]
    fn a_layer_lies_on_the_other_grid_where_that_has_it() {
        let vn = layer().regridded(plane()).unwrap();
        assert_eq!(vn.len(), 2, "one was removed, one lies outside");
        let (x, y) = vn.tile_matrix_set().tile_at(108.2, 16.06, 13).unwrap();
        let tile = encode(&vn, 13, x, y, &Options::default());
        let layers = decode(&tile.bytes).unwrap();
        assert_eq!((layers[0].name.as_str(), layers[0].features[0].id), ("trees", Some(1)));
        assert!(matches!(vn.regridded(plane()), Err(LayerError::OneWay)));
    }

    #[test]
    fn it_reaches_the_tiles_in_which_it_is_drawn_and_all_above_them() {
        let layer = layer();
        for z in 0..=14 {
            for (lon, there) in [(108.2, true), (111.6, true), (108.3, z < 8)] {
                let (x, y) = layer.tile_matrix_set().tile_at(lon, 16.06, z).unwrap();
                let drawn = !encode(&layer, z, x, y, &Options::default()).bytes.is_empty();
                assert!(layer.reaches(z, x, y) || !drawn, "{z}/{x}/{y}");
                assert!(layer.reaches(z, x, y) || !there, "{z}/{x}/{y}");
            }
        }
        let (x, y) = layer.tile_matrix_set().tile_at(108.3, 16.06, 14).unwrap();
        assert!(!layer.reaches(14, x, y), "what was removed");
        assert!(!layer.reaches(3, 8, 0));
    }
}
