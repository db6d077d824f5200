//! Well-known binary (OGC 06-103r4, clause 8; ISO 13249-3 for heights and measures, and the flags that PostGIS uses).

use geo_types::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon,
};

use crate::Limits;
use crate::Reason;
use crate::bytes::Bytes;
use crate::limits::Gauge;
use crate::shapes::{plain, rings};

/// A shape that [`write`] wrote.
pub fn shape_of(bytes: &[u8]) -> Result<Geometry<f64>, Reason> {
    let limits = Limits { coordinates: usize::MAX, ..Limits::default() };
    read(bytes, &mut Gauge::new(&limits))?.ok_or_else(|| Reason::Shape("it is empty".to_owned()))
}

/// Reads one shape. An empty point is none, since `geo-types` has no such thing.
pub(crate) fn read(bytes: &[u8], gauge: &mut Gauge) -> Result<Option<Geometry<f64>>, Reason> {
    geometry(&mut Bytes(bytes), gauge)
}

struct Head {
    big: bool,
    code: u32,
    /// Numbers a coordinate has.
    numbers: usize,
}

fn head(bytes: &mut Bytes<'_>, gauge: &mut Gauge) -> Result<Head, Reason> {
    let big = match bytes.byte()? {
        0 => true,
        1 => false,
        other => return Err(Reason::Shape(format!("byte order {other} is neither 0 nor 1"))),
    };
    let raw = word(bytes, big)?;
    if raw & 0x2000_0000 != 0 {
        bytes.take(4)?;
    }
    let (thousands, code) = ((raw & 0xffff) / 1000, (raw & 0xffff) % 1000);
    let height = raw & 0x8000_0000 != 0 || matches!(thousands, 1 | 3);
    let measure = raw & 0x4000_0000 != 0 || matches!(thousands, 2 | 3);
    gauge.height |= height;
    gauge.measure |= measure;
    Ok(Head { big, code, numbers: 2 + usize::from(height) + usize::from(measure) })
}

fn word(bytes: &mut Bytes<'_>, big: bool) -> Result<u32, Reason> {
    let array = bytes.array()?;
    Ok(if big { u32::from_be_bytes(array) } else { u32::from_le_bytes(array) })
}

fn geometry(bytes: &mut Bytes<'_>, gauge: &mut Gauge) -> Result<Option<Geometry<f64>>, Reason> {
    let head = head(bytes, gauge)?;
    Ok(Some(match head.code {
        1 => match point(bytes, &head, gauge)? {
            Some(point) => point.into(),
            None => return Ok(None),
        },
        2 => line(bytes, &head, gauge)?.into(),
        3 => polygon(bytes, &head, gauge)?.into(),
        4 => {
            let points = parts(bytes, &head, gauge, 1, point)?;
            MultiPoint(points.into_iter().flatten().collect()).into()
        }
        5 => MultiLineString(parts(bytes, &head, gauge, 2, line)?).into(),
        6 => MultiPolygon(parts(bytes, &head, gauge, 3, polygon)?).into(),
        7 => {
            gauge.enter()?;
            let stated = word(bytes, head.big)?;
            let count = bytes.count(stated, 9)?;
            let mut members = Vec::with_capacity(count.min(1024));
            for _ in 0..count {
                members.extend(geometry(bytes, gauge)?);
            }
            gauge.leave();
            Geometry::GeometryCollection(GeometryCollection(members))
        }
        code => return Err(Reason::UnknownShape(name(code))),
    }))
}

fn name(code: u32) -> String {
    match code {
        8 => "circular string",
        9 => "compound curve",
        10 => "curve polygon",
        11 => "multicurve",
        12 => "multisurface",
        15 => "polyhedral surface",
        16 => "TIN",
        17 => "triangle",
        _ => return format!("number {code}"),
    }
    .to_owned()
}

type Part<T> = fn(&mut Bytes<'_>, &Head, &mut Gauge) -> Result<T, Reason>;

fn parts<T>(
    bytes: &mut Bytes<'_>,
    outer: &Head,
    gauge: &mut Gauge,
    code: u32,
    part: Part<T>,
) -> Result<Vec<T>, Reason> {
    let stated = word(bytes, outer.big)?;
    let count = bytes.count(stated, 9)?;
    let mut parts = Vec::with_capacity(count.min(1024));
    for _ in 0..count {
        let head = head(bytes, gauge)?;
        if head.code != code {
            return Err(Reason::Shape(format!("a part is of kind {} where {code} must be", head.code)));
        }
        parts.push(part(bytes, &head, gauge)?);
    }
    Ok(parts)
}

fn point(bytes: &mut Bytes<'_>, head: &Head, gauge: &mut Gauge) -> Result<Option<Point<f64>>, Reason> {
    gauge.take(1)?;
    let raw = bytes.take(head.numbers * 8)?;
    let coord = Coord { x: number(&raw[..8], head.big), y: number(&raw[8..16], head.big) };
    if coord.x.is_nan() && coord.y.is_nan() {
        return Ok(None);
    }
    finite(coord).map(|coord| Some(coord.into()))
}

fn line(bytes: &mut Bytes<'_>, head: &Head, gauge: &mut Gauge) -> Result<LineString<f64>, Reason> {
    let size = head.numbers * 8;
    let stated = word(bytes, head.big)?;
    let count = bytes.count(stated, size)?;
    gauge.take(count)?;
    let raw = bytes.take(count * size)?.chunks_exact(size);
    let coord = |raw: &[u8]| finite(Coord { x: number(&raw[..8], head.big), y: number(&raw[8..16], head.big) });
    raw.map(coord).collect()
}

fn polygon(bytes: &mut Bytes<'_>, head: &Head, gauge: &mut Gauge) -> Result<Polygon<f64>, Reason> {
    let stated = word(bytes, head.big)?;
    let count = bytes.count(stated, 4)?;
    let mut rings = Vec::with_capacity(count.min(1024));
    for _ in 0..count {
        rings.push(line(bytes, head, gauge)?);
    }
    if rings.is_empty() {
        return Ok(Polygon::new(LineString(Vec::new()), Vec::new()));
    }
    let outer = rings.remove(0);
    Ok(Polygon::new(outer, rings))
}

fn number(raw: &[u8], big: bool) -> f64 {
    let array = raw.try_into().unwrap_or_default();
    if big { f64::from_be_bytes(array) } else { f64::from_le_bytes(array) }
}

fn finite(coord: Coord<f64>) -> Result<Coord<f64>, Reason> {
    if coord.x.is_finite() && coord.y.is_finite() { Ok(coord) } else { Err(Reason::NotFinite) }
}

/// Appends a shape, little-endian.
pub fn write(geometry: &Geometry<f64>, out: &mut Vec<u8>) {
    match plain(geometry).as_ref() {
        Geometry::Point(point) => write_point(point.0, out),
        Geometry::LineString(line) => {
            write_head(2, out);
            write_coords(&line.0, out);
        }
        Geometry::Polygon(polygon) => write_polygon(polygon, out),
        Geometry::MultiPoint(points) => {
            write_parts(4, points.0.len(), out);
            points.0.iter().for_each(|point| write_point(point.0, out));
        }
        Geometry::MultiLineString(lines) => {
            write_parts(5, lines.0.len(), out);
            for line in &lines.0 {
                write_head(2, out);
                write_coords(&line.0, out);
            }
        }
        Geometry::MultiPolygon(polygons) => {
            write_parts(6, polygons.0.len(), out);
            polygons.0.iter().for_each(|polygon| write_polygon(polygon, out));
        }
        Geometry::GeometryCollection(members) => {
            write_parts(7, members.0.len(), out);
            members.0.iter().for_each(|member| write(member, out));
        }
        Geometry::Line(_) | Geometry::Rect(_) | Geometry::Triangle(_) => {}
    }
}

fn write_head(code: u32, out: &mut Vec<u8>) {
    out.push(1);
    out.extend_from_slice(&code.to_le_bytes());
}

fn write_count(count: usize, out: &mut Vec<u8>) {
    out.extend_from_slice(&(count as u32).to_le_bytes());
}

fn write_parts(code: u32, count: usize, out: &mut Vec<u8>) {
    write_head(code, out);
    write_count(count, out);
}

fn write_coord(coord: Coord<f64>, out: &mut Vec<u8>) {
    out.extend_from_slice(&coord.x.to_le_bytes());
    out.extend_from_slice(&coord.y.to_le_bytes());
}

fn write_point(coord: Coord<f64>, out: &mut Vec<u8>) {
    write_head(1, out);
    write_coord(coord, out);
}

fn write_coords(coords: &[Coord<f64>], out: &mut Vec<u8>) {
    write_count(coords.len(), out);
    for coord in coords {
        write_coord(*coord, out);
    }
}

fn write_polygon(polygon: &Polygon<f64>, out: &mut Vec<u8>) {
    write_parts(3, rings(polygon).count(), out);
    rings(polygon).for_each(|ring| write_coords(&ring.0, out));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gauge() -> Gauge {
        Gauge::new(&crate::Limits { coordinates: 100, depth: 4, ..crate::Limits::default() })
    }

    #[test]
    fn every_kind_comes_back() {
        for text in [
            "POINT (108.2 16)",
            "LINESTRING (1 2, 3 4)",
            "POLYGON ((0 0, 9 0, 9 9, 0 0), (1 1, 2 1, 2 2, 1 1))",
            "POLYGON EMPTY",
            "MULTIPOINT ((1 2), (3 4))",
            "MULTILINESTRING ((1 2, 3 4), (5 6, 7 8))",
            "MULTIPOLYGON (((0 0, 9 0, 9 9, 0 0)), ((1 1, 2 1, 2 2, 1 1)))",
            "GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (1 2, 3 4))",
        ] {
            let shape = crate::wkt::read(text, &mut gauge()).unwrap().unwrap();
            let mut bytes = Vec::new();
            write(&shape, &mut bytes);
            assert_eq!(read(&bytes, &mut gauge()).unwrap(), Some(shape), "{text}");
            for end in 0..bytes.len() {
                assert!(read(&bytes[..end], &mut gauge()).is_err(), "{text} cut at {end}");
            }
        }
    }

    #[test]
    fn heights_and_measures_are_left_out_and_noted() {
        for (code, numbers, height, measure) in
            [(1001u32, 3, true, false), (2001, 3, false, true), (3001, 4, true, true), (0x8000_0001, 3, true, false)]
        {
            let mut bytes = vec![1];
            bytes.extend_from_slice(&code.to_le_bytes());
            (0..numbers).for_each(|n| bytes.extend_from_slice(&f64::from(n).to_le_bytes()));
            let mut gauge = gauge();
            assert_eq!(read(&bytes, &mut gauge).unwrap(), Some(Point::new(0.0, 1.0).into()));
            assert_eq!((gauge.height, gauge.measure), (height, measure));
        }
    }

    #[test]
    fn stated_counts_are_not_believed() {
        let mut bytes = vec![1, 2, 0, 0, 0];
        bytes.extend_from_slice(&u32::MAX.to_le_bytes());
        assert!(read(&bytes, &mut gauge()).is_err());
        let nested: Vec<u8> = [1, 7, 0, 0, 0, 1, 0, 0, 0].repeat(1000);
        assert_eq!(read(&nested, &mut gauge()), Err(Reason::TooDeep { max: 4 }));
        let curve = [1, 8, 0, 0, 0, 0, 0, 0, 0];
        assert_eq!(read(&curve, &mut gauge()), Err(Reason::UnknownShape("circular string".into())));
    }
}
