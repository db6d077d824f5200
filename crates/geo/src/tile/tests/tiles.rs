//! What a tile holds: coordinates, attributes, edges, addresses.

use super::{NONE, degrees, ids, layer, named, only, plain};
use crate::tile::{DecodedLayer, LayerBuilder, LayerError, Options, Tile, TileMatrixSet, Value, encode, encode_layers};
use geo_types::{Coord, Geometry, GeometryCollection, LineString, MultiPoint, Point, Polygon, Rect};
use std::sync::Arc;

const AT: (u8, u32, u32) = (14, 13117, 7450);

fn at(px: f64, py: f64) -> Coord<f64> {
    let (lon, lat) = degrees(AT.0, AT.1, AT.2, px, py);
    Coord { x: lon, y: lat }
}

fn here(layer: &crate::tile::PreparedLayer) -> Tile {
    plain(layer, AT.0, AT.1, AT.2)
}

fn square(a: f64, b: f64) -> Geometry<f64> {
    let ring = [(a, a), (b, a), (b, b), (a, b), (a, a)].map(|(x, y)| at(x, y));
    Polygon::new(LineString(ring.to_vec()), Vec::new()).into()
}

#[test]
fn a_point_is_encoded_byte_by_byte() {
    let mut builder = LayerBuilder::new(TileMatrixSet::web_mercator(), "p", ["k"]);
    builder.push(1, &Point(at(25.0, 17.0)).into(), &[Value::from("v")]).unwrap();
    let tile = here(&builder.finish().unwrap());
    let expected: &[u8] = &[
        0x1a, 31, 0x0a, 1, b'p', // layer, name
        0x12, 13, 0x08, 1, 0x12, 2, 0, 0, 0x18, 1, 0x22, 3, 9, 50, 34, // the point of MVT 2.1 §4.3.5.1
        0x1a, 1, b'k', 0x22, 3, 0x0a, 1, b'v', 0x28, 0x80, 0x20, 0x78, 2,
    ];
    assert_eq!(tile.bytes, expected);
    assert_eq!((tile.features, tile.collapsed, tile.thinned), (1, 0, None));
}

#[test]
fn ids_and_attributes_of_every_type_are_kept() {
    let mut builder =
        LayerBuilder::new(TileMatrixSet::web_mercator(), "all", ["text", "int", "minus", "float", "bool", "none"]);
    let values =
        [Value::from("Hòa Vang"), Value::Int(12), Value::Int(-5), Value::Float(2.5), Value::Bool(false), Value::Null];
    builder.push(u64::MAX, &Point(at(1.0, 1.0)).into(), &values).unwrap();
    builder.push(0, &Point(at(2.0, 2.0)).into(), &values).unwrap();
    let layer = builder.finish().unwrap();
    let tile = here(&layer);
    assert_eq!(ids(&tile), [0, u64::MAX]);
    let decoded = only(&tile);
    assert_eq!(decoded.values.len(), 5);
    for feature in &decoded.features {
        let found: Vec<_> = decoded.attributes(feature).map(|(k, v)| (k, v.clone())).collect();
        let expected: Vec<_> = layer.attributes().iter().map(String::as_str).zip(values.clone()).take(5).collect();
        assert_eq!(found, expected);
    }
    let some = Options { attributes: Some(&["float", "unknown", "text"]), ..Options::default() };
    let decoded = only(&encode(&layer, AT.0, AT.1, AT.2, &some));
    assert_eq!(decoded.keys, ["float", "text"]);
    assert_eq!(decoded.attribute(&decoded.features[0], "text"), Some(&Value::from("Hòa Vang")));
    assert_eq!(decoded.attribute(&decoded.features[0], "int"), None);
}

#[test]
fn geometries_of_each_kind_come_back() {
    let line = LineString(vec![at(10.0, 10.0), at(100.0, 10.0), at(100.0, 90.0)]);
    let shapes: Vec<Geometry<f64>> = vec![
        MultiPoint(vec![Point(at(5.0, 6.0)), Point(at(7.0, 8.0)), Point(at(9000.0, 8.0))]).into(),
        line.clone().into(),
        square(200.0, 300.0),
        Geometry::GeometryCollection(GeometryCollection(vec![
            line.into(),
            square(50.0, 60.0),
            Point(at(1.0, 1.0)).into(),
        ])),
        Geometry::GeometryCollection(GeometryCollection(Vec::new())),
    ];
    let decoded = only(&here(&layer(&shapes)));
    let of =
        |id: u64| -> Vec<_> { decoded.features.iter().filter(|f| f.id == Some(id)).map(|f| &f.geometry).collect() };
    assert_eq!(of(1), [&Geometry::from(MultiPoint::from(vec![(5.0, 6.0), (7.0, 8.0)]))]);
    assert_eq!(of(2), [&Geometry::from(LineString::from(vec![(10.0, 10.0), (100.0, 10.0), (100.0, 90.0)]))]);
    let Geometry::Polygon(polygon) = of(3)[0] else { panic!() };
    let mut corners: Vec<_> = polygon.exterior().0.iter().map(|c| (c.x, c.y)).take(4).collect();
    corners.sort_by(f64_pairs);
    assert_eq!(corners, [(200.0, 200.0), (200.0, 300.0), (300.0, 200.0), (300.0, 300.0)]);
    assert_eq!(of(4).len(), 3);
    assert_eq!(of(5).len(), 0);
}

fn f64_pairs(a: &(f64, f64), b: &(f64, f64)) -> std::cmp::Ordering {
    a.partial_cmp(b).unwrap()
}

#[test]
fn neighbours_agree_at_the_seam() {
    // Parcels along the edge between two tiles: what both show in their buffers is the same on the common grid.
    let shapes: Vec<Geometry<f64>> =
        (0..60).map(|i| f64::from(i) * 61.7).map(|y| rect(4096.0 - 21.3, y, 4096.0 + 17.9, y + 33.3)).collect();
    let layer = layer(&shapes);
    let left = only(&here(&layer));
    let right = only(&plain(&layer, AT.0, AT.1 + 1, AT.2));
    assert!(left.features.len() >= 60);
    let place = |l: &DecodedLayer, dx: f64| -> Vec<_> {
        let mut all: Vec<_> = l.features.iter().map(|f| (f.id, corners(&f.geometry, dx))).collect();
        all.sort_by_key(|(id, _)| *id);
        all
    };
    assert_eq!(place(&left, 0.0), place(&right, 4096.0));
}

fn rect(x0: f64, y0: f64, x1: f64, y1: f64) -> Geometry<f64> {
    let (a, b) = (at(x0, y0), at(x1, y1));
    Rect::new(a, b).into()
}

fn corners(geometry: &Geometry<f64>, dx: f64) -> Vec<(f64, f64)> {
    use geo::CoordsIter;
    let mut all: Vec<_> = geometry.coords_iter().map(|c| (c.x + dx, c.y)).collect();
    all.sort_by(f64_pairs);
    all
}

#[test]
fn points_on_an_edge_are_in_both_tiles() {
    let layer = layer(&[
        Point(at(4096.0, 2000.0)).into(),
        Point(at(4096.0 + 64.0, 10.0)).into(),
        Point(at(4096.0 + 66.0, 9.0)).into(),
    ]);
    assert_eq!(ids(&here(&layer)), [1, 2]);
    assert_eq!(ids(&plain(&layer, AT.0, AT.1 + 1, AT.2)), [1, 2, 3]);
    let bare = Options { buffer: 0, ..Options::default() };
    assert_eq!(ids(&encode(&layer, AT.0, AT.1, AT.2, &bare)), [1]);
}

#[test]
fn the_world_ends_at_its_edge() {
    let layer = layer(&[
        Point::new(180.0, 0.0).into(),
        Point::new(-190.0, 89.0).into(),
        Rect::new(Coord { x: -180.0, y: -90.0 }, Coord { x: 180.0, y: 90.0 }).into(),
    ]);
    let world = only(&plain(&layer, 0, 0, 0));
    assert_eq!(world.features.len(), 3);
    let far = plain(&layer, 24, (1 << 24) - 1, 1 << 23);
    assert_eq!(ids(&far), [1, 3]);
    let point = only(&far).features.iter().find(|f| f.id == Some(1)).unwrap().geometry.clone();
    // The finest step kept is 9 mm: a 256th of this tile.
    assert_eq!(point, Point::new(4080.0, 0.0).into());
    assert_eq!(ids(&plain(&layer, 1, 0, 0)), [2, 3]);
    for (z, x, y) in [(1, 2, 0), (0, 0, 1), (25, 0, 0), (255, u32::MAX, u32::MAX)] {
        assert_eq!(plain(&layer, z, x, y), Tile::default());
    }
}

/// The area of the first feature.
fn steps(layer: &DecodedLayer) -> u64 {
    geo::Area::unsigned_area(&layer.features[0].geometry) as u64
}

#[test]
fn inside_a_large_polygon_a_tile_is_full() {
    let around = layer(&[square(-90_000.0, 90_000.0)]);
    let decoded = only(&here(&around));
    assert_eq!(corners(&decoded.features[0].geometry, 0.0)[0], (-64.0, -64.0));
    assert_eq!(steps(&decoded), 4224 * 4224);
    let no_buffer = Options { extent: 512, buffer: 0, ..Options::default() };
    let decoded = only(&encode(&around, 15, 2 * AT.1, 2 * AT.2, &no_buffer));
    assert_eq!((decoded.extent, steps(&decoded)), (512, 512 * 512));
}

#[test]
fn small_shapes_stand_for_each_other_and_are_counted() {
    // 40 × 40 parcels of a quarter of a step a side: 100 squares of the grid in all.
    let shapes: Vec<Geometry<f64>> = (0..1600)
        .map(|i| (f64::from(i % 40), f64::from(i / 40)))
        .map(|(x, y)| rect(500.0 + x / 4.0, 500.0 + y / 4.0, 500.25 + x / 4.0, 500.25 + y / 4.0))
        .collect();
    let tile = here(&layer(&shapes));
    assert!((85..=135).contains(&tile.features), "{}", tile.features);
    assert!(tile.features + tile.collapsed == 1600);
    let near = plain(&layer(&shapes), 22, (AT.1 << 8) + 31, (AT.2 << 8) + 31);
    assert_eq!(near.collapsed, 0);
}

#[test]
fn filters_see_ids_and_values() {
    let places = named((0..10).map(|i| (i, at(100.0 * i as f64, 50.0).x, at(0.0, 50.0).y)));
    let even =
        |f: crate::tile::FeatureView<'_>| f.value(2) == Value::Bool(true) && f.id() != 4 && f.value(9) == Value::Null;
    let tile = encode(&places, AT.0, AT.1, AT.2, &Options { filter: Some(&even), ..Options::default() });
    assert_eq!(ids(&tile), [0, 2, 6, 8]);
    // A filter may itself encode.
    let nested = |_: crate::tile::FeatureView<'_>| here(&places).features == 10;
    assert_eq!(
        encode(&places, AT.0, AT.1, AT.2, &Options { filter: Some(&nested), ..Options::default() }).features,
        10
    );
}

#[test]
fn layers_share_a_tile_and_vn2000_has_its_own_grid() {
    let both = [
        (&layer(&[square(10.0, 20.0)]), Options::default()),
        (&named([(7, at(1.0, 1.0).x, at(1.0, 1.0).y)]), Options::default()),
    ];
    let tile = encode_layers(&both, AT.0, AT.1, AT.2, None);
    let names: Vec<String> = crate::tile::decode(&tile.bytes).unwrap().into_iter().map(|l| l.name).collect();
    assert_eq!((names, tile.features), (vec!["shapes".to_owned(), "places".to_owned()], 2));

    let plane = |lon: f64, lat: f64| (lat.abs() < 80.0).then_some([500_000.0 + (lon - 107.75) * 1e5, lat * 1e5]);
    let set = TileMatrixSet::vn2000(5899, Arc::new(plane));
    let mut builder = LayerBuilder::new(set.clone(), "moc", NONE);
    builder.push(1, &Point::new(108.25, 16.0).into(), &[]).unwrap();
    let refused = builder.push(2, &Point::new(108.0, 88.0).into(), &[]);
    assert_eq!(refused, Err(LayerError::Outside { id: 2, lon: 108.0, lat: 88.0 }));
    assert_eq!(
        builder.push(3, &Point::new(108.0, 8.0).into(), &[Value::Null]),
        Err(LayerError::Columns { id: 3, found: 1, expected: 0 })
    );
    let layer = builder.finish().unwrap();
    assert_eq!((layer.len(), layer.bounds_wgs84()), (1, Some([108.25, 16.0, 108.25, 16.0])));
    let (x, y) = set.tile_at(108.25, 16.0, 10).unwrap();
    let [west, _, _, north] = set.tile_bounds_m(10, x, y).unwrap();
    let expected = Point::new((550_000.0 - west).round(), (north - 1_600_000.0).round());
    assert_eq!(only(&plain(&layer, 10, x, y)).features[0].geometry, expected.into());
}
