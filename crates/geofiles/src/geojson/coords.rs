//! The `coordinates` of a shape (RFC 7946, section 3.1), read straight into lists of coordinates; how deep the lists go
//! tells what they are. Each coordinate is counted as it is read.

use std::fmt;

use geo_types::{Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};
use serde::de::{DeserializeSeed, Deserializer, Error, SeqAccess, Visitor};

use crate::Reason;
use crate::limits::Gauge;

#[derive(Debug)]
pub enum Coords {
    Empty,
    Number(f64),
    One(Coord<f64>),
    Line(Vec<Coord<f64>>),
    Lines(Vec<LineString<f64>>),
    Polygons(Vec<Polygon<f64>>),
}

/// Reads with a gauge at hand. The reason of a refusal is kept beside, since an error of serde is but a text.
pub struct Seed<'g> {
    pub gauge: &'g mut Gauge,
    pub reason: &'g mut Option<Reason>,
}

impl Seed<'_> {
    fn again(&mut self) -> Seed<'_> {
        Seed { gauge: self.gauge, reason: self.reason }
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Coords;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Coords, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Coords;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("numbers or lists of them")
    }

    fn visit_f64<E>(self, number: f64) -> Result<Coords, E> {
        Ok(Coords::Number(number))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Coords, E> {
        Ok(Coords::Number(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Coords, E> {
        Ok(Coords::Number(number as f64))
    }

    fn visit_unit<E>(self) -> Result<Coords, E> {
        Ok(Coords::Empty)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<Coords, A::Error> {
        match list.next_element_seed(self.again())? {
            None => Ok(Coords::Empty),
            Some(Coords::Number(x)) => self.coord(x, list).map(Coords::One),
            Some(Coords::One(first)) => {
                let rest =
                    self.rest(first, list, |item| if let Coords::One(coord) = item { Some(coord) } else { None });
                rest.map(Coords::Line)
            }
            Some(Coords::Line(first)) => self.rest(LineString(first), list, line).map(Coords::Lines),
            Some(Coords::Lines(first)) => self.rest(polygon(first), list, rings).map(Coords::Polygons),
            Some(Coords::Empty) => Err(A::Error::custom("a list within the coordinates is empty")),
            Some(Coords::Polygons(_)) => Err(A::Error::custom("the coordinates are nested too deep")),
        }
    }
}

fn line(item: Coords) -> Option<LineString<f64>> {
    if let Coords::Line(coords) = item { Some(LineString(coords)) } else { None }
}

fn rings(item: Coords) -> Option<Polygon<f64>> {
    if let Coords::Lines(rings) = item { Some(polygon(rings)) } else { None }
}

fn polygon(rings: Vec<LineString<f64>>) -> Polygon<f64> {
    let mut rings = rings.into_iter();
    Polygon::new(rings.next().unwrap_or_else(|| LineString(Vec::new())), rings.collect())
}

impl Seed<'_> {
    fn coord<'de, A: SeqAccess<'de>>(self, x: f64, mut list: A) -> Result<Coord<f64>, A::Error> {
        if let Err(reason) = self.gauge.take(1) {
            let text = reason.to_string();
            *self.reason = Some(reason);
            return Err(A::Error::custom(text));
        }
        let y: f64 = list.next_element()?.ok_or_else(|| A::Error::custom("a coordinate has one number only"))?;
        let mut more = 0;
        while list.next_element::<Option<f64>>()?.is_some() {
            more += 1;
        }
        self.gauge.height |= more > 0;
        self.gauge.measure |= more > 1;
        Ok(Coord { x, y })
    }

    fn rest<'de, A: SeqAccess<'de>, T>(
        mut self,
        first: T,
        mut list: A,
        as_first: impl Fn(Coords) -> Option<T>,
    ) -> Result<Vec<T>, A::Error> {
        let mut items = vec![first];
        while let Some(item) = list.next_element_seed(self.again())? {
            items.push(as_first(item).ok_or_else(|| A::Error::custom("the coordinates are nested unevenly"))?);
        }
        Ok(items)
    }
}

/// The shape of a type and its coordinates; an empty point is none.
pub fn shape(kind: &str, coords: Coords) -> Result<Option<Geometry<f64>>, Reason> {
    let list = |coords| LineString(coords);
    Ok(Some(match (kind, coords) {
        ("Point", Coords::One(coord)) => Point(coord).into(),
        ("Point", Coords::Empty) => return Ok(None),
        ("MultiPoint", Coords::Line(coords)) => MultiPoint(coords.into_iter().map(Point).collect()).into(),
        ("MultiPoint", Coords::Empty) => MultiPoint(Vec::new()).into(),
        ("LineString", Coords::Line(coords)) => list(coords).into(),
        ("LineString", Coords::Empty) => list(Vec::new()).into(),
        ("MultiLineString", Coords::Lines(lines)) => MultiLineString(lines).into(),
        ("MultiLineString", Coords::Empty) => MultiLineString(Vec::new()).into(),
        ("Polygon", Coords::Lines(rings)) => polygon(rings).into(),
        ("Polygon", Coords::Empty) => polygon(Vec::new()).into(),
        ("MultiPolygon", Coords::Polygons(polygons)) => MultiPolygon(polygons).into(),
        ("MultiPolygon", Coords::Empty) => MultiPolygon(Vec::new()).into(),
        ("Point" | "MultiPoint" | "LineString" | "MultiLineString" | "Polygon" | "MultiPolygon", _) => {
            return Err(Reason::Shape(format!("the coordinates are not those of a {kind}")));
        }
        _ => return Err(Reason::UnknownShape(kind.chars().take(40).collect())),
    }))
}
