//! The spatial relations (OGC 06-103r4, clause 6.1.15) by the DE-9IM of `geo`, after what boxes alone decide.

use geo::relate::IntersectionMatrix;
use geo::{CoordsIter, Intersects, PreparedGeometry, Relate};
use geo_types::{Coord, Geometry, GeometryCollection, LineString, MultiPolygon, Point, Rect};

use super::error::{Cql2Error, Position, Result};
use super::names::Spatial;
use super::shape::BBox;
use super::valid;

/// What a set of positions extends over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Extent {
    Empty,
    Box(Rect<f64>),
    /// A coordinate is not a finite number: nothing can be said.
    Broken,
}

pub fn extent(geometry: &Geometry<f64>) -> Extent {
    if let Geometry::Point(point) = geometry {
        return if finite(point.0) { Extent::Box(Rect::new(point.0, point.0)) } else { Extent::Broken };
    }
    let (mut low, mut high) = (Coord { x: f64::MAX, y: f64::MAX }, Coord { x: f64::MIN, y: f64::MIN });
    let mut empty = true;
    for coord in geometry.coords_iter() {
        if !finite(coord) {
            return Extent::Broken;
        }
        empty = false;
        low = Coord { x: low.x.min(coord.x), y: low.y.min(coord.y) };
        high = Coord { x: high.x.max(coord.x), y: high.y.max(coord.y) };
    }
    if empty { Extent::Empty } else { Extent::Box(Rect::new(low, high)) }
}

fn finite(coord: Coord<f64>) -> bool {
    coord.x.is_finite() && coord.y.is_finite()
}

/// A geometry of the filter, measured once.
#[derive(Clone, Debug)]
pub struct Literal {
    pub geometry: Geometry<f64>,
    pub extent: Rect<f64>,
    /// The geometry is its extent: what lies strictly inside needs no further look.
    is_box: bool,
}

pub type Prepared<'a> = PreparedGeometry<'a, &'a Geometry<f64>, f64>;

impl Literal {
    pub fn new(geometry: Geometry<f64>, at: &Position) -> Result<Self> {
        let Extent::Box(extent) = extent(&geometry) else {
            return Err(Cql2Error::literal(at, "geometry", "give it at least one position of finite coordinates"));
        };
        valid::check(&geometry).map_err(|remedy| Cql2Error::literal(at, "geometry", remedy))?;
        Ok(Self { is_box: is_box(&geometry, extent), geometry, extent })
    }

    /// `bounds` are those of the reference system, through which a box may go round.
    pub fn of_bbox(bbox: &BBox, bounds: Option<Rect<f64>>, at: &Position) -> Result<Self> {
        let piece = |west, east| rectangle(Coord { x: west, y: bbox.south }, Coord { x: east, y: bbox.north });
        if bbox.west <= bbox.east {
            return Self::new(piece(bbox.west, bbox.east), at);
        }
        let Some(bounds) = bounds.filter(|b| bbox.west <= b.max().x && bbox.east >= b.min().x) else {
            return Err(Cql2Error::literal(at, "bounding box", "put the smaller first coordinate first"));
        };
        Self::new(
            match (piece(bbox.west, bounds.max().x), piece(bounds.min().x, bbox.east)) {
                (Geometry::Polygon(a), Geometry::Polygon(b)) => MultiPolygon(vec![a, b]).into(),
                (a, b) => Geometry::GeometryCollection(GeometryCollection(vec![a, b])),
            },
            at,
        )
    }
}

/// A box, which without a height or a width is a line or a point.
fn rectangle(low: Coord<f64>, high: Coord<f64>) -> Geometry<f64> {
    if low.x < high.x && low.y < high.y {
        return Rect::new(low, high).to_polygon().into();
    }
    if low == high { Point(low).into() } else { LineString(vec![low, high]).into() }
}

/// A valid ring of five positions that has all four corners of its extent goes round them.
fn is_box(geometry: &Geometry<f64>, extent: Rect<f64>) -> bool {
    let Geometry::Polygon(polygon) = geometry else { return false };
    let ring = &polygon.exterior().0;
    polygon.interiors().is_empty()
        && ring.len() == 5
        && extent.to_polygon().exterior().0.iter().all(|corner| ring.contains(corner))
}

/// One side of a relation.
#[derive(Clone, Copy)]
pub struct Side<'a, 'p> {
    pub geometry: &'a Geometry<f64>,
    /// Where the side is a geometry of the filter.
    pub literal: Option<&'a Literal>,
    pub prepared: Option<&'a Prepared<'p>>,
}

impl Side<'_, '_> {
    fn extent(&self) -> Extent {
        self.literal.map_or_else(|| extent(self.geometry), |literal| Extent::Box(literal.extent))
    }
}

/// The relation, or `None` where a coordinate is not finite.
pub fn holds(op: Spatial, left: Side<'_, '_>, right: Side<'_, '_>) -> Option<bool> {
    if left.literal.is_none() && right.literal.is_some() {
        return holds(converse(op), right, left);
    }
    let (a, b) = match (left.extent(), right.extent()) {
        (Extent::Broken, _) | (_, Extent::Broken) => return None,
        (Extent::Box(a), Extent::Box(b)) => (a, b),
        _ => return Some(op == Spatial::Disjoint),
    };
    if !overlap(a, b) {
        return Some(op == Spatial::Disjoint);
    }
    if left.literal.is_some_and(|literal| literal.is_box) && strictly_inside(b, a) {
        return Some(matches!(op, Spatial::Intersects | Spatial::Contains));
    }
    if !needs_interior(op) && decided_by_parts(left.geometry, right.geometry) {
        let intersects = left.geometry.intersects(right.geometry);
        return Some(intersects == (op == Spatial::Intersects));
    }
    let matrix = match left.prepared {
        Some(prepared) => prepared.relate(right.geometry),
        None => left.geometry.relate(right.geometry),
    };
    Some(in_matrix(op, &matrix))
}

fn converse(op: Spatial) -> Spatial {
    match op {
        Spatial::Within => Spatial::Contains,
        Spatial::Contains => Spatial::Within,
        symmetric => symmetric,
    }
}

/// Points are faster without a matrix, and collections, whose parts may overlap, have no matrix to rely on.
fn decided_by_parts(a: &Geometry<f64>, b: &Geometry<f64>) -> bool {
    matches!(a, Geometry::GeometryCollection(_)) || matches!(b, Geometry::Point(_) | Geometry::GeometryCollection(_))
}

fn in_matrix(op: Spatial, matrix: &IntersectionMatrix) -> bool {
    match op {
        Spatial::Intersects => matrix.is_intersects(),
        Spatial::Equals => matrix.is_equal_topo(),
        Spatial::Disjoint => matrix.is_disjoint(),
        Spatial::Touches => matrix.is_touches(),
        Spatial::Within => matrix.is_within(),
        Spatial::Overlaps => matrix.is_overlaps(),
        Spatial::Crosses => matrix.is_crosses(),
        Spatial::Contains => matrix.is_contains(),
    }
}

pub fn overlap(a: Rect<f64>, b: Rect<f64>) -> bool {
    a.min().x <= b.max().x && b.min().x <= a.max().x && a.min().y <= b.max().y && b.min().y <= a.max().y
}

/// Relations other than S_INTERSECTS and S_DISJOINT need an interior, which overlapping polygons do not have together.
pub fn needs_interior(op: Spatial) -> bool {
    !matches!(op, Spatial::Intersects | Spatial::Disjoint)
}

fn strictly_inside(inner: Rect<f64>, outer: Rect<f64>) -> bool {
    outer.min().x < inner.min().x
        && inner.max().x < outer.max().x
        && outer.min().y < inner.min().y
        && inner.max().y < outer.max().y
}
