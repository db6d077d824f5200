//! Scribbles from fixed seeds: on a coarse grid, where corners and edges coincide all the time; anywhere; and with numbers
//! at the ends of what a float holds.

use super::*;
use geo::{Area, Contains};

fn scribble(random: &mut Random, corner: &mut dyn FnMut(&mut Random) -> Coord<f64>) -> Geometry<f64> {
    let mut line = |random: &mut Random| {
        let count = 3 + random.below(9);
        LineString((0..count).map(|_| corner(random)).collect::<Vec<_>>())
    };
    let mut part = |random: &mut Random| {
        let holes = random.below(3);
        Polygon::new(line(random), (0..holes).map(|_| line(random)).collect())
    };
    match random.below(3) {
        0 => part(random).into(),
        _ => MultiPolygon((0..=random.below(3)).map(|_| part(random)).collect()).into(),
    }
}

fn taken(seed: u64, count: usize, mut corner: impl FnMut(&mut Random) -> Coord<f64>) -> usize {
    let mut random = Random(seed);
    let shapes = (0..count).map(|_| scribble(&mut random, &mut corner));
    shapes.filter(|shape| !matches!(checked(shape), Outcome::Refused { .. })).count()
}

#[test]
fn scribbles_on_a_coarse_grid() {
    for (seed, size) in [(1, 4), (2, 6), (3, 12)] {
        let corner = |random: &mut Random| coord! { x: random.below(size) as f64, y: random.below(size) as f64 };
        assert!(taken(seed, 1_000, corner) > 600);
    }
}

#[test]
fn scribbles_anywhere() {
    let corner = |random: &mut Random| coord! { x: 108.0 + random.unit(), y: 16.0 + random.unit() };
    assert_eq!(taken(4, 500, corner), 500);
    let corner = |random: &mut Random| coord! { x: random.unit() * 360.0 - 180.0, y: random.unit() * 180.0 - 90.0 };
    // Of one the holes cover the exterior.
    assert_eq!(taken(5, 300, corner), 299);
}

#[test]
fn scribbles_smaller_than_the_grid_and_nearly_in_line() {
    let corner = |random: &mut Random| coord! { x: 108.0 + random.unit() * 3e-9, y: 16.0 + random.unit() * 3e-9 };
    taken(6, 60, corner);
    let corner = |random: &mut Random| {
        let x = random.unit();
        coord! { x: 108.0 + x, y: 16.0 + x + random.below(3) as f64 * 1e-10 }
    };
    taken(7, 20, corner);
}

#[test]
fn numbers_at_the_ends_of_the_scale() {
    let odd =
        [0.0, -0.0, 1e-308, 5e-324, -1e-200, 1e-16, 1.0, 90.0, -90.0, 180.0, -180.0, 1e300, f64::NAN, f64::INFINITY];
    let mut random = Random(8);
    for _ in 0..2_000 {
        let few = 3 + random.below(odd.len() as u64 - 2);
        let mut corner = |random: &mut Random| {
            coord! { x: odd[random.below(few) as usize], y: odd[random.below(few) as usize] }
        };
        let shape = scribble(&mut random, &mut corner);
        checked(&shape);
    }
}

/// A single ring by chance covers what it winds around: held against winding numbers counted in another way.
#[test]
fn inside_is_what_a_ring_winds_around() {
    let mut random = Random(10);
    for _ in 0..200 {
        let corner = |random: &mut Random| coord! { x: random.below(16) as f64, y: random.below(16) as f64 };
        let line = LineString((0..8).map(|_| corner(&mut random)).collect::<Vec<_>>());
        let shape = Polygon::new(line, vec![]);
        let Ok(whole) = checked(&shape.clone().into()).into_geometry() else { continue };
        for _ in 0..50 {
            let at = coord! { x: random.unit() * 16.0, y: random.unit() * 16.0 };
            assert_eq!(
                whole.contains(&geo_types::Point(at)),
                winding(shape.exterior(), at) != 0,
                "{at:?} in {shape:?}"
            );
        }
    }
}

fn winding(ring: &LineString<f64>, at: Coord<f64>) -> i32 {
    let angle = |from: Coord<f64>, to: Coord<f64>| {
        let (a, b) = (from - at, to - at);
        (a.x * b.y - a.y * b.x).atan2(a.x * b.x + a.y * b.y)
    };
    let turns: f64 = ring.lines().map(|line| angle(line.start, line.end)).sum();
    (turns / std::f64::consts::TAU).round() as i32
}

/// Many rings, large rings and rings made to be slow: done or refused in bounded steps.
#[test]
fn large_shapes_are_done_and_tangles_end() {
    let circle = |n: u32, r: f64, x: f64, y: f64| {
        let at = |i: u32| f64::from(i) / f64::from(n) * std::f64::consts::TAU;
        LineString((0..=n).map(|i| coord! { x: x + r * at(i % n).cos(), y: y + r * at(i % n).sin() }).collect())
    };
    let holes: Vec<_> = (0..2_500)
        .map(|i| circle(12, 0.004, 108.0 + f64::from(i % 50) * 0.01, 16.0 + f64::from(i / 50) * 0.01))
        .collect();
    let forest = Polygon::new(circle(50_000, 0.5, 108.245, 16.245), holes);
    let outcome = repair(forest.clone().into(), Expected::Areas, &Limits::default());
    assert!(matches!(outcome, Outcome::Whole { .. }));
    let (exterior, mut holes) = forest.into_inner();
    holes.push(circle(12, 0.009, 108.2, 16.2));
    let repaired = repair(Polygon::new(exterior, holes).into(), Expected::Areas, &Limits::default());
    let Outcome::Repaired { geometry, what } = repaired else { panic!("not repaired") };
    assert_eq!(what, [What::HolesOverlap]);
    assert!(geometry.unsigned_area() > 0.5);

    let mut random = Random(11);
    let mess: Vec<_> = (0..3_000).map(|_| coord! { x: 108.0 + random.unit(), y: 16.0 + random.unit() }).collect();
    let outcome = repair(Polygon::new(LineString(mess), vec![]).into(), Expected::Areas, &Limits::default());
    assert!(!matches!(outcome, Outcome::Whole { .. }));
    let comb: Vec<_> = (0..100_000)
        .map(|i| coord! { x: 108.0 + f64::from(i) * 1e-6, y: if i % 2 == 0 { 16.0 } else { 17.0 } })
        .collect();
    let outcome = repair(Polygon::new(LineString(comb), vec![]).into(), Expected::Areas, &Limits::default());
    assert!(!matches!(outcome, Outcome::Whole { .. }), "{outcome:?}");
}
