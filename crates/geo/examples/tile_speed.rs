//! Tiles a second on one core, uncached, from layers in memory: 20,000 parcels, 200,000 points and 50,000 road lines
//! drawn at random over Da Nang's plain, zooms 8 to 16. Each tile is encoded anew; the shapes of a zoom are drawn before
//! the clock starts, and how long that takes is told. A pass goes over all tiles of a zoom; the median pass is what the
//! machine gave, the best what it gives when nothing else runs. `cargo run --release -p songhan-geo --example tile_speed`

use geo_types::{Coord, Geometry, LineString, Point, Polygon};
use songhan_geo::tile::{LayerBuilder, Options, PreparedLayer, TileMatrixSet, Value, encode};
use std::time::{Duration, Instant};

const WEST: f64 = 107.95;
const EAST: f64 = 108.30;
const SOUTH: f64 = 15.95;
const NORTH: f64 = 16.20;

/// SplitMix64 (Steele, Lea and Flood 2014).
struct Rng(u64);

impl Rng {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * ((self.next() >> 11) as f64 / (1_u64 << 53) as f64)
    }

    fn place(&mut self) -> Coord<f64> {
        Coord { x: self.between(WEST, EAST), y: self.between(SOUTH, NORTH) }
    }
}

fn parcel(rng: &mut Rng) -> Geometry<f64> {
    let (at, w, h) = (rng.place(), rng.between(5e-5, 3e-4), rng.between(5e-5, 3e-4));
    let mut corner = |dx: f64, dy: f64| Coord {
        x: at.x + w * dx + rng.between(-1e-5, 1e-5),
        y: at.y + h * dy + rng.between(-1e-5, 1e-5),
    };
    let mut ring =
        LineString(vec![corner(0.0, 0.0), corner(1.0, 0.0), corner(1.2, 0.5), corner(1.0, 1.0), corner(0.0, 1.0)]);
    ring.close();
    Polygon::new(ring, Vec::new()).into()
}

fn road(rng: &mut Rng) -> Geometry<f64> {
    let mut at = rng.place();
    let mut way = rng.between(0.0, std::f64::consts::TAU);
    let steps = 4 + rng.next() % 12;
    let line = (0..steps).map(|_| {
        way += rng.between(-0.5, 0.5);
        at = Coord { x: at.x + 4e-4 * way.cos(), y: at.y + 4e-4 * way.sin() };
        at
    });
    LineString(line.collect()).into()
}

fn build(name: &str, count: u64, mut shape: impl FnMut(&mut Rng) -> Geometry<f64>) -> PreparedLayer {
    let mut rng = Rng(count);
    let start = Instant::now();
    let mut builder = LayerBuilder::new(TileMatrixSet::web_mercator(), name, ["name", "use", "level", "area"]);
    for id in 0..count {
        let geometry = shape(&mut rng);
        let values = [
            Value::from(format!("{name} {id}")),
            Value::from(["ODT", "ONT", "CLN", "TMD"][rng.next() as usize % 4]),
            Value::Int((rng.next() % 10) as i64),
            Value::Float((rng.next() % 5000) as f64 / 10.0),
        ];
        builder.push(id, &geometry, &values).expect("a place on the grid");
    }
    let layer = builder.finish().expect("a layer that fits");
    println!("\n{name}: {count} features built in {:.0} ms", start.elapsed().as_secs_f64() * 1e3);
    layer
}

fn measure(layer: &PreparedLayer, z: u8) {
    let start = Instant::now();
    layer.prepare_zoom(z, 4096);
    let drawn = start.elapsed();
    let set = layer.tile_matrix_set();
    let (Some((x0, y0)), Some((x1, y1))) = (set.tile_at(WEST, NORTH, z), set.tile_at(EAST, SOUTH, z)) else { return };
    let tiles: Vec<(u32, u32)> = (y0..=y1).flat_map(|y| (x0..=x1).map(move |x| (x, y))).collect();
    let options = Options::default();
    let (mut bytes, mut features, mut collapsed) = (0, 0, 0);
    let mut passes = Vec::new();
    let start = Instant::now();
    while start.elapsed() < Duration::from_millis(700) || passes.len() < 3 {
        (bytes, features, collapsed) = (0, 0, 0);
        let pass = Instant::now();
        for (x, y) in &tiles {
            let tile = encode(layer, z, *x, *y, &options);
            bytes += tile.bytes.len();
            features += tile.features;
            collapsed += tile.collapsed;
        }
        passes.push(pass.elapsed());
    }
    passes.sort_unstable();
    let count = tiles.len() as f64;
    println!(
        "z{z:<2} {:>8.0} tiles/s ({:>8.0} at best)  {:>8.0} bytes  {:>7.1} features  {:>6.1} collapsed a tile; {count} tiles, shapes drawn in {:.1} ms",
        count / passes[passes.len() / 2].as_secs_f64(),
        count / passes[0].as_secs_f64(),
        bytes as f64 / count,
        features as f64 / count,
        collapsed as f64 / count,
        drawn.as_secs_f64() * 1e3
    );
}

fn main() {
    let layers = [
        build("parcels", 20_000, parcel),
        build("points", 200_000, |rng| Point(rng.place()).into()),
        build("roads", 50_000, road),
    ];
    for layer in &layers {
        println!("\n{}", layer.name());
        for z in 8..=16 {
            measure(layer, z);
        }
        println!("{:.1} MB held", layer.bytes_held() as f64 / 1e6);
    }
}
