//! Features as a city has them and as nobody would: made from a seed, so that a failure comes again.

use geo_types::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon,
};
use jiff::Timestamp;
use jiff::civil::Date;
use songhan_geofiles::{Feature, Field, FieldKind, GeometryKind, Value};

/// SplitMix64.
pub struct Seed(pub u64);

impl Seed {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn coord(&mut self) -> Coord<f64> {
        let unit = |bits: u64| (bits >> 11) as f64 / (1u64 << 53) as f64;
        Coord { x: 107.5 + unit(self.next()), y: 15.5 + unit(self.next()) }
    }
}

pub fn fields() -> Vec<Field> {
    vec![
        Field::new("so", FieldKind::Int),
        Field::new("tên đường", FieldKind::Text),
        Field::new("dien_tich", FieldKind::Number),
        Field::new("co_den", FieldKind::Bool),
        Field::new("ngay", FieldKind::Date),
        Field::new("luc", FieldKind::Timestamp),
        Field::new("khac", FieldKind::Json),
    ]
}

const TEXTS: [&str; 9] = [
    "Ngũ Hành Sơn",
    "đường Bạch Đằng, kiệt 12/5",
    "\"ngoặc\" & <thẻ>; 'x'",
    "dòng một\ndòng hai",
    "00123",
    "12a",
    "Hoàng Sa, Trường Sa",
    "🛵",
    "a,b;c\td",
];

fn value(seed: &mut Seed, kind: FieldKind) -> Value {
    match kind {
        FieldKind::Bool => Value::Bool(seed.below(2) == 1),
        FieldKind::Int => match seed.below(6) {
            0 => Value::Int(i64::MAX),
            1 => Value::Int(i64::MIN),
            2 => Value::Int(9_007_199_254_740_993),
            _ => Value::Int(seed.below(1000) as i64 - 500),
        },
        FieldKind::Number => match seed.below(5) {
            0 => Value::Number(-1.797_693_134_862_315_7e308),
            1 => Value::Number(5e-324),
            2 => Value::Number(0.1 + 0.2),
            3 => Value::Number(3.0),
            _ => Value::Number(seed.below(1_000_000) as f64 / 7.0),
        },
        FieldKind::Text => Value::Text(TEXTS[seed.below(TEXTS.len() as u64) as usize].to_owned()),
        FieldKind::Date => {
            let date = Date::new(1990 + seed.below(60) as i16, 1 + seed.below(12) as i8, 1 + seed.below(28) as i8);
            Value::Date(date.unwrap())
        }
        FieldKind::Timestamp => {
            let at = Timestamp::from_microsecond(seed.below(2_000_000_000_000_000) as i64);
            Value::Timestamp(at.unwrap())
        }
        FieldKind::Json => Value::Json(Box::new(serde_json::json!({"a": [1, 2.5, "ơ"], "b": null}))),
    }
}

fn line(seed: &mut Seed) -> LineString<f64> {
    (0..2 + seed.below(5)).map(|_| seed.coord()).collect()
}

/// A box of its own: outer rings with the clock, a hole or none, as a Shapefile keeps them.
fn polygon(seed: &mut Seed) -> Polygon<f64> {
    let Coord { x, y } = seed.coord();
    let side = 0.001 + seed.below(100) as f64 / 100_000.0;
    let ring = |at: f64, side: f64| {
        let (x, y) = (x + at, y + at);
        LineString::from(vec![(x, y), (x, y + side), (x + side, y + side), (x + side, y), (x, y)])
    };
    let mut hole = ring(side / 4.0, side / 2.0);
    hole.0.reverse();
    Polygon::new(ring(0.0, side), if seed.below(2) == 0 { Vec::new() } else { vec![hole] })
}

/// Polygons that lie apart.
fn polygons(seed: &mut Seed) -> MultiPolygon<f64> {
    let shift = |polygon: Polygon<f64>, by: f64| {
        let moved = |ring: &LineString<f64>| ring.0.iter().map(|c| Coord { x: c.x + by, y: c.y }).collect();
        Polygon::new(moved(polygon.exterior()), polygon.interiors().iter().map(moved).collect())
    };
    let count = 2 + seed.below(3);
    MultiPolygon((0..count).map(|n| shift(polygon(seed), n as f64 * 10.0)).collect())
}

pub fn geometry(seed: &mut Seed, kind: GeometryKind) -> Geometry<f64> {
    match kind {
        GeometryKind::Point | GeometryKind::None => Point(seed.coord()).into(),
        GeometryKind::Line => line(seed).into(),
        GeometryKind::Polygon => polygon(seed).into(),
        GeometryKind::MultiPoint => MultiPoint((0..2 + seed.below(4)).map(|_| Point(seed.coord())).collect()).into(),
        GeometryKind::MultiLine => MultiLineString((0..2 + seed.below(3)).map(|_| line(seed)).collect()).into(),
        GeometryKind::MultiPolygon => polygons(seed).into(),
        GeometryKind::Collection => {
            let members = vec![geometry(seed, GeometryKind::Point), geometry(seed, GeometryKind::Line)];
            Geometry::GeometryCollection(GeometryCollection(members))
        }
        GeometryKind::Any => {
            let kinds = [GeometryKind::Point, GeometryKind::Line, GeometryKind::MultiPolygon, GeometryKind::Collection];
            let kind = kinds[seed.below(4) as usize];
            geometry(seed, kind)
        }
    }
}

/// Features whose first field counts them, so that they are found again in any order. Every value is null at times, and
/// so is the shape where `nulls` says so.
pub fn make(count: usize, kind: GeometryKind, fields: &[Field], nulls: bool) -> Vec<Feature> {
    let mut seed = Seed(7 + kind as u64);
    (0..count)
        .map(|number| {
            let geometry = geometry(&mut seed, kind);
            let geometry = (!nulls || seed.below(10) > 0).then_some(geometry).filter(|_| kind != GeometryKind::None);
            let mut properties = vec![Value::Int(number as i64)];
            for field in &fields[1..] {
                let null = seed.below(5) == 0;
                properties.push(if null { Value::Null } else { value(&mut seed, field.kind) });
            }
            // Of every field the first features have a value, whatever the dice say.
            if number < 9 {
                for (index, field) in fields.iter().enumerate().skip(1) {
                    properties[index] = value(&mut seed, field.kind);
                }
            }
            Feature { id: None, geometry, properties }
        })
        .collect()
}
