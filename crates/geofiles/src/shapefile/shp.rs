//! The records of a `.shp`: shapes out of bytes and into them.

use geo_types::{Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};

use crate::bytes::Bytes;
use crate::limits::Gauge;
use crate::rings::{Holes, polygons, wound};
use crate::shapes::rings;
use crate::{GeometryKind, Reason};

/// What the head of the file calls its shapes; heights and measures come on top by tens.
pub fn kind_of_code(code: i32) -> Option<GeometryKind> {
    Some(match code {
        0 => GeometryKind::None,
        1 | 11 | 21 => GeometryKind::Point,
        8 | 18 | 28 => GeometryKind::MultiPoint,
        3 | 13 | 23 => GeometryKind::MultiLine,
        5 | 15 | 25 => GeometryKind::MultiPolygon,
        31 => GeometryKind::Any,
        _ => return None,
    })
}

pub fn code_of_kind(kind: GeometryKind) -> Option<i32> {
    match kind {
        GeometryKind::None => Some(0),
        GeometryKind::Point => Some(1),
        GeometryKind::MultiPoint => Some(8),
        GeometryKind::Line | GeometryKind::MultiLine => Some(3),
        GeometryKind::Polygon | GeometryKind::MultiPolygon => Some(5),
        GeometryKind::Collection | GeometryKind::Any => None,
    }
}

/// The shape of one record. A line of one part is a line, a polygon of one outer ring a polygon.
pub fn read(content: &[u8], gauge: &mut Gauge) -> Result<Option<Geometry<f64>>, Reason> {
    let mut bytes = Bytes(content);
    let code = bytes.i32_le()?;
    gauge.height |= (11..=18).contains(&code);
    gauge.measure |= (21..=28).contains(&code);
    Ok(match code {
        0 => None,
        1 | 11 | 21 => {
            gauge.take(1)?;
            Some(Point(coord(&mut bytes)?).into())
        }
        8 | 18 | 28 => {
            bytes.take(32)?;
            let stated = bytes.u32_le()?;
            let count = bytes.count(stated, 16)?;
            let points: Vec<Point<f64>> = coords(&mut bytes, count, gauge)?.into_iter().map(Point).collect();
            (!points.is_empty()).then(|| MultiPoint(points).into())
        }
        3 | 13 | 23 => {
            let mut lines = parts(&mut bytes, gauge)?;
            match lines.len() {
                0 => None,
                1 => lines.pop().map(Into::into),
                _ => Some(MultiLineString(lines).into()),
            }
        }
        5 | 15 | 25 => {
            let mut found = polygons(parts(&mut bytes, gauge)?, Holes::ByWinding)?;
            match found.len() {
                0 => None,
                1 => found.pop().map(Into::into),
                _ => Some(MultiPolygon(found).into()),
            }
        }
        31 => return Err(Reason::UnknownShape("multipatch".into())),
        other => return Err(Reason::UnknownShape(format!("number {other}"))),
    })
}

fn coord(bytes: &mut Bytes<'_>) -> Result<Coord<f64>, Reason> {
    let coord = Coord { x: bytes.f64_le()?, y: bytes.f64_le()? };
    if coord.x.is_finite() && coord.y.is_finite() { Ok(coord) } else { Err(Reason::NotFinite) }
}

fn coords(bytes: &mut Bytes<'_>, count: usize, gauge: &mut Gauge) -> Result<Vec<Coord<f64>>, Reason> {
    gauge.take(count)?;
    (0..count).map(|_| coord(bytes)).collect()
}

/// Lists of coordinates, cut where the parts begin. Empty parts are left out.
fn parts(bytes: &mut Bytes<'_>, gauge: &mut Gauge) -> Result<Vec<LineString<f64>>, Reason> {
    bytes.take(32)?;
    let (parts, points) = (bytes.u32_le()?, bytes.u32_le()?);
    let count = bytes.count(parts, 4)?;
    let starts = (0..count).map(|_| bytes.u32_le().map(|start| start as usize)).collect::<Result<Vec<_>, _>>()?;
    let total = bytes.count(points, 16)?;
    let ends = starts.iter().skip(1).copied().chain([total]);
    let mut lines = Vec::with_capacity(count);
    if starts.first().is_some_and(|start| *start != 0) {
        return Err(Reason::Shape("its first part does not begin at its first point".into()));
    }
    for (start, end) in starts.iter().zip(ends) {
        let length = end.checked_sub(*start).filter(|_| end <= total);
        let length = length.ok_or_else(|| Reason::Shape("its parts are out of order".into()))?;
        let coords = coords(bytes, length, gauge)?;
        if !coords.is_empty() {
            lines.push(LineString(coords));
        }
    }
    Ok(lines)
}

/// The content of a record; outer rings run with the clock, holes against it (page 9).
pub fn write(geometry: Option<&Geometry<f64>>, out: &mut Vec<u8>) {
    let line = |line: &LineString<f64>| vec![line.clone()];
    match geometry {
        Some(Geometry::Point(point)) => {
            out.extend_from_slice(&1i32.to_le_bytes());
            put(point.0, out);
        }
        Some(Geometry::MultiPoint(points)) if !points.0.is_empty() => {
            out.extend_from_slice(&8i32.to_le_bytes());
            put_bounds(points.0.iter().map(|point| point.0), out);
            out.extend_from_slice(&(points.0.len() as u32).to_le_bytes());
            points.0.iter().for_each(|point| put(point.0, out));
        }
        Some(Geometry::LineString(one)) if !one.0.is_empty() => put_parts(3, &line(one), out),
        Some(Geometry::MultiLineString(lines)) if lines.0.iter().any(|line| !line.0.is_empty()) => {
            put_parts(3, &lines.0, out);
        }
        Some(Geometry::Polygon(polygon)) if !polygon.exterior().0.is_empty() => put_parts(5, &turned(polygon), out),
        Some(Geometry::MultiPolygon(polygons)) if polygons.0.iter().any(|one| !one.exterior().0.is_empty()) => {
            put_parts(5, &polygons.0.iter().flat_map(turned).collect::<Vec<_>>(), out);
        }
        _ => out.extend_from_slice(&0i32.to_le_bytes()),
    }
}

fn turned(polygon: &Polygon<f64>) -> Vec<LineString<f64>> {
    rings(polygon).enumerate().map(|(index, ring)| wound(ring, index == 0)).collect()
}

fn put(coord: Coord<f64>, out: &mut Vec<u8>) {
    out.extend_from_slice(&coord.x.to_le_bytes());
    out.extend_from_slice(&coord.y.to_le_bytes());
}

fn put_bounds(coords: impl Iterator<Item = Coord<f64>>, out: &mut Vec<u8>) {
    let far = Coord { x: f64::INFINITY, y: f64::INFINITY };
    let (min, max) = coords.fold((far, -far), |(min, max), coord| {
        let min = Coord { x: min.x.min(coord.x), y: min.y.min(coord.y) };
        (min, Coord { x: max.x.max(coord.x), y: max.y.max(coord.y) })
    });
    put(min, out);
    put(max, out);
}

fn put_parts(code: i32, lines: &[LineString<f64>], out: &mut Vec<u8>) {
    out.extend_from_slice(&code.to_le_bytes());
    put_bounds(lines.iter().flat_map(|line| line.0.iter().copied()), out);
    let points: usize = lines.iter().map(|line| line.0.len()).sum();
    out.extend_from_slice(&(lines.len() as u32).to_le_bytes());
    out.extend_from_slice(&(points as u32).to_le_bytes());
    let mut start = 0u32;
    for line in lines {
        out.extend_from_slice(&start.to_le_bytes());
        start += line.0.len() as u32;
    }
    lines.iter().flat_map(|line| &line.0).for_each(|coord| put(*coord, out));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;

    #[test]
    fn shapes_come_back_and_cut_ones_are_refused() {
        for text in [
            "POINT (108.2 16)",
            "MULTIPOINT ((1 2), (3 4))",
            "LINESTRING (1 2, 3 4)",
            "MULTILINESTRING ((1 2, 3 4), (5 6, 7 8))",
            "POLYGON ((0 0, 0 9, 9 9, 9 0, 0 0), (1 1, 2 1, 2 2, 1 1))",
            "MULTIPOLYGON (((0 0, 0 9, 9 9, 0 0)), ((20 0, 20 9, 29 9, 20 0)))",
        ] {
            let mut gauge = Gauge::new(&Limits::default());
            let shape = crate::wkt::read(text, &mut gauge).unwrap();
            let mut content = Vec::new();
            write(shape.as_ref(), &mut content);
            assert_eq!(read(&content, &mut gauge), Ok(shape), "{text}");
            (0..content.len()).for_each(|end| assert!(read(&content[..end], &mut gauge).is_err(), "{text} at {end}"));
        }
    }

    #[test]
    fn parts_out_of_order_are_refused() {
        let mut content = Vec::new();
        let lines = [LineString::from(vec![(1.0, 2.0), (3.0, 4.0)]), LineString::from(vec![(5.0, 6.0), (7.0, 8.0)])];
        put_parts(3, &lines, &mut content);
        for (at, value) in [(44, 1u32), (48, 5), (48, u32::MAX), (36, u32::MAX), (40, u32::MAX)] {
            let mut bad = content.clone();
            bad[at..at + 4].copy_from_slice(&value.to_le_bytes());
            assert!(read(&bad, &mut Gauge::new(&Limits::default())).is_err(), "{at} {value}");
        }
    }
}
