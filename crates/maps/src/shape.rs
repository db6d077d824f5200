//! Hình học: geometries on their way into the database and out of it. What comes in is made whole, or refused with the
//! reason.

use geo::BoundingRect;
use geo_types::Geometry;
use songhan_base::{FieldError, Internal};
use songhan_geo::repair::{self, Expected, Outcome};
use songhan_geofiles::wkb;

use crate::layer::{Layer, Shape};
use crate::store::features::Bounds;

/// A geometry with what the database keeps of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    pub geometry: Geometry<f64>,
    pub wkb: Vec<u8>,
    /// West, south, east, north; none of an empty geometry.
    pub bounds: Option<Bounds>,
}

/// A geometry that fits its layer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fitted {
    pub placed: Option<Placed>,
    /// What was repaired, a sentence each.
    pub repaired: Vec<String>,
}

impl Placed {
    fn of(geometry: Geometry<f64>) -> Self {
        let mut bytes = Vec::new();
        wkb::write(&geometry, &mut bytes);
        let bounds = bounds(&geometry);
        Self { geometry, wkb: bytes, bounds }
    }
}

fn bounds(geometry: &Geometry<f64>) -> Option<Bounds> {
    geometry.bounding_rect().map(|rect| [rect.min().x, rect.min().y, rect.max().x, rect.max().y])
}

/// Holds a geometry against its layer and makes it whole.
pub fn fit(layer: &Layer, geometry: Option<Geometry<f64>>) -> Result<Fitted, FieldError> {
    let Some(geometry) = geometry else { return Ok(Fitted::default()) };
    match repair::repair(geometry, expected(layer.shape), &repair::Limits::default()) {
        Outcome::Whole { geometry } => Ok(Fitted { placed: Some(Placed::of(geometry)), repaired: Vec::new() }),
        Outcome::Repaired { geometry, what } => {
            let repaired = what.iter().map(ToString::to_string).collect();
            Ok(Fitted { placed: Some(Placed::of(geometry)), repaired })
        }
        Outcome::Refused { reason } => Err(FieldError::new("geometry", "invalid", reason.to_string())),
    }
}

const fn expected(shape: Shape) -> Expected {
    match shape {
        Shape::Point => Expected::Points,
        Shape::Line => Expected::Lines,
        Shape::Polygon => Expected::Areas,
        Shape::Any => Expected::Any,
    }
}

/// A geometry as the database holds it.
pub fn stored(bytes: &[u8]) -> Result<Placed, Internal> {
    let geometry = wkb::shape_of(bytes).map_err(|error| Internal::new(format!("read a stored geometry: {error}")))?;
    let bounds = bounds(&geometry);
    Ok(Placed { geometry, wkb: bytes.to_vec(), bounds })
}
