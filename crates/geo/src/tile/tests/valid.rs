//! Polygons that come out are valid, and they are where they were.

use super::{
    Rng, degrees, layer, only, plain,
    shapes::{self, city, place_near},
};
use geo::{Contains, CoordsIter, Distance, Euclidean, MapCoords, Validation};
use geo_types::{Coord, Geometry, LineString, MultiLineString, Point};

/// Looks at tiles near the edges of shapes, where they are clipped; how many polygons were looked at.
fn look(seed: u64, tiles: usize) -> usize {
    let (shapes, places) = city(seed, 60);
    let layer = layer(&shapes);
    let mut rng = Rng(seed ^ 0xabcd);
    let mut polygons = 0;
    for _ in 0..tiles {
        let (lon, lat, z) = place_near(&mut rng, &places);
        let (x, y) = layer.tile_matrix_set().tile_at(lon, lat, z).unwrap();
        let tile = plain(&layer, z, x, y);
        if tile.features == 0 {
            continue;
        }
        for feature in only(&tile).features {
            polygons += 1;
            if let Err(e) = feature.geometry.check_validation() {
                panic!("seed {seed} tile {z}/{x}/{y} feature {:?}: {e}\n{:?}", feature.id, feature.geometry);
            }
            assert!(
                feature.geometry.coords_iter().all(|c| c.x >= -64.0 && c.y >= -64.0 && c.x <= 4160.0 && c.y <= 4160.0)
            );
        }
    }
    polygons
}

/// Ten thousand tiles in five tests, which run beside each other.
fn two_thousand(from: u64) {
    let polygons: usize = (from..from + 10).map(|seed| look(seed, 200)).sum();
    assert!(polygons > 3000, "{polygons}");
}

#[test]
fn polygons_of_10000_tiles_are_valid_1() {
    two_thousand(0);
}

#[test]
fn polygons_of_10000_tiles_are_valid_2() {
    two_thousand(10);
}

#[test]
fn polygons_of_10000_tiles_are_valid_3() {
    two_thousand(20);
}

#[test]
fn polygons_of_10000_tiles_are_valid_4() {
    two_thousand(30);
}

#[test]
fn polygons_of_10000_tiles_are_valid_5() {
    two_thousand(40);
}

/// The edges of a shape, as lines.
fn edges(shape: &Geometry<f64>) -> MultiLineString<f64> {
    let rings = |p: &geo_types::Polygon<f64>| -> Vec<LineString<f64>> {
        std::iter::once(p.exterior()).chain(p.interiors()).cloned().collect()
    };
    match shape {
        Geometry::Polygon(p) => MultiLineString(rings(p)),
        Geometry::MultiPolygon(m) => MultiLineString(m.iter().flat_map(rings).collect()),
        _ => MultiLineString(Vec::new()),
    }
}

#[test]
fn inside_stays_inside_and_outside_outside() {
    let mut rng = Rng(42);
    let mut asked = 0;
    for _ in 0..150 {
        let (z, x, y) = (14, 13117, 7450);
        let at = Coord { x: rng.between(0.0, 4096.0), y: rng.between(0.0, 4096.0) };
        let shape = {
            let r = 10_f64.powf(rng.between(1.0, 4.0));
            shapes::valid(&mut rng, at, r)
        };
        let on_earth = shape.map_coords(|c| {
            let (lon, lat) = degrees(z, x, y, c.x, c.y);
            Coord { x: lon, y: lat }
        });
        let tile = plain(&layer(&[on_earth]), z, x, y);
        let drawn = if tile.features == 0 { None } else { Some(only(&tile).features.remove(0).geometry) };
        let border = edges(&shape);
        for _ in 0..60 {
            let p = Point::new(rng.between(-64.0, 4160.0), rng.between(-64.0, 4160.0));
            // Within two steps of an edge snapping and thinning may decide otherwise.
            if border.iter().all(|line| Euclidean.distance(&p, line) > 2.0) {
                asked += 1;
                let is_in = drawn.as_ref().is_some_and(|d| d.contains(&p));
                assert_eq!(is_in, shape.contains(&p), "{p:?} of {shape:?} drawn {drawn:?}");
            }
        }
    }
    assert!(asked > 5000, "{asked}");
}
