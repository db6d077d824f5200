//! What is known of a layer before its features are read.

use geo_types::{Coord, Geometry};

use crate::shapes::each_coord;
use crate::{Field, Srs};

/// Lớp bản đồ trong tệp.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerInfo {
    pub name: String,
    pub kind: GeometryKind,
    /// For formats without types, what the values look like (see [`crate::Inference`]).
    pub fields: Vec<Field>,
    /// If the file states it or it was counted on the way.
    pub count: Option<u64>,
    pub srs: Srs,
    pub bounds: Option<Bounds>,
}

/// Kiểu hình học.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GeometryKind {
    /// A table without shapes.
    None,
    Point,
    MultiPoint,
    Line,
    MultiLine,
    Polygon,
    MultiPolygon,
    Collection,
    /// Mixed, or not known before all is read.
    Any,
}

impl GeometryKind {
    pub fn of(geometry: &Geometry<f64>) -> Self {
        match geometry {
            Geometry::Point(_) => Self::Point,
            Geometry::MultiPoint(_) => Self::MultiPoint,
            Geometry::Line(_) | Geometry::LineString(_) => Self::Line,
            Geometry::MultiLineString(_) => Self::MultiLine,
            Geometry::Polygon(_) | Geometry::Rect(_) | Geometry::Triangle(_) => Self::Polygon,
            Geometry::MultiPolygon(_) => Self::MultiPolygon,
            Geometry::GeometryCollection(_) => Self::Collection,
        }
    }

    /// The kind of a layer that holds both: parts and wholes of one dimension together are a layer of wholes.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        match (self, other) {
            (Self::None, kind) | (kind, Self::None) => kind,
            (one, two) if one == two => one,
            (one, two) if one.multi() == two.multi() => one.multi(),
            _ => Self::Any,
        }
    }

    #[must_use]
    pub fn multi(self) -> Self {
        match self {
            Self::Point => Self::MultiPoint,
            Self::Line => Self::MultiLine,
            Self::Polygon => Self::MultiPolygon,
            other => other,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::None => "table without shapes",
            Self::Point => "point",
            Self::MultiPoint => "multipoint",
            Self::Line => "line",
            Self::MultiLine => "multiline",
            Self::Polygon => "polygon",
            Self::MultiPolygon => "multipolygon",
            Self::Collection => "collection",
            Self::Any => "mixture of shapes",
        }
    }
}

/// Khung bao.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    pub min: Coord<f64>,
    pub max: Coord<f64>,
}

impl Bounds {
    /// None for an empty shape.
    pub fn of(geometry: &Geometry<f64>) -> Option<Self> {
        let mut bounds = None;
        each_coord(geometry, &mut |coord| Self::grow(&mut bounds, coord));
        bounds
    }

    pub fn grow(bounds: &mut Option<Self>, coord: Coord<f64>) {
        match bounds {
            None => *bounds = Some(Self { min: coord, max: coord }),
            Some(Self { min, max }) => {
                min.x = min.x.min(coord.x);
                min.y = min.y.min(coord.y);
                max.x = max.x.max(coord.x);
                max.y = max.y.max(coord.y);
            }
        }
    }

    /// Bounds as a file states them, if they are bounds at all.
    pub fn stated(min_x: f64, min_y: f64, max_x: f64, max_y: f64) -> Option<Self> {
        let whole = [min_x, min_y, max_x, max_y].iter().all(|n| n.is_finite()) && min_x <= max_x && min_y <= max_y;
        whole.then_some(Self { min: Coord { x: min_x, y: min_y }, max: Coord { x: max_x, y: max_y } })
    }
}
