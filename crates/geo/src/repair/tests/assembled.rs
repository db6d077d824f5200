//! Polygons from loose rings.

use super::*;
use geo::Area;

const UNIT: f64 = 0.001;

fn square(x: i32, y: i32, size: i32) -> LineString<f64> {
    ring(&[(x, y), (x + size, y), (x + size, y + size), (x, y + size), (x, y)], UNIT)
}

fn parts(outcome: &Outcome) -> (usize, usize, f64) {
    let geometry = outcome.clone().into_geometry().unwrap();
    assert!(geometry.is_valid());
    let squares = (geometry.unsigned_area() / (UNIT * UNIT) * 1e3).round() / 1e3;
    match geometry {
        Geometry::Polygon(part) => (1, part.interiors().len(), squares),
        Geometry::MultiPolygon(many) => (many.0.len(), many.iter().map(|part| part.interiors().len()).sum(), squares),
        other => panic!("not an area: {other:?}"),
    }
}

#[test]
fn rings_lie_in_each_other_whichever_way_they_run_and_come() {
    let mut backwards = square(5, 5, 2);
    backwards.0.reverse();
    let mut rings = vec![backwards, square(0, 0, 10), square(20, 0, 10), square(4, 4, 4), square(22, 2, 3)];
    for _ in 0..rings.len() {
        rings.rotate_left(1);
        let outcome = polygon_of(rings.clone(), &Limits::default());
        assert!(matches!(outcome, Outcome::Whole { .. }));
        assert_eq!(parts(&outcome), (3, 2, 100.0 - 16.0 + 4.0 + 100.0 - 9.0));
    }
}

#[test]
fn holes_that_touch_their_exterior_are_holes() {
    let touching = ring(&[(0, 0), (5, 2), (2, 5), (0, 0)], UNIT);
    let outcome = polygon_of(vec![square(0, 0, 10), touching], &Limits::default());
    assert_eq!(parts(&outcome), (1, 1, 89.5));
    // Two inner ways of one hole, as OpenStreetMap has them.
    let outcome = polygon_of(vec![square(0, 0, 10), square(2, 2, 2), square(4, 2, 2)], &Limits::default());
    assert_eq!(parts(&outcome), (1, 1, 92.0));
    assert!(matches!(outcome, Outcome::Repaired { what, .. } if what == [What::SharedEdge]));
}

#[test]
fn open_rings_are_closed_and_twins_count_once() {
    let mut open = square(0, 0, 10);
    open.0.pop();
    let mut twin = open.clone();
    twin.0.reverse();
    let outcome = polygon_of(vec![open, twin], &Limits::default());
    assert_eq!(parts(&outcome), (1, 0, 100.0));
    assert!(matches!(outcome, Outcome::Repaired { what, .. } if what == [What::RingClosed]));
}

#[test]
fn nothing_and_too_much_are_refused() {
    let reason =
        |rings: Vec<LineString<f64>>| match polygon_of(rings, &Limits { coordinates_max: 9, ..Limits::default() }) {
            Outcome::Refused { reason } => reason,
            other => panic!("taken: {other:?}"),
        };
    assert_eq!(reason(vec![]), Reason::Empty);
    assert_eq!(reason(vec![LineString(vec![])]), Reason::Empty);
    assert_eq!(reason(vec![ring(&[(1, 1)], UNIT)]), Reason::ZeroArea);
    assert!(matches!(reason(vec![square(0, 0, 1), square(1, 1, 1)]), Reason::TooManyCoordinates { given: 10, max: 9 }));
    let broken = LineString(vec![coord! { x: 1.0, y: f64::NAN }]);
    assert!(matches!(reason(vec![broken]), Reason::NotFinite { .. }));
}

#[test]
fn loose_rings_by_chance_are_valid_or_refused() {
    let mut random = Random(12);
    for _ in 0..1_000 {
        let count = 1 + random.below(6);
        let rings: Vec<LineString<f64>> = (0..count)
            .map(|_| {
                let (x, y, size) = (random.below(8) as i32, random.below(8) as i32, 1 + random.below(8) as i32);
                let mut square = square(x, y, size);
                if random.below(4) == 0 {
                    square.0.swap(1, 2);
                }
                square
            })
            .collect();
        if let Ok(geometry) = polygon_of(rings.clone(), &Limits::default()).into_geometry() {
            assert!(geometry.is_valid(), "from {rings:?}\nto {geometry:?}");
        }
    }
}
