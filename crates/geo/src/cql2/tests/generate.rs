//! Random filters that fit one schema, and random features, from a seed.

use geo_types::{Coord, Geometry, GeometryCollection, LineString, MultiPoint, Point, Rect};
use jiff::Timestamp;
use jiff::civil::date;

use crate::cql2::names::{Comparison, Spatial, Temporal};
use crate::cql2::temporal::takes_instants;
use crate::cql2::{Feature, Kind, Queryable, Schema, Value};

/// SplitMix64.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % limit as u64) as usize
    }

    pub fn one<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())].clone()
    }
}

pub fn schema() -> Schema {
    let kinds = [
        ("name", Kind::Text),
        ("street", Kind::Text),
        ("floors", Kind::Integer),
        ("area", Kind::Number),
        ("vacant", Kind::Boolean),
        ("built", Kind::Date),
        ("changed", Kind::Timestamp),
        ("until", Kind::Timestamp),
        ("tags", Kind::Array),
        ("geom", Kind::Geometry),
    ];
    let queryables = kinds.into_iter().map(|(name, kind)| Queryable::new(name, kind)).collect();
    Schema::new(queryables).unwrap().with_offset(jiff::tz::offset(7))
}

#[derive(Clone, Debug)]
pub struct House {
    pub values: Vec<Value<'static>>,
    pub geometry: Option<Geometry<f64>>,
}

impl Feature for House {
    fn value(&self, property: usize) -> Value<'_> {
        self.values[property].clone()
    }

    fn geometry(&self) -> Option<&Geometry<f64>> {
        self.geometry.as_ref()
    }
}

const TEXTS: &[&str] =
    &["", "a", "ab", "Bạch Đằng", "bach dang", "BẠCH ĐẰNG", "a%b", "Trần Phú", "Tra\u{302}\u{300}n Phú"];
const NUMBERS: &[&str] = &["-2", "0", "1", "2", "3", "2.5", "-0.5", "9007199254740993", "1E2"];
const DATES: &[&str] = &["2024-01-01", "2024-02-29", "2024-03-01", "2025-01-01"];
const TIMES: &[&str] = &[
    "2024-01-01T00:00:00Z",
    "2024-02-28T17:00:00Z",
    "2024-02-29T16:59:59.5Z",
    "2024-03-01T12:00:00Z",
    "2025-01-01T00:00:00Z",
];

pub fn house(random: &mut Random) -> House {
    let mut values: Vec<Value<'static>> = vec![
        random.one(TEXTS).into(),
        random.one(TEXTS).into(),
        Value::Integer(random.one(&[-2, 0, 1, 2, 3, 9_007_199_254_740_993])),
        Value::Number(random.one(&[-2.0, -0.5, 0.0, 1.0, 2.5, 100.0, f64::NAN])),
        Value::Boolean(random.below(2) == 0),
        Value::Date(random.one(&[date(2024, 1, 1), date(2024, 2, 29), date(2024, 3, 1), date(2025, 1, 1)])),
        Value::Timestamp(time(random)),
        Value::Timestamp(time(random)),
        Value::Array((0..random.below(3)).map(|_| Value::from(random.one(TEXTS))).collect()),
        Value::Null,
    ];
    for value in &mut values {
        if random.below(8) == 0 {
            *value = Value::Null;
        }
    }
    House { values, geometry: (random.below(8) > 0).then(|| geometry(random)) }
}

fn time(random: &mut Random) -> Timestamp {
    random.one(TIMES).parse().unwrap()
}

fn coord(random: &mut Random) -> Coord<f64> {
    Coord { x: random.below(6) as f64, y: random.below(6) as f64 }
}

/// Valid, on a small grid, so that boundaries meet often.
pub fn geometry(random: &mut Random) -> Geometry<f64> {
    let (a, b) = (coord(random), coord(random));
    match random.below(6) {
        0 | 1 => Point(a).into(),
        2 if a != b => LineString(vec![a, b, coord(random)]).into(),
        3 if (a.x - b.x).abs() > 0.5 && (a.y - b.y).abs() > 0.5 => Rect::new(a, b).to_polygon().into(),
        4 => MultiPoint(vec![Point(a), Point(b)]).into(),
        5 => Geometry::GeometryCollection(GeometryCollection(vec![Point(a).into(), Point(b).into()])),
        _ => Point(b).into(),
    }
}

fn name(random: &mut Random) -> String {
    random.one(&["name", "street", "\"name\""]).to_owned()
}

fn text(random: &mut Random, depth: usize) -> String {
    match random.below(if depth > 0 { 6 } else { 3 }) {
        0 | 1 => name(random),
        2 => format!("'{}'", random.one(TEXTS)),
        3 => format!("CASEI({})", text(random, depth - 1)),
        4 => format!("ACCENTI({})", text(random, depth - 1)),
        _ => format!("lower({})", text(random, depth - 1)),
    }
}

fn number(random: &mut Random, depth: usize) -> String {
    match random.below(if depth > 0 { 7 } else { 4 }) {
        0 => "floors".to_owned(),
        1 => "area".to_owned(),
        2 | 3 => random.one(NUMBERS).to_owned(),
        4 => {
            let op = random.one(&["+", "-", "*", "/", "%", "div", "^"]);
            format!("({} {op} {})", number(random, depth - 1), number(random, depth - 1))
        }
        5 => format!("-{}", number(random, 0).trim_start_matches('-')),
        _ => format!("abs({})", number(random, depth - 1)),
    }
}

fn instant(random: &mut Random) -> String {
    match random.below(5) {
        0 => "built".to_owned(),
        1 => "changed".to_owned(),
        2 => "until".to_owned(),
        3 => format!("DATE('{}')", random.one(DATES)),
        _ => format!("TIMESTAMP('{}')", random.one(TIMES)),
    }
}

fn interval(random: &mut Random) -> String {
    let early = random.one(&["'..'", "'2024-01-01'", "'2024-01-01T00:00:00Z'", "built", "changed"]);
    let late = random.one(&["'..'", "'2024-02-29'", "'2024-03-01T12:00:00Z'", "built", "until"]);
    format!("INTERVAL({early}, {late})")
}

fn shape(random: &mut Random) -> String {
    let (a, b) = (coord(random), coord(random));
    match random.below(5) {
        0 | 1 => "geom".to_owned(),
        2 => format!("POINT({} {})", a.x, a.y),
        3 if a != b => format!("LINESTRING({} {}, {} {})", a.x, a.y, b.x, b.y),
        _ => format!("BBOX({}, {}, {}, {})", a.x.min(b.x), a.y.min(b.y), a.x.max(b.x), a.y.max(b.y)),
    }
}

fn array(random: &mut Random) -> String {
    match random.below(2) {
        0 => "tags".to_owned(),
        _ => format!("({})", list(random, |random| format!("'{}'", random.one(TEXTS)))),
    }
}

fn list(random: &mut Random, mut item: impl FnMut(&mut Random) -> String) -> String {
    let count = 1 + random.below(3);
    (0..count).map(|_| item(random)).collect::<Vec<_>>().join(", ")
}

/// A condition that fits [`schema`].
pub fn condition(random: &mut Random, depth: usize) -> String {
    if depth > 0 && random.below(3) > 0 {
        let (a, b) = (condition(random, depth - 1), condition(random, depth - 1));
        return match random.below(5) {
            0 | 1 => format!("({a} AND {b})"),
            2 => format!("({a}) OR {b}"),
            3 => format!("NOT ({a})"),
            _ => format!("({a} and {b} and ({b} or {a}))"),
        };
    }
    predicate(random)
}

fn predicate(random: &mut Random) -> String {
    let not = random.one(&["", "NOT "]);
    let op = random.one(Comparison::ALL).name();
    match random.below(13) {
        0 => format!("{} {op} {}", text(random, 2), text(random, 2)),
        1 => format!("{} {op} {}", number(random, 2), number(random, 1)),
        2 => format!("{} {op} {}", instant(random), instant(random)),
        3 => format!("vacant {op} {}", random.one(&["TRUE", "false", "vacant"])),
        4 => format!(
            "{} {not}LIKE '{}'",
            text(random, 1),
            random.one(&["a%", "%", "B_ch%", "bạch%", "a\\%b", "Trần Phú"])
        ),
        5 => format!("{} {not}BETWEEN {} AND {}", number(random, 1), number(random, 0), number(random, 0)),
        6 => format!("{} {not}IN ({})", text(random, 1), list(random, |random| text(random, 0))),
        7 => format!("{} {not}IN ({})", number(random, 1), list(random, |random| number(random, 0))),
        8 => format!("{} IS {not}NULL", random.one(&["name", "area", "built", "geom", "tags", "vacant"])),
        9 => {
            let op = random.one(Spatial::ALL).name().to_uppercase();
            format!("{op}({}, {})", shape(random), shape(random))
        }
        10 => {
            let op = random.one(Temporal::ALL);
            let period = |random: &mut Random| match takes_instants(op) && random.below(2) == 0 {
                true => instant(random),
                false => interval(random),
            };
            format!("{}({}, {})", op.name().to_uppercase(), period(random), period(random))
        }
        11 => {
            let op = random.one(&["A_EQUALS", "A_CONTAINS", "A_CONTAINEDBY", "A_OVERLAPS"]);
            format!("{op}({}, {})", array(random), array(random))
        }
        _ => random.one(&["vacant", "TRUE", "FALSE"]).to_owned(),
    }
}
