//! The spatial and temporal relations over features.

use geo_types::{Coord, Geometry, Point, Rect};

use super::generate::{House, Random, geometry, schema};
use crate::cql2::{Schema, Value, parse_text};

const SQUARE: &str = "POLYGON((0 0, 4 0, 4 4, 0 4, 0 0))";
const INTERSECTS: &str = "S_INTERSECTS";

fn literal(wkt: &str) -> Geometry<f64> {
    use crate::cql2::ast::Expr;
    let Expr::Spatial(_, operands) = parse_text(&format!("S_INTERSECTS(geom, {wkt})")).unwrap().root.expr else {
        panic!()
    };
    let Expr::Shape(shape) = &operands[1].expr else { panic!("{wkt}") };
    shape.geometry.clone()
}

fn wkt(geometry: &Geometry<f64>) -> String {
    use crate::cql2::shape::Shape;
    let mut text = String::new();
    crate::cql2::to_text::wkt(&mut text, &Shape { geometry: geometry.clone(), heights: Vec::new() });
    text
}

fn at(geometry: Geometry<f64>) -> House {
    House { values: vec![Value::Null; 10], geometry: Some(geometry) }
}

/// Which relations hold of a feature and a geometry.
fn relations(feature: &str, other: &str) -> Vec<&'static str> {
    let house = at(literal(feature));
    let operators = crate::cql2::names::Spatial::ALL.iter().map(|op| op.name());
    let holding = operators.filter(|op| {
        let checked = parse_text(&format!("{op}(geom, {other})")).unwrap().check(&schema()).unwrap();
        let written = parse_text(&format!("{op}({feature}, {other})")).unwrap().check(&schema()).unwrap();
        let matches = checked.matches(&house);
        assert_eq!(matches, checked.matcher().matches(&house), "{op} {feature} {other}");
        assert_eq!(matches, written.matcher().matches(&house), "{op} {feature} {other}");
        matches
    });
    holding.map(|op| op.strip_prefix("s_").unwrap()).collect()
}

#[test]
fn spatial() {
    for (feature, other, expected) in [
        ("POINT(1 1)", SQUARE, vec!["intersects", "within"]),
        ("POINT(0 1)", SQUARE, vec!["intersects", "touches"]),
        ("POINT(9 9)", SQUARE, vec!["disjoint"]),
        ("POINT(1 1)", "POINT(1 1)", vec!["intersects", "equals", "within", "contains"]),
        ("MULTIPOINT((1 1), (9 9))", SQUARE, vec!["intersects", "crosses"]),
        ("MULTIPOINT((1 1), (9 9))", "MULTIPOINT((1 1), (2 2))", vec!["intersects", "overlaps"]),
        ("LINESTRING(1 1, 9 9)", SQUARE, vec!["intersects", "crosses"]),
        ("LINESTRING(0 0, 0 4)", SQUARE, vec!["intersects", "touches"]),
        ("LINESTRING(0 1, 9 1)", "LINESTRING(2 0, 2 3)", vec!["intersects", "crosses"]),
        ("LINESTRING(0 1, 3 1)", "LINESTRING(2 1, 9 1)", vec!["intersects", "overlaps"]),
        ("LINESTRING(0 1, 3 1)", "LINESTRING(3 1, 0 1)", vec!["intersects", "equals", "within", "contains"]),
        (SQUARE, "POLYGON((2 2, 6 2, 6 6, 2 6, 2 2))", vec!["intersects", "overlaps"]),
        (SQUARE, "POLYGON((4 0, 8 0, 8 4, 4 4, 4 0))", vec!["intersects", "touches"]),
        (SQUARE, "POLYGON((1 1, 2 1, 2 2, 1 1))", vec!["intersects", "contains"]),
        (SQUARE, "POLYGON((4 4, 0 4, 0 0, 2 0, 4 0, 4 4))", vec!["intersects", "equals", "within", "contains"]),
        (SQUARE, "BBOX(0, 0, 4, 4)", vec!["intersects", "equals", "within", "contains"]),
        (SQUARE, "BBOX(1, 1, 1, 1)", vec!["intersects", "contains"]),
        (SQUARE, "BBOX(4, 1, 4, 9)", vec!["intersects", "touches"]),
        (SQUARE, "BBOX(-1, -1, 9, 9)", vec!["intersects", "within"]),
        ("LINESTRING(1 1, 3 3)", "BBOX(-1, -1, 9, 9)", vec!["intersects", "within"]),
    ] {
        assert_eq!(relations(feature, other), expected, "{feature} {other}");
    }
}

#[test]
fn collections_intersect_where_a_part_does() {
    let collection = format!("GEOMETRYCOLLECTION({SQUARE}, POLYGON((2 2, 9 2, 9 9, 2 2)), POINT(20 20))");
    let checked = parse_text(&format!("{INTERSECTS}(geom, {collection})")).unwrap().check(&schema()).unwrap();
    assert!(checked.matches(&at(Point::new(20.0, 20.0).into())));
    assert!(checked.matcher().matches(&at(Point::new(1.0, 1.0).into())));
    assert!(!checked.matches(&at(Point::new(10.0, 10.0).into())));
    let within = parse_text(&format!("S_WITHIN(geom, {collection})")).unwrap().check(&schema()).unwrap_err();
    assert!(within.to_string().contains("unite the overlapping polygons"), "{within}");
}

/// What boxes decide alone, and what is prepared, is what the matrix says.
#[test]
fn shortcuts_change_nothing() {
    let mut random = Random(4);
    for _ in 0..3_000 {
        let (a, b) = (at(geometry(&mut random)), geometry(&mut random));
        let written = wkt(&b);
        for op in crate::cql2::names::Spatial::ALL {
            let name = op.name();
            let one = parse_text(&format!("{name}(geom, {written})")).unwrap().check(&schema()).unwrap();
            let other = crate::cql2::spatial::Side { geometry: &b, literal: None, prepared: None };
            let feature =
                crate::cql2::spatial::Side { geometry: a.geometry.as_ref().unwrap(), literal: None, prepared: None };
            let plain = crate::cql2::spatial::holds(*op, feature, other);
            assert_eq!(Some(one.matches(&a)), plain, "{name} {a:?} {written}");
            assert_eq!(Some(one.matcher().matches(&a)), plain, "{name} {a:?} {written}");
        }
    }
}

#[test]
fn shapes_that_are_not_finite_are_null() {
    let house = at(Point::new(f64::NAN, 1.0).into());
    for condition in ["S_WITHIN(geom, BBOX(0, 0, 4, 4))", "NOT S_WITHIN(geom, BBOX(0, 0, 4, 4))"] {
        assert!(!parse_text(condition).unwrap().check(&schema()).unwrap().matches(&house));
    }
}

fn world() -> Schema {
    schema().with_bounds(Rect::new(Coord { x: -180.0, y: -90.0 }, Coord { x: 180.0, y: 90.0 }))
}

#[test]
fn a_box_goes_round_the_antimeridian() {
    let checked = parse_text("S_INTERSECTS(geom, BBOX(160, -10, -170, 10))").unwrap().check(&world()).unwrap();
    for (x, inside) in [(165.0, true), (180.0, true), (-175.0, true), (-160.0, false), (0.0, false)] {
        let house = at(Point::new(x, 0.0).into());
        assert_eq!(checked.matches(&house), inside, "{x}");
        assert!(!inside || checked.plan().admits(&house));
    }
    let error = parse_text("S_INTERSECTS(geom, POINT(90 180))").unwrap().check(&world()).unwrap_err();
    assert!(error.to_string().contains("within -180 -90 and 180 90"), "{error}");
}

#[test]
fn a_filter_in_another_reference_system() {
    let filter = parse_text("S_WITHIN(geom, BBOX(16, 108, 17, 109)) AND name = 'a'").unwrap();
    let swapped = filter.transformed(|coord| Some(Coord { x: coord.y, y: coord.x })).unwrap();
    let mut house = at(Point::new(108.5, 16.5).into());
    house.values[0] = "a".into();
    assert!(swapped.check(&world()).unwrap().matches(&house));
    assert!(filter.check(&world()).is_err());
    assert!(filter.transformed(|_| None).unwrap_err().to_string().contains("reference systems"));
}

#[test]
fn temporal() {
    let mut house = at(Point::new(0.0, 0.0).into());
    house.values[5] = Value::Date(jiff::civil::date(2024, 3, 1));
    house.values[6] = Value::Timestamp("2024-02-29T17:00:00Z".parse().unwrap());
    house.values[7] = Value::Timestamp("2024-03-02T00:00:00Z".parse().unwrap());
    for condition in [
        "T_AFTER(built, DATE('2024-02-29')) AND T_BEFORE(built, INTERVAL('2024-03-02', '..'))",
        // Days of the layer's offset.
        "T_EQUALS(changed, DATE('2024-03-01')) AND T_EQUALS(changed, built)",
        "T_DISJOINT(changed, DATE('2024-02-29'))",
        "T_INTERSECTS(INTERVAL(changed, until), INTERVAL('2024-03-02T00:00:00Z', '..'))",
        "T_DISJOINT(INTERVAL(changed, until), INTERVAL('2024-03-02T00:00:00.000000001Z', '..'))",
        "T_DURING(INTERVAL(changed, until), INTERVAL('2024-02-29', '2024-03-03'))",
        "NOT T_DURING(INTERVAL(changed, until), INTERVAL('2024-03-01', '2024-03-03'))",
        "T_DURING(INTERVAL(changed, until), INTERVAL('..', '..'))",
        "T_STARTS(INTERVAL(changed, until), INTERVAL('2024-02-29T17:00:00Z', '..'))",
        "T_STARTEDBY(INTERVAL(changed, until), INTERVAL('2024-02-29T17:00:00Z', '2024-03-01T00:00:00Z'))",
        "T_FINISHES(INTERVAL(changed, until), INTERVAL('..', '2024-03-02T00:00:00Z'))",
        "T_FINISHEDBY(INTERVAL(changed, '..'), INTERVAL(until, '..'))",
        "T_MEETS(INTERVAL(changed, until), INTERVAL('2024-03-02T00:00:00Z', '..'))",
        "T_METBY(INTERVAL(until, '..'), INTERVAL(changed, until))",
        "T_CONTAINS(INTERVAL('..', '..'), INTERVAL(changed, until))",
        "T_OVERLAPS(INTERVAL(changed, until), INTERVAL('2024-03-01T00:00:00Z', '2024-04-01T00:00:00Z'))",
        "T_OVERLAPPEDBY(INTERVAL(changed, until), INTERVAL('2024-01-01T00:00:00Z', '2024-03-01T00:00:00Z'))",
        "T_EQUALS(INTERVAL('..', until), INTERVAL('..', '2024-03-02T00:00:00Z'))",
        // A date within an interval of timestamps is a whole day.
        "T_EQUALS(INTERVAL('2024-03-01', '2024-03-01T17:00:00Z'), INTERVAL(changed, '2024-03-01T17:00:00Z'))",
    ] {
        let checked =
            parse_text(condition).unwrap().check(&schema()).unwrap_or_else(|error| panic!("{condition}: {error}"));
        assert!(checked.matches(&house) && checked.plan().admits(&house), "{condition}");
    }
    house.values[7] = Value::Timestamp("2020-01-01T00:00:00Z".parse().unwrap());
    let backwards = parse_text("INTERVAL(changed, until) IS NOT NULL AND T_DISJOINT(INTERVAL(changed, until), built)");
    assert!(!backwards.unwrap().check(&schema()).unwrap().matches(&house));
}
