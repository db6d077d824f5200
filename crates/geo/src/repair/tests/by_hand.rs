//! One shape for each fault, with what is found and how much area is left, in squares of the unit.

use super::*;
use geo::Area;

const UNIT: f64 = 0.001;
const SQUARE: &[(i32, i32)] = &[(0, 0), (10, 0), (10, 10), (0, 10), (0, 0)];

#[track_caller]
fn found(geometry: impl Into<Geometry<f64>>, what: &[What], area: f64, parts: usize) {
    let Outcome::Repaired { geometry, what: found } = checked(&geometry.into()) else { panic!("not repaired") };
    assert_eq!(found, what);
    let squares = geometry.unsigned_area() / (UNIT * UNIT);
    assert!((squares - area).abs() < 1e-3, "{squares} squares instead of {area}");
    let count = match &geometry {
        Geometry::MultiPolygon(many) => many.0.len(),
        _ => 1,
    };
    assert_eq!(count, parts, "{geometry:?}");
}

fn one(rings: &[&[(i32, i32)]]) -> Polygon<f64> {
    polygon(rings, UNIT)
}

fn many(parts: &[&[(i32, i32)]]) -> MultiPolygon<f64> {
    MultiPolygon(parts.iter().map(|part| one(&[part])).collect())
}

#[test]
fn rings_with_faults() {
    found(one(&[&[(0, 0), (10, 10), (10, 0), (0, 10), (0, 0)]]), &[What::SelfIntersection], 50.0, 2);
    found(one(&[&[(0, 0), (10, 0), (10, 10), (5, 10), (5, 16), (5, 10), (0, 10), (0, 0)]]), &[What::Spike], 100.0, 1);
    found(one(&[&[(0, 0), (10, 0), (10, 10), (5, 10), (5, 6), (5, 10), (0, 10), (0, 0)]]), &[What::Spike], 100.0, 1);
    let repeated = &[(0, 0), (10, 0), (10, 0), (10, 10), (0, 10), (0, 10), (0, 10), (0, 0)];
    found(one(&[repeated]), &[What::RepeatedPoints], 100.0, 1);
    let twice: Vec<_> = SQUARE.iter().chain(SQUARE).copied().collect();
    found(one(&[&twice]), &[What::RepeatedPoints, What::SelfIntersection], 100.0, 1);
    // An exterior that touches itself is an exterior and a hole.
    let inverted = &[(0, 0), (10, 0), (10, 10), (0, 10), (0, 0), (2, 6), (6, 2), (0, 0)];
    found(one(&[inverted]), &[What::SelfIntersection], 84.0, 1);
}

#[test]
fn holes_with_faults() {
    let hole = |x: i32, y: i32, size: i32| [(x, y), (x + size, y), (x + size, y + size), (x, y + size), (x, y)];
    found(one(&[SQUARE, &hole(8, 8, 4)]), &[What::HoleOutside], 96.0, 1);
    found(one(&[SQUARE, &hole(20, 20, 4)]), &[What::HoleOutside], 116.0, 2);
    found(one(&[SQUARE, &hole(2, 2, 4), &hole(4, 4, 4)]), &[What::HolesOverlap], 72.0, 1);
    found(one(&[SQUARE, &hole(1, 1, 8), &hole(2, 2, 4)]), &[What::HolesOverlap], 36.0, 1);
    found(one(&[SQUARE, &hole(0, 2, 4)]), &[What::SharedEdge], 84.0, 1);
    found(one(&[SQUARE, &hole(2, 2, 3), &hole(5, 2, 3)]), &[What::SharedEdge], 82.0, 1);
    found(one(&[SQUARE, &hole(2, 2, 3), &hole(2, 2, 3)]), &[What::HolesOverlap, What::SharedEdge], 91.0, 1);
    let cut = &[(0, 5), (5, 7), (10, 5), (5, 3), (0, 5)];
    found(one(&[SQUARE, cut]), &[What::InteriorCut], 80.0, 2);
    found(one(&[SQUARE, &[(2, 2), (3, 3), (2, 2)]]), &[What::PartCollapsed], 100.0, 1);
    found(one(&[SQUARE, &[(2, 2), (3, 3), (4, 4), (2, 2)]]), &[What::Spike, What::PartCollapsed], 100.0, 1);
}

#[test]
fn parts_with_faults() {
    let moved = |dx: i32, dy: i32| SQUARE.iter().map(|(x, y)| (x + dx, y + dy)).collect::<Vec<_>>();
    found(many(&[SQUARE, &moved(5, 5)]), &[What::PartsOverlap], 175.0, 1);
    found(many(&[SQUARE, &moved(10, 0)]), &[What::SharedEdge], 200.0, 1);
    found(many(&[SQUARE, &moved(10, 5)]), &[What::SharedEdge], 200.0, 1);
    found(many(&[SQUARE, SQUARE]), &[What::PartsOverlap, What::SharedEdge], 100.0, 1);
    found(many(&[SQUARE, &[(2, 2), (4, 2), (4, 4), (2, 2)]]), &[What::PartsOverlap], 100.0, 1);
    let with_empty = MultiPolygon(vec![one(&[SQUARE]), Polygon::new(LineString(vec![]), vec![])]);
    found(with_empty, &[What::PartEmpty], 100.0, 1);
    found(many(&[SQUARE, &[(20, 0), (21, 0), (20, 0)]]), &[What::PartCollapsed], 100.0, 1);
}

#[test]
fn what_is_valid_stays_as_it_is() {
    let hole: &[(i32, i32)] = &[(2, 2), (2, 4), (4, 4), (4, 2), (2, 2)];
    let touching: &[(i32, i32)] = &[(0, 5), (5, 7), (5, 3), (0, 5)];
    let corner: &[(i32, i32)] = &[(10, 10), (20, 10), (20, 20), (10, 10)];
    let island = MultiPolygon(vec![one(&[SQUARE, hole]), one(&[&[(3, 2), (4, 3), (3, 4), (2, 3), (3, 2)]])]);
    let shapes: Vec<Geometry<f64>> = vec![
        one(&[SQUARE]).into(),
        one(&[SQUARE, hole]).into(),
        one(&[SQUARE, touching]).into(),
        many(&[SQUARE, corner]).into(),
        island.into(),
        ring(&[(0, 0), (10, 10), (10, 0), (0, 10)], UNIT).into(),
    ];
    for shape in shapes {
        assert!(matches!(checked(&shape), Outcome::Whole { .. }), "{shape:?}: {:?}", checked(&shape));
    }
}

#[test]
fn rings_are_turned_by_the_right_hand_rule() {
    use geo::Winding;
    let clockwise: Vec<_> = SQUARE.iter().rev().copied().collect();
    let shape = one(&[&clockwise, &[(2, 2), (4, 2), (4, 4), (2, 2)]]);
    let Outcome::Whole { geometry: Geometry::Polygon(turned) } = checked(&shape.into()) else { panic!("not whole") };
    assert!(turned.exterior().is_ccw() && turned.interiors()[0].is_cw());
}

#[test]
fn corners_keep_their_coordinates_and_only_crossings_are_new() {
    let shape = one(&[&[(0, 0), (10, 10), (10, 0), (0, 10), (0, 0)]]);
    let given = corners(&shape.clone().into());
    let Outcome::Repaired { geometry, .. } = checked(&shape.into()) else { panic!("not repaired") };
    let new: Vec<_> = corners(&geometry).into_iter().filter(|corner| !given.contains(corner)).collect();
    assert_eq!(new.len(), 1);
}

#[test]
fn faults_smaller_than_the_grid_are_not_taken_for_whole() {
    for tiny in [1e-13, 1e-11, 3e-10, 1e-9] {
        let spike = edited(&[(tiny, 0.0)]);
        let lobe = edited(&[(tiny, 0.0), (tiny, -tiny)]);
        for shape in [spike, lobe] {
            assert!(matches!(checked(&shape.into()), Outcome::Repaired { .. }), "{tiny}");
        }
    }
}

/// A square that leaves its last corner by `way` and comes back to it.
fn edited(way: &[(f64, f64)]) -> Polygon<f64> {
    let mut line = ring(SQUARE, UNIT);
    let corner = line.0[3];
    let out = way.iter().map(|(dx, dy)| coord! { x: corner.x + dx, y: corner.y + dy });
    line.0.splice(4..4, out.chain([corner]));
    Polygon::new(line, vec![])
}

#[test]
fn holes_of_an_exterior_without_extent_go_with_it() {
    let hole = &[(2, 2), (2, 4), (4, 4), (4, 2), (2, 2)];
    for line in [&[(20, 0), (30, 0), (20, 0)][..], &[(20, 0), (30, 0), (25, 0), (20, 0)][..]] {
        let shape = MultiPolygon(vec![one(&[line, hole]), one(&[SQUARE])]);
        let Outcome::Repaired { geometry, what } = checked(&shape.into()) else { panic!("not repaired") };
        assert!(what.contains(&What::PartCollapsed));
        assert!((geometry.unsigned_area() / (UNIT * UNIT) - 100.0).abs() < 1e-3);
    }
}

#[test]
fn codes_are_those_that_serde_writes() {
    use serde::de::IntoDeserializer;
    for what in [What::RingClosed, What::SelfIntersection, What::PartsOverlap, What::InteriorCut, What::Snapped] {
        let read = <What as serde::Deserialize>::deserialize(what.code().into_deserializer());
        assert_eq!(read.map_err(|error: serde::de::value::Error| error.to_string()), Ok(what));
    }
}

#[test]
fn collections_are_flattened_where_one_kind_remains() {
    let area: Geometry<f64> = one(&[SQUARE]).into();
    let nested = Geometry::GeometryCollection(vec![area].into());
    let outcome = checked(&Geometry::GeometryCollection(vec![nested].into()));
    assert!(matches!(outcome, Outcome::Whole { geometry: Geometry::MultiPolygon(_) }));
}

#[test]
fn collections_nested_without_end_are_refused_and_let_go() {
    let mut deep: Geometry<f64> = geo_types::point!(x: 1.0, y: 1.0).into();
    for _ in 0..200_000 {
        deep = Geometry::GeometryCollection(vec![deep].into());
    }
    let outcome = repair(deep, Expected::Any, &Limits::default());
    assert_eq!(outcome, Outcome::Refused { reason: Reason::TooDeep { max: 16 } });
}

#[test]
fn what_a_layer_does_not_take_is_refused() {
    let limits = Limits::default();
    let area: Geometry<f64> = one(&[SQUARE]).into();
    let refused = |geometry: &Geometry<f64>, expected| match repair(geometry.clone(), expected, &limits) {
        Outcome::Refused { reason } => reason,
        other => panic!("taken: {other:?}"),
    };
    let reason = refused(&area, Expected::Lines);
    assert_eq!(reason.to_string(), "the shape is a polygon but the layer takes lines: choose another layer");
    let mixed = Geometry::GeometryCollection(vec![area.clone(), geo_types::point!(x: 1.0, y: 1.0).into()].into());
    assert!(matches!(refused(&mixed, Expected::Areas), Reason::WrongKind { .. }));
    assert!(matches!(checked(&mixed), Outcome::Whole { .. }));
    let same = Geometry::GeometryCollection(vec![Geometry::GeometryCollection(vec![area.clone()].into())].into());
    let Outcome::Whole { geometry: Geometry::MultiPolygon(parts) } = repair(same, Expected::Areas, &limits) else {
        panic!("not put together")
    };
    assert_eq!(parts.0.len(), 1);
    let mut deep = area.clone();
    for _ in 0..40 {
        deep = Geometry::GeometryCollection(vec![deep].into());
    }
    assert_eq!(refused(&deep, Expected::Any), Reason::TooDeep { max: 16 });
    let few = Limits { coordinates_max: 4, ..limits };
    let outcome = repair(area, Expected::Any, &few);
    assert_eq!(outcome, Outcome::Refused { reason: Reason::TooManyCoordinates { given: 5, max: 4 } });
}
