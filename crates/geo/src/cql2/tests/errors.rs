//! Mistakes are told with their place and what to do.

use super::generate::schema;
use crate::cql2::{Position, parse_json, parse_text};

fn of_text(text: &str) -> String {
    match parse_text(text) {
        Err(error) => error.to_string(),
        Ok(filter) => filter.check(&schema()).expect_err(text).to_string(),
    }
}

fn of_json(json: &str) -> String {
    match parse_json(json) {
        Err(error) => error.to_string(),
        Ok(filter) => filter.check(&schema()).expect_err(json).to_string(),
    }
}

#[test]
fn grammar() {
    for (text, message) in [
        ("", "at character 1: expected a value, a property or a condition, found the end"),
        (
            "floors",
            "at character 1: property `floors` (integer) stands where a condition is needed: compare it with a value \
                    (`=`, `<`, LIKE, …) or test it (IS NULL)",
        ),
        ("floors = ", "at character 10: expected a value, a property or a condition, found the end"),
        ("floors != 3", "at character 8: expected an operator or the end, found `!=`: write `<>`"),
        (
            "name = ‘a’",
            "at character 8: expected a value, a property or a condition, found a typographic quote: write `'`",
        ),
        (
            "name = 'a",
            "at character 8: expected a value, a property or a condition, found a text without its closing `'`",
        ),
        ("name LIKE 'a' floors", "at character 15: expected an operator or the end, found `floors`"),
        ("name IS 3", "at character 9: expected `NULL` or `NOT NULL`, found number 3"),
        ("name NOT = 3", "at character 10: expected `LIKE`, `BETWEEN` or `IN`, found `=`"),
        ("area BETWEEN 1", "at character 15: expected `AND` and the upper limit of BETWEEN, found the end"),
        ("name IN 'a'", "at character 9: expected `(`, found text 'a'"),
        ("name IN ()", "at character 10: expected a value, a property or a condition, found `)`"),
        (
            "like = 1",
            "at character 1: expected a value or a property (whose name, if it is a keyword, goes into double \
                      quotes), found `like`",
        ),
        ("2 ^ 3 ^ 4 = 1", "at character 7: expected parentheses around one of two powers, found `^`"),
        ("area < 1e999", "at character 8: 1e999 cannot be read: write a number of less than 1E308"),
        ("S_INTERSECTS(geom)", "at character 1: expected 2 operands of `S_INTERSECTS`, found 1"),
        (
            "built = DATE('2023-02-29')",
            "at character 14: text '2023-02-29' cannot be read: write a day of the calendar as \
                                        'YYYY-MM-DD'",
        ),
        (
            "T_AFTER(built, INTERVAL('x', '..'))",
            "at character 25: text 'x' cannot be read: write a date, a timestamp or \
                                                 '..' as the limit of an interval",
        ),
    ] {
        assert_eq!(of_text(text), message);
    }
}

#[test]
fn names_and_types() {
    for (text, message) in [
        ("Floors = 3", "at character 1: there is no queryable property `Floors`: write `floors`"),
        (
            "name = 'a' AND flors = 3",
            "at character 16: there is no queryable property `flors`: the queryables are name, \
                                      street, floors, area, vacant, built, changed, until, tags, geom",
        ),
        (
            "floors = '3'",
            "at character 10: text '3' stands where integer for property `floors` (integer) is needed: write a \
                          number without quotes",
        ),
        (
            "3 < name",
            "at character 1: number 3 stands where text for property `name` (text) is needed: write a text in single \
                      quotes",
        ),
        (
            "built > 'hôm qua'",
            "at character 9: text 'hôm qua' stands where date is needed: write DATE('YYYY-MM-DD') or \
                               TIMESTAMP('YYYY-MM-DDThh:mm:ssZ')",
        ),
        (
            "geom = name",
            "at character 1: property `geom` (geometry) stands where a value that has an order is needed: use \
                         S_EQUALS or another spatial function",
        ),
        (
            "name + 1 = 2",
            "at character 1: property `name` (text) stands where number is needed: write a number without quotes",
        ),
        (
            "name LIKE street",
            "at character 11: property `street` (text) stands where a pattern is needed: write the pattern \
                              as a text, in CASEI or ACCENTI if need be",
        ),
        (
            "built BETWEEN 1 AND 2",
            "at character 1: property `built` (date) stands where number is needed: write a number \
                                   without quotes",
        ),
        (
            "T_DURING(built, INTERVAL('2020-01-01', '..'))",
            "at character 10: property `built` (date) stands where interval for \
          T_DURING is needed: write INTERVAL(start, end), or use T_INTERSECTS",
        ),
        (
            "T_AFTER(built, INTERVAL('2021-01-01', '2020-01-01'))",
            "at character 16: interval cannot be read: begin it before it \
          ends",
        ),
        (
            "S_WITHIN(name, POINT(1 1))",
            "at character 10: property `name` (text) stands where geometry is needed: write a \
          geometry, as POINT(108.22 16.07) or BBOX(108, 16, 108.3, 16.2)",
        ),
        ("intersects(geom, geom)", "at character 1: there is no function `intersects`: write S_INTERSECTS"),
        ("length(name, 1) = 1", "at character 1: expected length(text), found 2 arguments"),
        (
            "abs((floors, 1)) = 1",
            "at character 5: array stands where number for abs(number) is needed: write a number without \
          quotes",
        ),
        (
            "A_CONTAINS(tags, 'a')",
            "at character 18: text 'a' stands where array is needed: write an array in parentheses",
        ),
        (
            "S_WITHIN(geom, POLYGON((0 0, 4 4, 4 0, 0 4, 0 0)))",
            "at character 16: geometry cannot be read: draw the ring without \
          crossing or touching itself at 4 0",
        ),
        (
            "S_WITHIN(geom, BBOX(3, 0, 1, 1))",
            "at character 16: bounding box cannot be read: put the smaller first coordinate \
          first",
        ),
    ] {
        assert_eq!(of_text(text), message);
    }
    let unknown = of_text("foo(1) = 1");
    assert!(
        unknown.starts_with("at character 1: there is no function `foo`: the functions are lower, upper"),
        "{unknown}"
    );
}

#[test]
fn json() {
    for (json, message) in [
        ("{", "filter is not JSON: EOF while parsing an object at line 1 column 1"),
        ("null", "at the top: expected a value (`isNull` tests for null), found null"),
        (
            "[]",
            "at the top: array stands where a condition is needed: compare it with a value (`=`, `<`, LIKE, …) or test it \
                (IS NULL)",
        ),
        (
            "{\"$ref\":\"#\"}",
            "at the top: expected `op`, `property`, `date`, `timestamp`, `interval`, `bbox` or a geometry, \
                             found `$ref`",
        ),
        (r#"{"op":"and","args":[true]}"#, "at the top: expected 2 or more operands of `and`, found 1"),
        (r#"{"op":"="}"#, "at the top: expected an array `args` beside `op` =, found none"),
        (
            r#"{"op":"=","args":[{"property":"floor"},1]}"#,
            "at /args/0: there is no queryable property `floor`: the queryables \
          are name, street, floors, area, vacant, built, changed, until, tags, geom",
        ),
        (
            r#"{"op":"not","args":[{"op":"in","args":[{"property":"floors"},[1,"2"]]}]}"#,
            "at /args/0/args/1/1: text '2' stands \
          where integer for property `floors` (integer) is needed: write a number without quotes",
        ),
        (
            r#"{"op":"in","args":[{"property":"floors"},[]]}"#,
            "at the top: expected at least one value in the array of `in`, \
          found none",
        ),
        (
            r#"{"op":"t_after","args":[{"property":"built"},{"interval":["..","soon"]}]}"#,
            "at /args/1/interval/1: text 'soon' \
          cannot be read: write a date, a timestamp or '..' as the limit of an interval",
        ),
        (
            r#"{"op":"point","args":[]}"#,
            "at the top: expected an operator of CQL2 or the name of a function, found point",
        ),
        (
            r#"{"op":"s_within","args":[{"property":"geom"},{"type":"Circle","coordinates":[1,2]}]}"#,
            "at /args/1: expected \
          Point, LineString, Polygon, MultiPoint, MultiLineString, MultiPolygon or (not inside another) GeometryCollection, \
          found Circle",
        ),
        (
            r#"{"op":"s_within","args":[{"property":"geom"},{"type":"Point","coordinates":[1]}]}"#,
            "at /args/1/coordinates: expected 2 or 3 numbers, found 1",
        ),
        (
            r#"{"op":"s_within","args":[{"property":"geom"},{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}]}"#,
            "at /args/1: ring of a polygon cannot be read: close it: repeat its first position at its end",
        ),
    ] {
        assert_eq!(of_json(json), message);
    }
}

#[test]
fn positions_are_for_programs_too() {
    let error = parse_text("floors = 'a'").unwrap().check(&schema()).unwrap_err();
    assert_eq!(error.position(), Some(&Position::Character(10)));
    let error = parse_json(r#"{"op":"<","args":[1,"a"]}"#).unwrap().check(&schema()).unwrap_err();
    assert_eq!(error.position(), Some(&Position::Pointer("/args/1".into())));
}
