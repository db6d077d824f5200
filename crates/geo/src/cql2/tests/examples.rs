//! Filters of a city in both encodings: each is read from text and from JSON as the same filter, and written back.

use serde_json::Value as Json;

use crate::cql2::{parse_json, parse_json_value, parse_text};

/// Text, JSON, and the text as it is written where that is another one.
type Example = (&'static str, &'static str, Option<&'static str>);

const COMPARISONS: &[Example] = &[
    ("use = 'đất ở'", r#"{"op":"=","args":[{"property":"use"},"đất ở"]}"#, None),
    ("floors<>3", r#"{"op":"<>","args":[{"property":"floors"},3]}"#, Some("floors <> 3")),
    ("floors < -3", r#"{"op":"<","args":[{"property":"floors"},-3]}"#, None),
    ("area > .5", r#"{"op":">","args":[{"property":"area"},0.5]}"#, Some("area > 0.5")),
    ("area <= 1.5E3", r#"{"op":"<=","args":[{"property":"area"},1500.0]}"#, Some("area <= 1500.0")),
    ("area >= 9007199254740993", r#"{"op":">=","args":[{"property":"area"},9007199254740993]}"#, None),
    ("vacant = true", r#"{"op":"=","args":[{"property":"vacant"},true]}"#, Some("vacant = TRUE")),
    ("FALSE <> vacant", r#"{"op":"<>","args":[false,{"property":"vacant"}]}"#, None),
    ("built > DATE('2020-02-29')", r#"{"op":">","args":[{"property":"built"},{"date":"2020-02-29"}]}"#, None),
    (
        "changed <= timestamp('2026-01-31T23:59:59.250Z')",
        r#"{"op":"<=","args":[{"property":"changed"},{"timestamp":"2026-01-31T23:59:59.25Z"}]}"#,
        Some("changed <= TIMESTAMP('2026-01-31T23:59:59.25Z')"),
    ),
    (
        "changed = TIMESTAMP('2026-02-01T06:30:00+07:00')",
        r#"{"op":"=","args":[{"property":"changed"},{"timestamp":"2026-01-31T23:30:00Z"}]}"#,
        Some("changed = TIMESTAMP('2026-01-31T23:30:00Z')"),
    ),
    ("owner IS NULL", r#"{"op":"isNull","args":[{"property":"owner"}]}"#, None),
    (
        "owner is not null",
        r#"{"op":"not","args":[{"op":"isNull","args":[{"property":"owner"}]}]}"#,
        Some("owner IS NOT NULL"),
    ),
    ("cao_độ = 2", r#"{"op":"=","args":[{"property":"cao_độ"},2]}"#, None),
    ("\"date\" = \"chủ sở hữu\"", r#"{"op":"=","args":[{"property":"date"},{"property":"chủ sở hữu"}]}"#, None),
    ("\"a\"\"b\" = 1", r#"{"op":"=","args":[{"property":"a\"b"},1]}"#, None),
    ("qh:mat_do.max > 60", r#"{"op":">","args":[{"property":"qh:mat_do.max"},60]}"#, None),
    (
        "note = 'ông Tư''s \\'kiệt\\' \\\\ 5\\n'",
        r#"{"op":"=","args":[{"property":"note"},"ông Tư's 'kiệt' \\ 5\n"]}"#,
        Some("note = 'ông Tư''s ''kiệt'' \\\\ 5\\n'"),
    ),
    ("TRUE", "true", None),
    ("is_heritage(id)", r#"{"op":"is_heritage","args":[{"property":"id"}]}"#, None),
];

const LOGIC: &[Example] = &[
    (
        "a = 1 AND b = 2 and c = 3",
        r#"{"op":"and","args":[{"op":"=","args":[{"property":"a"},1]},{"op":"=","args":[{"property":"b"},2]},{"op":"=","args":[{"property":"c"},3]}]}"#,
        Some("a = 1 AND b = 2 AND c = 3"),
    ),
    (
        "a = 1 OR b = 2 AND c = 3",
        r#"{"op":"or","args":[{"op":"=","args":[{"property":"a"},1]},{"op":"and","args":[{"op":"=","args":[{"property":"b"},2]},{"op":"=","args":[{"property":"c"},3]}]}]}"#,
        None,
    ),
    (
        "(a = 1 OR b = 2) AND c = 3",
        r#"{"op":"and","args":[{"op":"or","args":[{"op":"=","args":[{"property":"a"},1]},{"op":"=","args":[{"property":"b"},2]}]},{"op":"=","args":[{"property":"c"},3]}]}"#,
        None,
    ),
    (
        "NOT a = 1 AND b = 2",
        r#"{"op":"and","args":[{"op":"not","args":[{"op":"=","args":[{"property":"a"},1]}]},{"op":"=","args":[{"property":"b"},2]}]}"#,
        Some("NOT (a = 1) AND b = 2"),
    ),
    (
        "NOT (a = 1 AND b = 2)",
        r#"{"op":"not","args":[{"op":"and","args":[{"op":"=","args":[{"property":"a"},1]},{"op":"=","args":[{"property":"b"},2]}]}]}"#,
        None,
    ),
    (
        "NOT NOT a = 1",
        r#"{"op":"not","args":[{"op":"not","args":[{"op":"=","args":[{"property":"a"},1]}]}]}"#,
        Some("NOT (NOT (a = 1))"),
    ),
    ("(a = 1) IS NULL", r#"{"op":"isNull","args":[{"op":"=","args":[{"property":"a"},1]}]}"#, None),
];

const ADVANCED: &[Example] = &[
    ("street LIKE 'Bạch%'", r#"{"op":"like","args":[{"property":"street"},"Bạch%"]}"#, None),
    (
        "street not like '_rần%'",
        r#"{"op":"not","args":[{"op":"like","args":[{"property":"street"},"_rần%"]}]}"#,
        Some("street NOT LIKE '_rần%'"),
    ),
    (r"share LIKE '100\%'", r#"{"op":"like","args":[{"property":"share"},"100\\%"]}"#, Some(r"share LIKE '100\\%'")),
    ("area BETWEEN 40 AND 90.5", r#"{"op":"between","args":[{"property":"area"},40,90.5]}"#, None),
    (
        "area NOT BETWEEN low AND high + 1",
        r#"{"op":"not","args":[{"op":"between","args":[{"property":"area"},{"property":"low"},{"op":"+","args":[{"property":"high"},1]}]}]}"#,
        None,
    ),
    ("ward IN ('Hải Châu', 'Hoà Cường')", r#"{"op":"in","args":[{"property":"ward"},["Hải Châu","Hoà Cường"]]}"#, None),
    ("floors NOT IN (1)", r#"{"op":"not","args":[{"op":"in","args":[{"property":"floors"},[1]]}]}"#, None),
    ("5 IN (floors, basements)", r#"{"op":"in","args":[5,[{"property":"floors"},{"property":"basements"}]]}"#, None),
    (
        "CASEI(ward) = casei('HẢI CHÂU')",
        r#"{"op":"=","args":[{"op":"casei","args":[{"property":"ward"}]},{"op":"casei","args":["HẢI CHÂU"]}]}"#,
        Some("CASEI(ward) = CASEI('HẢI CHÂU')"),
    ),
    (
        "ACCENTI(CASEI(street)) LIKE ACCENTI(CASEI('%đằng'))",
        r#"{"op":"like","args":[{"op":"accenti","args":[{"op":"casei","args":[{"property":"street"}]}]},{"op":"accenti","args":[{"op":"casei","args":["%đằng"]}]}]}"#,
        None,
    ),
    (
        "lower(trim(ward)) = 'x'",
        r#"{"op":"=","args":[{"op":"lower","args":[{"op":"trim","args":[{"property":"ward"}]}]},"x"]}"#,
        None,
    ),
    (
        "A_CONTAINS(tags, ('trường', 'chợ'))",
        r#"{"op":"a_contains","args":[{"property":"tags"},["trường","chợ"]]}"#,
        None,
    ),
    (
        "A_containedBy((1, TRUE, 'a'), tags)",
        r#"{"op":"a_containedBy","args":[[1,true,"a"],{"property":"tags"}]}"#,
        Some("A_CONTAINEDBY((1, TRUE, 'a'), tags)"),
    ),
    ("A_OVERLAPS(tags, ('chợ'))", r#"{"op":"a_overlaps","args":[{"property":"tags"},["chợ"]]}"#, None),
    ("A_EQUALS(tags, ())", r#"{"op":"a_equals","args":[{"property":"tags"},[]]}"#, None),
    ("A_EQUALS(tags, ((('a'), 1), (2)))", r#"{"op":"a_equals","args":[{"property":"tags"},[[["a"],1],[2]]]}"#, None),
];

const ARITHMETIC: &[Example] = &[
    (
        "height > (clearance-1)",
        r#"{"op":">","args":[{"property":"height"},{"op":"-","args":[{"property":"clearance"},1]}]}"#,
        Some("height > clearance - 1"),
    ),
    (
        "a - (b - c) = a - b - c",
        r#"{"op":"=","args":[{"op":"-","args":[{"property":"a"},{"op":"-","args":[{"property":"b"},{"property":"c"}]}]},{"op":"-","args":[{"op":"-","args":[{"property":"a"},{"property":"b"}]},{"property":"c"}]}]}"#,
        None,
    ),
    (
        "a + b * c ^ 2 = 0",
        r#"{"op":"=","args":[{"op":"+","args":[{"property":"a"},{"op":"*","args":[{"property":"b"},{"op":"^","args":[{"property":"c"},2]}]}]},0]}"#,
        None,
    ),
    (
        "(2 ^ a) ^ -2 < (a + b) * 3",
        r#"{"op":"<","args":[{"op":"^","args":[{"op":"^","args":[2,{"property":"a"}]},-2]},{"op":"*","args":[{"op":"+","args":[{"property":"a"},{"property":"b"}]},3]}]}"#,
        None,
    ),
    (
        "a / b % 2 DIV 3 = 1",
        r#"{"op":"=","args":[{"op":"div","args":[{"op":"%","args":[{"op":"/","args":[{"property":"a"},{"property":"b"}]},2]},3]},1]}"#,
        Some("a / b % 2 div 3 = 1"),
    ),
    ("a = -b", r#"{"op":"=","args":[{"property":"a"},{"op":"*","args":[-1,{"property":"b"}]}]}"#, Some("a = -1 * b")),
    (
        "a-1 = +2 - -3",
        r#"{"op":"=","args":[{"op":"-","args":[{"property":"a"},1]},{"op":"-","args":[2,-3]}]}"#,
        Some("a - 1 = 2 - -3"),
    ),
];

const SPATIAL: &[Example] = &[
    (
        "S_INTERSECTS(geom, POINT(108.2208 16.0678))",
        r#"{"op":"s_intersects","args":[{"property":"geom"},{"type":"Point","coordinates":[108.2208,16.0678]}]}"#,
        Some("S_INTERSECTS(geom, POINT (108.2208 16.0678))"),
    ),
    (
        "s_within(geom,bbox(108,16,108.5,16.2))",
        r#"{"op":"s_within","args":[{"property":"geom"},{"bbox":[108.0,16.0,108.5,16.2]}]}"#,
        Some("S_WITHIN(geom, BBOX(108, 16, 108.5, 16.2))"),
    ),
    (
        "S_DISJOINT(BBOX(1,2,-3,4,5,6), geom)",
        r#"{"op":"s_disjoint","args":[{"bbox":[1,2,-3,4,5,6]},{"property":"geom"}]}"#,
        Some("S_DISJOINT(BBOX(1, 2, -3, 4, 5, 6), geom)"),
    ),
    (
        "S_CROSSES(geom, LINESTRING(0 0, 1.5 -1))",
        r#"{"op":"s_crosses","args":[{"property":"geom"},{"type":"LineString","coordinates":[[0,0],[1.5,-1]]}]}"#,
        Some("S_CROSSES(geom, LINESTRING (0 0, 1.5 -1))"),
    ),
    (
        "S_CONTAINS(POLYGON((0 0, 9 0, 9 9, 0 0), (5 2, 6 2, 6 3, 5 2)), geom)",
        r#"{"op":"s_contains","args":[{"type":"Polygon","coordinates":[[[0,0],[9,0],[9,9],[0,0]],[[5,2],[6,2],[6,3],[5,2]]]},{"property":"geom"}]}"#,
        Some("S_CONTAINS(POLYGON ((0 0, 9 0, 9 9, 0 0), (5 2, 6 2, 6 3, 5 2)), geom)"),
    ),
    (
        "S_EQUALS(geom, MULTIPOINT(1 2, (3 4)))",
        r#"{"op":"s_equals","args":[{"property":"geom"},{"type":"MultiPoint","coordinates":[[1,2],[3,4]]}]}"#,
        Some("S_EQUALS(geom, MULTIPOINT ((1 2), (3 4)))"),
    ),
    (
        "S_TOUCHES(geom, MULTILINESTRING((0 0, 1 1), (2 2, 3 3, 4 5)))",
        r#"{"op":"s_touches","args":[{"property":"geom"},{"type":"MultiLineString","coordinates":[[[0,0],[1,1]],[[2,2],[3,3],[4,5]]]}]}"#,
        Some("S_TOUCHES(geom, MULTILINESTRING ((0 0, 1 1), (2 2, 3 3, 4 5)))"),
    ),
    (
        "S_OVERLAPS(geom, MULTIPOLYGON Z(((0 0 1, 1 0 2, 1 1 3, 0 0 1))))",
        r#"{"op":"s_overlaps","args":[{"property":"geom"},{"type":"MultiPolygon","coordinates":[[[[0,0,1],[1,0,2],[1,1,3],[0,0,1]]]]}]}"#,
        Some("S_OVERLAPS(geom, MULTIPOLYGON Z (((0 0 1, 1 0 2, 1 1 3, 0 0 1))))"),
    ),
    (
        "S_INTERSECTS(geom, GEOMETRYCOLLECTION(POINT(1 2 3), LINESTRING Z(0 0 0, 1 1 1E20)))",
        r#"{"op":"s_intersects","args":[{"property":"geom"},{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2,3]},{"type":"LineString","coordinates":[[0,0,0],[1,1,1e20]]}]}]}"#,
        Some("S_INTERSECTS(geom, GEOMETRYCOLLECTION Z (POINT Z (1 2 3), LINESTRING Z (0 0 0, 1 1 1e20)))"),
    ),
    (
        "S_WITHIN(centroid(geom), envelope(geom))",
        r#"{"op":"s_within","args":[{"op":"centroid","args":[{"property":"geom"}]},{"op":"envelope","args":[{"property":"geom"}]}]}"#,
        None,
    ),
];

const TEMPORAL: &[Example] = &[
    (
        "T_AFTER(built, DATE('2015-01-01'))",
        r#"{"op":"t_after","args":[{"property":"built"},{"date":"2015-01-01"}]}"#,
        None,
    ),
    (
        "T_BEFORE(changed, TIMESTAMP('2026-01-01T00:00:00Z'))",
        r#"{"op":"t_before","args":[{"property":"changed"},{"timestamp":"2026-01-01T00:00:00Z"}]}"#,
        None,
    ),
    (
        "T_INTERSECTS(INTERVAL(starts, ends), INTERVAL('2026-01-01', '..'))",
        r#"{"op":"t_intersects","args":[{"interval":[{"property":"starts"},{"property":"ends"}]},{"interval":["2026-01-01",".."]}]}"#,
        None,
    ),
    (
        "t_finishedby(INTERVAL('..','2026-01-01T00:00:00Z'),INTERVAL(starts,ends))",
        r#"{"op":"t_finishedBy","args":[{"interval":["..","2026-01-01T00:00:00Z"]},{"interval":[{"property":"starts"},{"property":"ends"}]}]}"#,
        Some("T_FINISHEDBY(INTERVAL('..', '2026-01-01T00:00:00Z'), INTERVAL(starts, ends))"),
    ),
    (
        "T_DURING(INTERVAL(starts, ends), INTERVAL('2026-01-01', '2026-12-31'))",
        r#"{"op":"t_during","args":[{"interval":[{"property":"starts"},{"property":"ends"}]},{"interval":["2026-01-01","2026-12-31"]}]}"#,
        None,
    ),
    (
        "INTERVAL(starts, ends) IS NULL",
        r#"{"op":"isNull","args":[{"interval":[{"property":"starts"},{"property":"ends"}]}]}"#,
        None,
    ),
    ("year(built) = 2020", r#"{"op":"=","args":[{"op":"year","args":[{"property":"built"}]},2020]}"#, None),
];

#[test]
fn both_encodings() {
    let mut count = 0;
    for (text, json, written) in [COMPARISONS, LOGIC, ADVANCED, ARITHMETIC, SPATIAL, TEMPORAL].concat() {
        let from_text = parse_text(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let from_json = parse_json(json).unwrap_or_else(|error| panic!("{json}: {error}"));
        assert_eq!(from_text, from_json, "{text}");
        assert_eq!(from_text.to_text(), written.unwrap_or(text));
        assert_eq!(parse_text(&from_text.to_text()).as_ref(), Ok(&from_text), "{text}");
        let document = from_json.to_json();
        assert_eq!(parse_json_value(&document).as_ref(), Ok(&from_text), "{text}");
        assert_eq!(numbers(document), numbers(serde_json::from_str(json).unwrap()), "{text}");
        count += 1;
    }
    assert!(count >= 60, "{count}");
}

/// Coordinates are written with a point, whole or not.
fn numbers(json: Json) -> Json {
    match json {
        Json::Array(items) if items.iter().all(Json::is_number) => items.iter().map(Json::as_f64).collect(),
        Json::Array(items) => items.into_iter().map(numbers).collect(),
        Json::Object(members) => Json::Object(members.into_iter().map(|(key, value)| (key, numbers(value))).collect()),
        other => other,
    }
}
