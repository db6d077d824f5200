//! Well-known text of shapes (OGC 06-103r4, clause 7), for tables that keep shapes in a column.

use geo_types::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon,
};

use crate::Reason;
use crate::limits::{Gauge, Limits};
use crate::shapes::{plain, rings};

/// Reads one shape, with or without `SRID=…;` before it. An empty point is none.
pub fn read(text: &str, gauge: &mut Gauge) -> Result<Option<Geometry<f64>>, Reason> {
    let text = text.trim();
    let shape = match text.split_once(';') {
        Some((srid, shape)) if srid.len() < 20 && srid.to_ascii_uppercase().starts_with("SRID") => shape,
        _ => text,
    };
    let mut parser = Parser { rest: shape, gauge, third_is_measure: false };
    let geometry = parser.geometry()?;
    parser.blank();
    if parser.rest.is_empty() { Ok(geometry) } else { Err(parser.wrong("the end of the shape")) }
}

/// The same by itself, as somebody types it.
pub fn shape_of(text: &str) -> Result<Option<Geometry<f64>>, Reason> {
    read(text, &mut Gauge::new(&Limits::default()))
}

/// Whether a cell looks like a shape, to find the column of shapes.
pub fn looks_like_one(text: &str) -> bool {
    let text = text.trim_start();
    let text = text.split_once(';').filter(|(srid, _)| srid.starts_with("SRID=")).map_or(text, |(_, shape)| shape);
    let word = text.find(|c: char| !c.is_ascii_alphabetic()).map_or(text, |end| &text[..end]);
    KINDS.iter().any(|kind| word.eq_ignore_ascii_case(kind)) && text.len() > word.len()
}

const KINDS: [&str; 7] =
    ["POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION"];

struct Parser<'a, 'g> {
    rest: &'a str,
    gauge: &'g mut Gauge,
    third_is_measure: bool,
}

impl Parser<'_, '_> {
    fn blank(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn wrong(&self, wanted: &str) -> Reason {
        let found: String = self.rest.chars().take(12).collect();
        Reason::Shape(format!("`{found}` stands where {wanted} must be"))
    }

    fn word(&mut self) -> String {
        self.blank();
        let end = self.rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word.to_ascii_uppercase()
    }

    fn sign(&mut self, sign: char) -> bool {
        self.blank();
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// `(`, or `EMPTY` instead of a list.
    fn opens(&mut self) -> Result<bool, Reason> {
        if self.sign('(') {
            return Ok(true);
        }
        if self.word() == "EMPTY" { Ok(false) } else { Err(self.wrong("`(`")) }
    }

    fn list<T>(&mut self, item: fn(&mut Self) -> Result<T, Reason>) -> Result<Vec<T>, Reason> {
        let mut items = Vec::new();
        if !self.opens()? {
            return Ok(items);
        }
        loop {
            items.push(item(self)?);
            if self.sign(')') {
                return Ok(items);
            }
            if !self.sign(',') {
                return Err(self.wrong("`,` or `)`"));
            }
        }
    }

    fn geometry(&mut self) -> Result<Option<Geometry<f64>>, Reason> {
        let kind = self.word();
        self.third_is_measure = false;
        let before = self.rest;
        match self.word().as_str() {
            "Z" | "ZM" => {}
            "M" => self.third_is_measure = true,
            _ => self.rest = before,
        }
        Ok(Some(match kind.as_str() {
            "POINT" => match self.list(Self::coord)?.as_slice() {
                [] => return Ok(None),
                [coord] => Point(*coord).into(),
                _ => return Err(Reason::Shape("a point has several coordinates".into())),
            },
            "LINESTRING" => self.line()?.into(),
            "POLYGON" => self.polygon()?.into(),
            "MULTIPOINT" => MultiPoint(self.list(Self::point)?).into(),
            "MULTILINESTRING" => MultiLineString(self.list(Self::line)?).into(),
            "MULTIPOLYGON" => MultiPolygon(self.list(Self::polygon)?).into(),
            "GEOMETRYCOLLECTION" => {
                self.gauge.enter()?;
                let members = self.list(Self::geometry)?;
                self.gauge.leave();
                Geometry::GeometryCollection(GeometryCollection(members.into_iter().flatten().collect()))
            }
            _ => return Err(Reason::UnknownShape(kind.chars().take(20).collect())),
        }))
    }

    /// Both `MULTIPOINT (1 2, 3 4)` and `MULTIPOINT ((1 2), (3 4))` are about.
    fn point(&mut self) -> Result<Point<f64>, Reason> {
        let bracket = self.sign('(');
        let coord = self.coord()?;
        if bracket && !self.sign(')') {
            return Err(self.wrong("`)`"));
        }
        Ok(coord.into())
    }

    fn line(&mut self) -> Result<LineString<f64>, Reason> {
        self.list(Self::coord).map(LineString)
    }

    fn polygon(&mut self) -> Result<Polygon<f64>, Reason> {
        let mut rings = self.list(Self::line)?.into_iter();
        Ok(Polygon::new(rings.next().unwrap_or_else(|| LineString(Vec::new())), rings.collect()))
    }

    fn coord(&mut self) -> Result<Coord<f64>, Reason> {
        self.gauge.take(1)?;
        let coord = Coord { x: self.number()?, y: self.number()? };
        let mut more = 0;
        while !self.rest.trim_start().starts_with([',', ')']) {
            self.number()?;
            more += 1;
        }
        self.gauge.measure |= more == 2 || (more == 1 && self.third_is_measure);
        self.gauge.height |= more == 2 || (more == 1 && !self.third_is_measure);
        if more > 2 { Err(Reason::Shape("a coordinate has more than 4 numbers".into())) } else { Ok(coord) }
    }

    fn number(&mut self) -> Result<f64, Reason> {
        self.blank();
        let end = self.rest.find(|c: char| c == ',' || c == ')' || c.is_whitespace()).unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at(end);
        let number: f64 = text.parse().map_err(|_| self.wrong("a number"))?;
        self.rest = rest;
        if number.is_finite() { Ok(number) } else { Err(Reason::NotFinite) }
    }
}

/// Appends a shape as text. Numbers are the shortest that are read as the same again.
pub fn write(geometry: &Geometry<f64>, out: &mut String) {
    match plain(geometry).as_ref() {
        Geometry::Point(point) => {
            out.push_str("POINT ");
            coords(&[point.0], out);
        }
        Geometry::LineString(line) => {
            out.push_str("LINESTRING ");
            coords(&line.0, out);
        }
        Geometry::Polygon(polygon) => {
            out.push_str("POLYGON ");
            body(polygon, out);
        }
        Geometry::MultiPoint(points) => {
            out.push_str("MULTIPOINT ");
            list(points.0.iter(), out, |point, out| coords(&[point.0], out));
        }
        Geometry::MultiLineString(lines) => {
            out.push_str("MULTILINESTRING ");
            list(lines.0.iter(), out, |line, out| coords(&line.0, out));
        }
        Geometry::MultiPolygon(polygons) => {
            out.push_str("MULTIPOLYGON ");
            list(polygons.0.iter(), out, body);
        }
        Geometry::GeometryCollection(members) => {
            out.push_str("GEOMETRYCOLLECTION ");
            list(members.0.iter(), out, write);
        }
        Geometry::Line(_) | Geometry::Rect(_) | Geometry::Triangle(_) => {}
    }
}

fn list<T>(items: impl Iterator<Item = T>, out: &mut String, write: impl Fn(T, &mut String)) {
    let start = out.len();
    for item in items {
        out.push_str(if out.len() == start { "(" } else { ", " });
        write(item, out);
    }
    out.push_str(if out.len() == start { "EMPTY" } else { ")" });
}

fn coords(coords: &[Coord<f64>], out: &mut String) {
    list(coords.iter(), out, |coord, out| out.push_str(&format!("{} {}", coord.x, coord.y)));
}

fn body(polygon: &Polygon<f64>, out: &mut String) {
    list(rings(polygon), out, |ring, out| coords(&ring.0, out));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;

    fn one(text: &str) -> Result<Option<Geometry<f64>>, Reason> {
        read(text, &mut Gauge::new(&Limits { depth: 5, coordinates: 50, ..Limits::default() }))
    }

    #[test]
    fn as_people_write_it() {
        assert_eq!(one("point(108.2   16.1)"), Ok(Some(Point::new(108.2, 16.1).into())));
        assert_eq!(one("SRID=4326;POINT Z (1 2 3)"), Ok(Some(Point::new(1.0, 2.0).into())));
        assert_eq!(one("POINT EMPTY"), Ok(None));
        assert_eq!(one("MULTIPOINT (1 2, 3 4)"), one("MULTIPOINT ((1 2), (3 4))"));
        assert_eq!(one("LINESTRING EMPTY"), Ok(Some(LineString::<f64>(vec![]).into())));
    }

    #[test]
    fn what_is_written_is_read_again() {
        for text in [
            "POINT (108.2208 16.0678)",
            "POLYGON ((0 0, 9 0, 9 9, 0 0), (1 1, 2 1, 2 2, 1 1))",
            "MULTIPOLYGON (((0 0, 9 0, 9 9, 0 0)))",
            "MULTIPOINT ((1 2), (3 4))",
            "GEOMETRYCOLLECTION (POINT (1 2), MULTILINESTRING ((1 2, 3 4)))",
            "GEOMETRYCOLLECTION EMPTY",
        ] {
            let mut written = String::new();
            write(&one(text).unwrap().unwrap(), &mut written);
            assert_eq!(written, text);
        }
    }

    #[test]
    fn what_is_broken_is_refused() {
        for text in [
            "",
            "POINT",
            "POINT (1)",
            "POINT (1 2",
            "POINT (1 2) x",
            "POINT (1 x)",
            "POINT (1 NaN)",
            "CIRCLE (1 2)",
            "(((",
        ] {
            assert!(one(text).is_err(), "{text}");
        }
        assert_eq!(one(&"GEOMETRYCOLLECTION (".repeat(100_000)), Err(Reason::TooDeep { max: 5 }));
        let long = format!("LINESTRING ({})", vec!["1 2"; 51].join(","));
        assert_eq!(one(&long), Err(Reason::TooManyCoordinates { max: 50 }));
    }
}
