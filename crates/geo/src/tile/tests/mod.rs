//! Tests of tiles as a client sees them: encoded, then decoded. Shapes are drawn by a small generator with fixed seeds.

mod budget;
mod edits;
mod fuzz;
mod repair;
mod shapes;
mod tiles;
mod valid;

use super::{DecodedLayer, LayerBuilder, Options, PreparedLayer, Tile, TileMatrixSet, Value, decode, encode};
use geo_types::{Geometry, Point};
use shapes::Rng;

const NONE: [&str; 0] = [];

/// A layer without attributes, ids from 1 on.
fn layer(shapes: &[Geometry<f64>]) -> PreparedLayer {
    let mut builder = LayerBuilder::new(TileMatrixSet::web_mercator(), "shapes", NONE);
    for (shape, id) in shapes.iter().zip(1..) {
        builder.push(id, shape, &[]).unwrap();
    }
    builder.finish().unwrap()
}

/// Points with a name, a number and a flag.
fn named(points: impl IntoIterator<Item = (u64, f64, f64)>) -> PreparedLayer {
    let mut builder = LayerBuilder::new(TileMatrixSet::web_mercator(), "places", ["name", "floors", "open"]);
    for (id, lon, lat) in points {
        let values = [Value::from(format!("place {id}")), Value::Int(id as i64 % 7), Value::Bool(id % 2 == 0)];
        builder.push(id, &Point::new(lon, lat).into(), &values).unwrap();
    }
    builder.finish().unwrap()
}

/// The one layer of a tile.
fn only(tile: &Tile) -> DecodedLayer {
    let mut layers = decode(&tile.bytes).unwrap();
    assert_eq!(layers.len(), 1);
    layers.remove(0)
}

fn ids(tile: &Tile) -> Vec<u64> {
    let mut ids: Vec<u64> =
        decode(&tile.bytes).unwrap().iter().flat_map(|l| &l.features).filter_map(|f| f.id).collect();
    ids.sort_unstable();
    ids
}

/// The place in degrees of a point of a Web Mercator tile's grid.
fn degrees(z: u8, x: u32, y: u32, px: f64, py: f64) -> (f64, f64) {
    let side = f64::from(z).exp2();
    let (east, south) = ((f64::from(x) + px / 4096.0) / side, (f64::from(y) + py / 4096.0) / side);
    (east * 360.0 - 180.0, (std::f64::consts::PI * (1.0 - 2.0 * south)).sinh().atan().to_degrees())
}

fn plain(layer: &PreparedLayer, z: u8, x: u32, y: u32) -> Tile {
    encode(layer, z, x, y, &Options::default())
}
