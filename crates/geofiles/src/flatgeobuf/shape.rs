//! Shapes put into tables of FlatGeobuf.

use flatgeobuf::GeometryType;
use geo_types::{Coord, Geometry, LineString, Polygon};

use super::flat::{Flat, Hole, Slot};
use super::type_of_kind;
use crate::GeometryKind;
use crate::shapes::{plain, rings};

/// Slots of a geometry.
const ENDS: u16 = 0;
const XY: u16 = 1;
const KIND: u16 = 6;
const PARTS: u16 = 7;

/// Writes a shape that is not empty where `hole` points.
pub fn write(flat: &mut Flat, hole: Hole, geometry: &Geometry<f64>) {
    let geometry = plain(geometry);
    let kind = kind_of(geometry.as_ref());
    match geometry.as_ref() {
        Geometry::Point(point) => coords(flat, hole, kind, &[&[point.0]], false),
        Geometry::MultiPoint(points) => {
            let all: Vec<Coord<f64>> = points.0.iter().map(|point| point.0).collect();
            coords(flat, hole, kind, &[&all], false);
        }
        Geometry::LineString(line) => coords(flat, hole, kind, &[&line.0], false),
        Geometry::MultiLineString(lines) => {
            let all: Vec<&[Coord<f64>]> = lines.0.iter().map(|line| line.0.as_slice()).collect();
            coords(flat, hole, kind, &all, true);
        }
        Geometry::Polygon(polygon) => area(flat, hole, polygon),
        Geometry::MultiPolygon(polygons) => {
            let parts = parts(flat, hole, kind, polygons.0.len());
            parts.into_iter().zip(&polygons.0).for_each(|(hole, polygon)| area(flat, hole, polygon));
        }
        Geometry::GeometryCollection(members) => {
            let parts = parts(flat, hole, kind, members.0.len());
            parts.into_iter().zip(&members.0).for_each(|(hole, member)| write(flat, hole, member));
        }
        Geometry::Line(_) | Geometry::Rect(_) | Geometry::Triangle(_) => {}
    }
}

fn kind_of(geometry: &Geometry<f64>) -> GeometryType {
    match GeometryKind::of(geometry) {
        GeometryKind::Collection => GeometryType::GeometryCollection,
        kind => type_of_kind(kind),
    }
}

fn area(flat: &mut Flat, hole: Hole, polygon: &Polygon<f64>) {
    let all: Vec<&[Coord<f64>]> = rings(polygon).map(|ring: &LineString<f64>| ring.0.as_slice()).collect();
    coords(flat, hole, GeometryType::Polygon, &all, true);
}

fn parts(flat: &mut Flat, hole: Hole, kind: GeometryType, count: usize) -> Vec<Hole> {
    let holes = flat.table(hole, &[Slot::Offset(PARTS), Slot::Byte(KIND, kind.0)]);
    flat.tables(holes[0], count)
}

/// Coordinates of one or more parts, with where each part ends if there can be several.
fn coords(flat: &mut Flat, hole: Hole, kind: GeometryType, parts: &[&[Coord<f64>]], ends: bool) {
    let mut slots = vec![Slot::Offset(XY), Slot::Byte(KIND, kind.0)];
    if ends {
        slots.insert(0, Slot::Offset(ENDS));
    }
    let holes = flat.table(hole, &slots);
    if ends {
        let mut end = 0;
        let ends: Vec<u32> = parts
            .iter()
            .map(|part| {
                end += part.len() as u32;
                end
            })
            .collect();
        flat.ints(holes[0], &ends);
    }
    let count = parts.iter().map(|part| part.len() * 2).sum();
    let numbers = parts.iter().flat_map(|part| part.iter()).flat_map(|coord| [coord.x, coord.y]);
    flat.doubles(holes[usize::from(ends)], count, numbers);
}
