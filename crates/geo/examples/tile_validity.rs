//! Are the polygons of 10,000 tiles valid? Shapes of every temper, some crossing themselves, are encoded in tiles whose
//! edges run through them, decoded, and looked at by `geo`'s validation (OGC 06-103r4). The tests do the same with others.
//! `cargo run --release -p songhan-geo --example tile_validity`

#[path = "../src/tile/tests/shapes.rs"]
mod shapes;

use geo::Validation;
use shapes::{Rng, city, place_near};
use songhan_geo::tile::{LayerBuilder, Options, TileMatrixSet, decode, encode};

fn main() {
    let (mut tiles, mut polygons, mut invalid) = (0, 0, 0);
    for seed in 1000..1050 {
        let (shapes, places) = city(seed, 60);
        let set = TileMatrixSet::web_mercator();
        let mut builder = LayerBuilder::new(set.clone(), "shapes", Vec::<String>::new());
        for (shape, id) in shapes.iter().zip(1..) {
            builder.push(id, shape, &[]).expect("a shape near Da Nang");
        }
        let layer = builder.finish().expect("a layer that fits");
        let mut rng = Rng(seed);
        for _ in 0..200 {
            let (lon, lat, z) = place_near(&mut rng, &places);
            let Some((x, y)) = set.tile_at(lon, lat, z) else { continue };
            let tile = encode(&layer, z, x, y, &Options::default());
            tiles += 1;
            for feature in decode(&tile.bytes).expect("a tile").into_iter().flat_map(|l| l.features) {
                polygons += 1;
                if let Err(why) = feature.geometry.check_validation() {
                    invalid += 1;
                    println!("seed {seed}, tile {z}/{x}/{y}, feature {:?}: {why}", feature.id);
                }
            }
        }
    }
    println!("{tiles} tiles, {polygons} polygons and multipolygons, {invalid} invalid");
    assert_eq!(invalid, 0, "a polygon is not valid");
}
