//! Byte budgets: kept, told, and the same each time.

use super::{NONE, Rng, ids, named, only};
use crate::tile::{
    Delta, Feature, LayerBuilder, Options, PreparedLayer, Thinned, TileMatrixSet, Value, encode, encode_layers,
};
use geo_types::{Coord, Point, Rect};

fn limited(bytes_max: usize) -> Options<'static> {
    Options { bytes_max: Some(bytes_max), ..Options::default() }
}

fn crowd(count: u64) -> PreparedLayer {
    let mut rng = Rng(3);
    named((0..count).map(|i| (i, rng.between(107.9, 108.3), rng.between(15.9, 16.2))))
}

#[test]
fn a_budget_is_kept_and_what_it_cost_is_told() {
    let layer = crowd(5000);
    let full = encode(&layer, 8, 204, 116, &Options::default());
    assert_eq!((full.features, full.thinned), (5000, None));
    for max in [0, 20, 100, 5000, 50_000, full.bytes.len() - 1] {
        let tile = encode(&layer, 8, 204, 116, &limited(max));
        assert!(tile.bytes.len() <= max, "{} > {max}", tile.bytes.len());
        assert_eq!(tile.thinned, Some(Thinned { kept: tile.features, of: 5000 }));
        assert_eq!(ids(&tile).len(), tile.features);
        assert_eq!(encode(&layer, 8, 204, 116, &limited(max)), tile);
    }
    let half = encode(&layer, 8, 204, 116, &limited(full.bytes.len() / 2));
    assert!(half.bytes.len() > full.bytes.len() / 2 - 100, "the budget is used");
    let exact = encode(&layer, 8, 204, 116, &limited(full.bytes.len()));
    assert_eq!(exact, full);
}

#[test]
fn what_stays_is_spread_over_the_tile() {
    let tile = encode(&crowd(5000), 8, 204, 116, &limited(20_000));
    let decoded = only(&tile);
    let west = decoded.features.iter().filter(|f| {
        let geo_types::Geometry::Point(p) = f.geometry else { panic!() };
        p.x() < (108.1 - 106.875) / 1.406_25 * 4096.0
    });
    let share = west.count() as f64 / tile.features as f64;
    assert!((0.45..0.55).contains(&share), "{share}");
}

#[test]
fn the_important_stay_longest() {
    let mut builder = LayerBuilder::new(TileMatrixSet::web_mercator(), "ranked", NONE);
    for i in 0..1000_u64 {
        let at = Point::new(108.0 + i as f64 * 1e-4, 16.0);
        builder.push_ranked(i, &at.into(), &[], Some((i * 7919 % 1000) as f32 - 500.0)).unwrap();
    }
    let ranked = builder.finish().unwrap();
    let tile = encode(&ranked, 8, 204, 116, &limited(1000));
    let mut expected: Vec<u64> = (0..1000).collect();
    expected.sort_by_key(|i| std::cmp::Reverse(i * 7919 % 1000));
    expected.truncate(tile.features);
    expected.sort_unstable();
    assert_eq!(ids(&tile), expected);

    // An edit takes its place by the same order; without an order given, the largest stays.
    let star = Feature { id: 5000, geometry: Point::new(108.05, 16.1).into(), values: vec![], importance: Some(1e9) };
    let edited = ranked.with(&Delta { put: vec![star], removed: vec![] }).unwrap();
    assert!(ids(&encode(&edited, 8, 204, 116, &limited(60))).contains(&5000));
    let mut builder = LayerBuilder::new(TileMatrixSet::web_mercator(), "sized", NONE);
    for i in 0..100_u64 {
        let (x, side) = (107.0 + i as f64 * 0.01, if i == 41 { 0.1 } else { 0.006 });
        let square = Rect::new(Coord { x, y: 16.0 }, Coord { x: x + side, y: 16.0 + side });
        builder.push(i, &square.into(), &[]).unwrap();
    }
    assert_eq!(ids(&encode(&builder.finish().unwrap(), 8, 204, 116, &limited(45))), [41]);
}

#[test]
fn layers_share_a_budget() {
    let (large, small) = (crowd(5000), named([(1, 108.0, 16.0), (2, 108.01, 16.0)]));
    let mut builder = LayerBuilder::new(TileMatrixSet::web_mercator(), "other", ["name"]);
    for i in 0..3000_u64 {
        let at = Point::new(108.0 + i as f64 * 1e-4, 16.0);
        builder.push(i, &at.into(), &[Value::Int(i as i64)]).unwrap();
    }
    let other = builder.finish().unwrap();
    let layers = [(&large, Options::default()), (&other, Options::default())];
    let tile = encode_layers(&layers, 8, 204, 116, Some(40_000));
    assert!(tile.bytes.len() <= 40_000 && tile.bytes.len() > 39_000, "{}", tile.bytes.len());
    assert_eq!(tile.thinned.map(|t| (t.kept, t.of)), Some((tile.features, 8000)));
    let two = encode_layers(&[(&small, Options::default()), (&other, Options::default())], 8, 204, 116, Some(20_000));
    assert_eq!(two.thinned.map(|t| t.of), Some(3000));
    assert!(two.bytes.len() > 19_800);
}
