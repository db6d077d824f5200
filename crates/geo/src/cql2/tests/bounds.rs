//! Filters that are too large are refused before they cost anything, and the deepest that is read overflows no stack.

use serde_json::{Value as Json, json};

use super::generate::schema;
use crate::cql2::*;

fn nested(depth: usize) -> String {
    format!("{}TRUE{}", "(".repeat(depth), ")".repeat(depth))
}

#[test]
fn ten_thousand_levels_are_refused() {
    for text in [
        nested(10_000),
        "NOT ".repeat(10_000) + "TRUE",
        format!("{}floors = 1", "-(".repeat(10_000)),
        format!("1{} = 1", " + 1".repeat(9_000)),
        format!("{}name{} = 'a'", "CASEI(".repeat(10_000), ")".repeat(10_000)),
        format!("A_EQUALS({}, tags)", "(".repeat(10_000)),
        format!("T_AFTER({}", "INTERVAL(".repeat(10_000)),
        "f(".repeat(10_000),
    ] {
        let error = parse_text(&text).unwrap_err();
        assert!(matches!(error, Cql2Error::TooDeep { .. }), "{}: {error}", &text[..20]);
    }
    let json = format!("{}true{}", r#"{"op":"not","args":["#.repeat(10_000), "]}".repeat(10_000));
    let value = (0..200).fold(json!(true), |value, _| json!({ "op": "not", "args": [value] }));
    assert!(matches!(parse_json(&json), Err(Cql2Error::TooDeep { .. })));
    assert!(matches!(parse_json_value(&value), Err(Cql2Error::TooDeep { .. })));
}

/// Every way of nesting, as deep as it goes, is read, written, checked and evaluated.
#[test]
fn the_deepest_filter_goes_through() {
    let levels = MAX_DEPTH - 1;
    let mut not = json!(true);
    let mut sum = json!(1);
    let mut both = json!(true);
    for level in 1..=levels {
        not = json!({ "op": "not", "args": [not] });
        both = json!({ "op": if level % 2 == 0 { "and" } else { "or" }, "args": [true, both] });
        if level < levels {
            sum = json!({ "op": "+", "args": [1, sum] });
        }
    }
    for deep in [not, both, json!({ "op": "=", "args": [sum, 1] })] {
        let filter = parse_json_value(&deep).unwrap();
        assert_eq!(parse_text(&filter.to_text()).unwrap(), filter);
        assert_eq!(parse_json(&filter.to_json().to_string()).unwrap(), filter);
        filter.check(&schema()).unwrap().plan();
        let deeper = json!({ "op": "not", "args": [deep] });
        assert!(matches!(parse_json_value(&deeper), Err(Cql2Error::TooDeep { .. })));
        assert!(matches!(parse_text(&format!("NOT ({})", filter.to_text())), Err(Cql2Error::TooDeep { .. })));
    }
}

#[test]
fn length() {
    let long = format!("name = '{}'", "a".repeat(MAX_LENGTH));
    assert!(matches!(parse_text(&long), Err(Cql2Error::TooLong { .. })));
    assert!(matches!(parse_json(&long), Err(Cql2Error::TooLong { .. })));
}

#[test]
fn coordinates() {
    let positions = vec!["1 2"; MAX_COORDINATES + 1].join(",");
    let text = format!("S_INTERSECTS(geom, MULTIPOINT({positions}))");
    assert!(matches!(parse_text(&text), Err(Cql2Error::TooManyCoordinates { .. })));
    let positions = vec![json!([1, 2]); MAX_COORDINATES + 1];
    let json = json!({ "op": "s_within", "args": [{ "property": "geom" }, { "type": "MultiPoint", "coordinates": positions }] });
    assert!(matches!(parse_json_value(&json), Err(Cql2Error::TooManyCoordinates { .. })));
}

#[test]
fn items_and_parts() {
    let items = vec!["1"; MAX_ITEMS + 1].join(",");
    for text in [format!("floors IN ({items})"), format!("A_EQUALS(tags, ({items}))"), format!("f({items})")] {
        assert!(matches!(parse_text(&text), Err(Cql2Error::TooManyItems { .. })));
    }
    let items: Json = vec![json!(1); MAX_ITEMS + 1].into();
    let json = json!({ "op": "in", "args": [{ "property": "floors" }, items] });
    assert!(matches!(parse_json_value(&json), Err(Cql2Error::TooManyItems { .. })));
    let parts = vec!["vacant"; MAX_PARTS + 1].join(" OR ");
    assert!(matches!(parse_text(&parts), Err(Cql2Error::TooManyParts { .. })));
}

#[test]
fn patterns() {
    let check =
        |length: usize| parse_text(&format!("name LIKE '{}'", "%a".repeat(length / 2))).unwrap().check(&schema());
    assert!(check(MAX_PATTERN).is_ok());
    assert!(matches!(check(MAX_PATTERN + 2), Err(Cql2Error::Literal { .. })));
}

#[test]
fn schemas() {
    let one = Queryable::new("a", Kind::Text);
    let geometry = |name: &str| Queryable::new(name, Kind::Geometry);
    assert!(matches!(Schema::new(vec![one.clone(), one]), Err(SchemaError::Twice { .. })));
    assert!(matches!(Schema::new(vec![geometry("a"), geometry("b")]), Err(SchemaError::SecondGeometry { .. })));
    assert!(matches!(Schema::new(vec![Queryable::new("", Kind::Text)]), Err(SchemaError::Unnamed { .. })));
    let accented = Schema::new(vec![Queryable::new("độ", Kind::Integer)]).unwrap();
    assert!(parse_text("đo\u{302}\u{323} = 1").unwrap().check(&accented).is_ok());
}
