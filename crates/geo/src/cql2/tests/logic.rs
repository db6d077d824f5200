//! What conditions are true of: NULL as in SQL, comparisons, texts, arithmetic, functions.

use geo_types::Point;
use jiff::civil::date;

use super::generate::{House, schema};
use crate::cql2::{CONFORMANCE, FUNCTIONS, Value, parse_text};

/// A house of 3 floors with no area known.
fn house() -> House {
    House {
        values: vec![
            "Chợ Hàn".into(),
            "Đường Bạch Đằng".into(),
            Value::Integer(3),
            Value::Null,
            Value::Boolean(true),
            Value::Date(date(2024, 2, 29)),
            // 1 March in Da Nang.
            Value::Timestamp("2024-02-29T17:30:00Z".parse().unwrap()),
            Value::Null,
            Value::Array(vec!["chợ".into(), Value::Integer(7)]),
            Value::Null,
        ],
        geometry: Some(Point::new(108.224, 16.068).into()),
    }
}

fn holds(text: &str) -> bool {
    let checked = parse_text(text).unwrap().check(&schema()).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(checked.matches(&house()), checked.matcher().matches(&house()), "{text}");
    checked.matches(&house())
}

#[track_caller]
fn all_true(conditions: &[&str]) {
    for condition in conditions {
        assert!(holds(condition), "{condition}");
        assert!(!holds(&format!("NOT ({condition})")), "NOT {condition}");
    }
}

#[track_caller]
fn all_null(conditions: &[&str]) {
    for condition in conditions {
        assert!(!holds(condition) && !holds(&format!("NOT ({condition})")), "{condition}");
        assert!(holds(&format!("({condition}) IS NULL")), "{condition}");
    }
}

#[test]
fn null_is_neither_true_nor_false() {
    all_null(&[
        "area > 1",
        "area = area",
        "area <> 1",
        "area NOT BETWEEN 1 AND 2",
        "floors BETWEEN 4 AND area",
        "area IN (1, 2)",
        "area NOT IN (1, 2)",
        "floors NOT IN (1, area)",
        "floors + area > 0",
        "floors / 0 = 1",
        "area > 1 AND TRUE",
        "area > 1 OR FALSE",
        "T_AFTER(until, DATE('2000-01-01'))",
        "T_INTERSECTS(INTERVAL(changed, until), DATE('2024-03-01'))",
        "A_CONTAINS(tags, (until))",
        "abs(area) = 1",
    ]);
    all_true(&[
        "area IS NULL",
        "floors IS NOT NULL",
        "geom IS NOT NULL",
        "area > 1 OR TRUE",
        "NOT (area > 1 AND FALSE)",
        "floors IN (3, area)",
        "INTERVAL(changed, until) IS NULL",
        "INTERVAL(changed, '..') IS NOT NULL",
        "(area > 1) IS NULL",
    ]);
}

#[test]
fn comparisons() {
    all_true(&[
        "floors = 3.0 AND 3 = floors",
        "floors <> 4 AND floors < 3.5 AND floors >= 3",
        "9007199254740993 > 9007199254740992.0",
        "vacant AND vacant = TRUE AND vacant > FALSE",
        "built = '2024-02-29' AND built < DATE('2024-03-01')",
        "built IN ('2024-02-29', '2020-01-01')",
        "changed = '2024-02-29T17:30:00Z'",
        // A date and a timestamp meet as days of the layer's offset.
        "changed = DATE('2024-03-01') AND changed > built",
        "changed <= DATE('2024-03-01') AND changed > DATE('2024-02-29')",
        "floors BETWEEN 3 AND 3 AND floors NOT BETWEEN 5 AND 1",
        "name IN ('x', 'Chợ Hàn') AND name NOT IN ('x')",
    ]);
}

#[test]
fn texts() {
    all_true(&[
        "name = 'Cho\u{323}\u{31B} Ha\u{300}n'",
        "street LIKE '%Đằng' AND street LIKE 'Đường%' AND street LIKE '_ường B%'",
        "street NOT LIKE '%dang'",
        "ACCENTI(street) = 'Duong Bach Dang'",
        "CASEI(street) = CASEI('ĐƯỜNG BẠCH ĐẰNG')",
        "ACCENTI(CASEI(street)) LIKE ACCENTI(CASEI('%BẠCH ĐẰNG'))",
        "CASEI(ACCENTI(street)) LIKE '%bach dang'",
        "CASEI('Straße') IN (CASEI('x'), CASEI('STRASSE'))",
        "'a' < 'b' AND 'Z' < 'a' AND name < street",
    ]);
}

#[test]
fn arithmetic() {
    all_true(&[
        "floors * 2 + 1 = 7",
        "7 / 2 = 3.5 AND 7 div 2 = 3 AND -7 div 2 = -3 AND -7 % 3 = -1",
        "2 ^ 10 = 1024 AND -2 ^ 2 = 4",
        "-floors = -3 AND -(floors + 1) = -4",
        "1 + 2 * 3 - 4 / 2 = 5",
        "(1 + 2) * 3 = 9 AND 10 - 3 - 2 = 5",
    ]);
}

#[test]
fn arrays() {
    all_true(&[
        "A_CONTAINS(tags, ('chợ')) AND A_CONTAINS(tags, (7.0)) AND A_CONTAINS(tags, ())",
        "A_EQUALS(tags, (7, 'chợ', 7))",
        "A_CONTAINEDBY(tags, ('chợ', 7, 8)) AND NOT A_CONTAINEDBY(tags, ('chợ'))",
        "A_OVERLAPS(tags, (1, 7)) AND NOT A_OVERLAPS(tags, ('7'))",
        "A_EQUALS((floors, 'a'), ('a', 3))",
        "A_EQUALS(((1, 2), 3), (3, (2, 1)))",
    ]);
}

#[test]
fn functions() {
    all_true(&[
        "lower(name) = 'chợ hàn' AND upper('đ') = 'Đ' AND trim(' a ') = 'a' AND length(name) = 7",
        "abs(-3) = 3 AND floor(2.5) = 2 AND ceil(2.5) = 3 AND round(2.5) = 3",
        "year(built) = 2024 AND month(changed) = 3 AND day(changed) = 1 AND day(built) = 29",
        "count(tags) = 2 AND avg((1, 2, 6)) = 3",
        "S_WITHIN(centroid(geom), BBOX(108, 16, 109, 17))",
        "S_EQUALS(centroid(BBOX(0, 0, 2, 2)), POINT(1 1)) AND S_EQUALS(envelope(LINESTRING(0 0, 1 1)), BBOX(0, 0, 1, 1))",
        "LENGTH(name) = 7 AND abs((-3)) = 3 AND CASEI(('A')) = 'a' AND S_WITHIN((geom), (geom)) AND T_EQUALS((built), built)",
    ]);
    all_null(&["avg(tags) = 1", "avg(()) = 1", "length(lower(street)) + area = 1"]);
    let names: std::collections::BTreeSet<_> = FUNCTIONS.iter().map(|function| function.name).collect();
    assert_eq!(names.len(), FUNCTIONS.len());
    assert!(names.iter().all(|name| !crate::cql2::names::is_keyword(name)));
}

#[test]
fn values_of_another_type_than_declared_are_null() {
    let mut house = house();
    house.values[2] = "three".into();
    let checked = parse_text("floors = 3 OR floors <> 3 OR floors IN (1, 3) OR floors NOT IN (1, 3)").unwrap();
    assert!(!checked.check(&schema()).unwrap().matches(&house));
}

#[test]
fn conformance_classes_are_named_once() {
    let classes: std::collections::BTreeSet<_> = CONFORMANCE.iter().collect();
    assert_eq!(classes.len(), 14);
    assert!(CONFORMANCE.iter().all(|class| class.starts_with("http://www.opengis.net/spec/cql2/1.0/conf/")));
}
