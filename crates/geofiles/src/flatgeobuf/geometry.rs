//! Shapes out of FlatGeobuf's tables. The tables were checked to lie within their bytes; what their numbers mean is
//! checked here.

use flatgeobuf::{Geometry as Table, GeometryType};
use geo_types::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon,
};

use crate::Reason;
use crate::limits::Gauge;

/// `declared` is the kind of all features, or unknown where each says its own.
pub fn read(table: Table<'_>, declared: GeometryType, gauge: &mut Gauge) -> Result<Option<Geometry<f64>>, Reason> {
    let kind = if declared == GeometryType::Unknown { table.type_() } else { declared };
    gauge.height |= table.z().is_some_and(|z| !z.is_empty());
    gauge.measure |= table.m().is_some_and(|m| !m.is_empty());
    let empty = table.xy().is_none_or(|xy| xy.is_empty()) && table.parts().is_none_or(|parts| parts.is_empty());
    // The format cannot tell an empty shape from none.
    if empty {
        return Ok(None);
    }
    Ok(Some(match kind {
        GeometryType::MultiPolygon => MultiPolygon(polygons(table, gauge)?).into(),
        GeometryType::GeometryCollection => {
            gauge.enter()?;
            let mut members = Vec::new();
            for part in table.parts().into_iter().flatten() {
                members.extend(read(part, GeometryType::Unknown, gauge)?);
            }
            gauge.leave();
            Geometry::GeometryCollection(GeometryCollection(members))
        }
        GeometryType::Point => {
            let coords = coords(table, gauge)?;
            let point = coords.first().filter(|_| coords.len() == 1);
            Point(*point.ok_or_else(|| Reason::Shape("a point has several coordinates".into()))?).into()
        }
        GeometryType::MultiPoint => MultiPoint(coords(table, gauge)?.into_iter().map(Point).collect()).into(),
        GeometryType::LineString => LineString(coords(table, gauge)?).into(),
        GeometryType::MultiLineString => MultiLineString(parts(table, gauge)?).into(),
        GeometryType::Polygon => polygon(parts(table, gauge)?).into(),
        other => {
            let name = other.variant_name().map_or_else(|| format!("number {}", other.0), ToOwned::to_owned);
            return Err(Reason::UnknownShape(name));
        }
    }))
}

fn coords(table: Table<'_>, gauge: &mut Gauge) -> Result<Vec<Coord<f64>>, Reason> {
    let Some(xy) = table.xy() else { return Ok(Vec::new()) };
    if xy.len() % 2 != 0 {
        return Err(Reason::Shape("a coordinate has one number only".into()));
    }
    gauge.take(xy.len() / 2)?;
    let mut coords = Vec::with_capacity(xy.len() / 2);
    for raw in xy.bytes().chunks_exact(16) {
        let number = |raw: &[u8]| f64::from_le_bytes(raw.try_into().unwrap_or_default());
        let coord = Coord { x: number(&raw[..8]), y: number(&raw[8..]) };
        if !coord.x.is_finite() || !coord.y.is_finite() {
            return Err(Reason::NotFinite);
        }
        coords.push(coord);
    }
    Ok(coords)
}

/// The coordinates cut at `ends`; without them they are one part.
fn parts(table: Table<'_>, gauge: &mut Gauge) -> Result<Vec<LineString<f64>>, Reason> {
    let all = coords(table, gauge)?;
    let Some(ends) = table.ends().filter(|ends| !ends.is_empty()) else {
        return Ok(if all.is_empty() { Vec::new() } else { vec![LineString(all)] });
    };
    let mut start = 0;
    let mut lines = Vec::with_capacity(ends.len().min(all.len()));
    for end in ends {
        let part = all.get(start..end as usize);
        let part = part.ok_or_else(|| Reason::Shape("its parts are out of order".into()))?;
        // A part may be empty and costs memory all the same.
        gauge.take(1)?;
        lines.push(LineString(part.to_vec()));
        start = end as usize;
    }
    Ok(lines)
}

fn polygon(rings: Vec<LineString<f64>>) -> Polygon<f64> {
    let mut rings = rings.into_iter();
    Polygon::new(rings.next().unwrap_or_else(|| LineString(Vec::new())), rings.collect())
}

fn polygons(table: Table<'_>, gauge: &mut Gauge) -> Result<Vec<Polygon<f64>>, Reason> {
    match table.parts().filter(|parts| !parts.is_empty()) {
        Some(list) => list.into_iter().map(|part| parts(part, gauge).map(polygon)).collect(),
        // One polygon may stand without parts.
        None => Ok(Some(parts(table, gauge)?).filter(|rings| !rings.is_empty()).map(polygon).into_iter().collect()),
    }
}
