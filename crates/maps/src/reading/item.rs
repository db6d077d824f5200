//! One feature, as it is or was.

use geo::{BoundingRect, Centroid, InteriorPoint};
use geo_types::{Geometry, Point};
use jiff::Timestamp;
use serde_json::{Map, Value};
use songhan_app::Cx;
use songhan_base::Internal;
use songhan_geofiles::wkt;

use super::Readable;
use super::geometry::Measure;
use crate::feature::Feature;
use crate::layer::{Layer, Reach};
use crate::ogc::system::System;
use crate::ogc::write;
use crate::shape;
use crate::store::features::Bounds;
use crate::store::{bases, features, layers};

/// A feature with its shape and values taken apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub number: i64,
    pub version: i64,
    pub area: Option<String>,
    pub properties: Map<String, Value>,
    pub geometry: Option<Geometry<f64>>,
    wkb: Option<Vec<u8>>,
}

impl Item {
    pub(crate) fn of(feature: &Feature) -> Result<Self, Internal> {
        let placed = feature.geometry.as_deref().map(shape::stored).transpose()?;
        Ok(Self {
            number: feature.feature,
            version: feature.version,
            area: feature.area.clone(),
            properties: serde_json::from_str(&feature.properties).map_err(Internal::new)?,
            geometry: placed.map(|placed| placed.geometry),
            wkb: feature.geometry.clone(),
        })
    }

    /// Whether the actor may change it.
    pub fn is_edited(&self, cx: &Cx, layer: &Layer) -> bool {
        layer.rights.edits(cx).holds(self.area.as_deref())
    }

    /// West, south, east, north.
    pub fn bounds(&self) -> Option<Bounds> {
        let rect = self.geometry.as_ref()?.bounding_rect()?;
        Some([rect.min().x, rect.min().y, rect.max().x, rect.max().y])
    }

    /// A place in it: where a map goes to show it.
    pub fn middle(&self) -> Option<[f64; 2]> {
        let geometry = self.geometry.as_ref()?;
        let inside: Option<Point<f64>> = geometry.interior_point().or_else(|| geometry.centroid());
        inside.map(|point| [point.x(), point.y()])
    }

    /// As GeoJSON has it, with seven decimals.
    pub fn geojson(&self) -> Result<Value, Internal> {
        let Some(wkb) = &self.wkb else { return Ok(Value::Null) };
        let mut out = Vec::new();
        write::geometry(&mut out, wkb, System::DEFAULT).map_err(|error| Internal::new(error.to_string()))?;
        serde_json::from_slice(&out).map_err(Internal::new)
    }

    /// As well-known text, whole: what is read again is the same shape.
    pub fn wkt(&self) -> String {
        let mut out = String::new();
        if let Some(geometry) = &self.geometry {
            wkt::write(geometry, &mut out);
        }
        out
    }

    /// How long or how large it is on the ground.
    pub fn measure(&self) -> Option<Measure> {
        self.geometry.as_ref().and_then(Measure::of)
    }
}

/// The feature with the number of its base, as it is or was at a moment, if the actor may read it.
pub async fn feature(
    cx: &Cx,
    layer: &Layer,
    reach: &Reach,
    number: i64,
    at: Option<Timestamp>,
) -> Result<Option<(i64, Feature)>, Internal> {
    let found = match at {
        None => match layers::standing(&cx.db, &layer.code).await?.and_then(|standing| standing.base) {
            Some(base) => features::current(&cx.db, base, number).await?.map(|feature| (base, feature)),
            None => None,
        },
        Some(at) => match bases::at(&cx.db, &layer.code, at).await? {
            Some(base) => {
                let page = features::page_at(&cx.db, base, at, number - 1, 1).await?;
                page.into_iter().find(|feature| feature.feature == number).map(|feature| (base, feature))
            }
            None => None,
        },
    };
    Ok(found.filter(|(_, feature)| reach.holds(feature.area.as_deref())))
}

/// The same for a page.
pub async fn item(cx: &Cx, of: &Readable, number: i64, at: Option<Timestamp>) -> Result<Option<(i64, Item)>, Internal> {
    let found = feature(cx, &of.layer, &of.reach, number, at).await?;
    found.map(|(base, feature)| Ok((base, Item::of(&feature)?))).transpose()
}
