//! Small walks over shapes that several formats need.

use std::borrow::Cow;

use geo_types::{Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Polygon};

use crate::{Format, GeometryKind, Reason};

/// Every coordinate, in the order of the file.
pub fn each_coord(geometry: &Geometry<f64>, visit: &mut impl FnMut(Coord<f64>)) {
    match plain(geometry).as_ref() {
        Geometry::Point(point) => visit(point.0),
        Geometry::LineString(line) => line.0.iter().for_each(|c| visit(*c)),
        Geometry::Polygon(polygon) => rings(polygon).for_each(|ring| ring.0.iter().for_each(|c| visit(*c))),
        Geometry::MultiPoint(points) => points.0.iter().for_each(|p| visit(p.0)),
        Geometry::MultiLineString(lines) => lines.0.iter().flat_map(|line| &line.0).for_each(|c| visit(*c)),
        Geometry::MultiPolygon(polygons) => {
            polygons.0.iter().flat_map(rings).flat_map(|ring| &ring.0).for_each(|c| visit(*c));
        }
        // Collections within collections were counted when they were read; written ones come from them.
        Geometry::GeometryCollection(parts) => each_part(&parts.0, visit),
        Geometry::Line(_) | Geometry::Rect(_) | Geometry::Triangle(_) => {}
    }
}

// Not generic over the closure: a closure type that nests itself would never end.
fn each_part(parts: &[Geometry<f64>], visit: &mut dyn FnMut(Coord<f64>)) {
    for part in parts {
        each_coord(part, &mut |coord| visit(coord));
    }
}

/// The outer ring and then the holes; none at all for an empty polygon.
pub fn rings(polygon: &Polygon<f64>) -> impl Iterator<Item = &LineString<f64>> {
    std::iter::once(polygon.exterior()).filter(|ring| !ring.0.is_empty()).chain(polygon.interiors())
}

/// Shapes that only `geo-types` knows, as those that files know.
pub fn plain(geometry: &Geometry<f64>) -> Cow<'_, Geometry<f64>> {
    match geometry {
        Geometry::Line(line) => Cow::Owned(LineString::from(*line).into()),
        Geometry::Rect(rect) => Cow::Owned(rect.to_polygon().into()),
        Geometry::Triangle(triangle) => Cow::Owned(triangle.to_polygon().into()),
        other => Cow::Borrowed(other),
    }
}

pub fn is_empty(geometry: &Geometry<f64>) -> bool {
    let mut empty = true;
    each_coord(geometry, &mut |_| empty = false);
    empty
}

pub fn is_finite(geometry: &Geometry<f64>) -> bool {
    let mut finite = true;
    each_coord(geometry, &mut |c| finite &= c.x.is_finite() && c.y.is_finite());
    finite
}

/// Twice the area, positive for a ring that runs against the clock. Taken from the first corner on, so that large
/// coordinates do not eat the digits.
pub fn double_area(ring: &[Coord<f64>]) -> f64 {
    let Some(origin) = ring.first() else { return 0.0 };
    let cross = |pair: &[Coord<f64>]| {
        (pair[0].x - origin.x) * (pair[1].y - origin.y) - (pair[1].x - origin.x) * (pair[0].y - origin.y)
    };
    ring.windows(2).map(cross).sum()
}

/// The shape as a layer of one kind holds it: a part becomes a whole of one part, a whole of one part becomes it.
pub fn held(geometry: &Geometry<f64>, kind: GeometryKind, format: Format) -> Result<Cow<'_, Geometry<f64>>, Reason> {
    let own = GeometryKind::of(geometry);
    if kind == GeometryKind::Any || own == kind {
        return Ok(plain(geometry));
    }
    let cast = match (plain(geometry).into_owned(), kind) {
        (Geometry::Point(point), GeometryKind::MultiPoint) => Some(MultiPoint(vec![point]).into()),
        (Geometry::LineString(line), GeometryKind::MultiLine) => Some(MultiLineString(vec![line]).into()),
        (Geometry::Polygon(polygon), GeometryKind::MultiPolygon) => Some(MultiPolygon(vec![polygon]).into()),
        (Geometry::MultiPoint(mut points), GeometryKind::Point) if points.0.len() == 1 => {
            points.0.pop().map(Into::into)
        }
        (Geometry::MultiLineString(mut lines), GeometryKind::Line) if lines.0.len() == 1 => {
            lines.0.pop().map(Into::into)
        }
        (Geometry::MultiPolygon(mut polygons), GeometryKind::Polygon) if polygons.0.len() == 1 => {
            polygons.0.pop().map(Into::into)
        }
        _ => None,
    };
    cast.map(Cow::Owned).ok_or(Reason::ShapeNotHeld { format, shape: own.name() })
}
