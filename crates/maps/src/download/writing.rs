//! The writing half of a download: rows → features that are wanted → a file, on a thread of its own while the next rows
//! are being read.

use std::path::PathBuf;
use std::sync::Arc;

use geo::MapCoords;
use geo_types::Coord;
use serde_json::{Map, Value as Json};
use songhan_base::Internal;
use songhan_geo::cql2;
use songhan_geo::crs::{Crs, CrsError};
use songhan_geofiles::{self as files, About, Fatal, Format, GeometryKind, Id, Loss, Plan, Problem, Sink, wkb};
use tokio::sync::mpsc;

use super::file;
use crate::feature::Feature;
use crate::layer::{Attribute, Kind, Layer, Reach};
use crate::ogc::bounds;
use crate::ogc::filter::{Conditions, Row};
use crate::store::features::Bounds;

/// Metres are written to a tenth of a millimetre, as elsewhere; degrees as they are kept.
const METRES: f64 = 10_000.0;
/// What one download looks at: features times the bytes of a filter that is longer than a usual one.
const WORK_MAX: usize = 2_000_000 * USUAL_WEIGHT;
const USUAL_WEIGHT: usize = 500;

/// What is to become a file.
pub struct Job {
    pub layer: Arc<Layer>,
    pub reach: Reach,
    pub bounds: Option<Bounds>,
    pub conditions: Conditions,
    pub format: Format,
    pub crs: Crs,
    pub kind: GeometryKind,
    pub about: About,
    pub path: PathBuf,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Written {
    pub features: u64,
    pub losses: Vec<Loss>,
    /// How many features the format could not hold, and why the first of them.
    pub left_out: Option<(u64, String)>,
}

#[derive(Debug, thiserror::Error)]
pub enum Failed {
    #[error("feature {0} has no coordinates in crs={1}: {2}; choose another crs, or a bbox")]
    Outside(i64, Crs, CrsError),
    #[error("the filter is too long for so many features; shorten it, or give a bbox")]
    TooMuch,
    #[error("{0}")]
    NotHeld(String),
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl From<Fatal> for Failed {
    fn from(fatal: Fatal) -> Self {
        match fatal {
            Fatal::NotHeld { .. } => Self::NotHeld(fatal.to_string()),
            other => Self::Internal(Internal::new(other)),
        }
    }
}

/// Takes rows until there are no more of them, and ends the file.
pub fn write(job: &Job, mut pages: mpsc::Receiver<Vec<Feature>>) -> Result<Written, Failed> {
    let fields = file::fields(&job.layer);
    let srs = file::srs(job.crs);
    let plan = Plan { name: &job.layer.code, fields: &fields, srs: &srs, kind: job.kind, about: &job.about };
    let mut sink = Sink::begin(&job.path, job.format, &plan)?;
    let mut written = Written::default();
    let mut work = 0;
    while let Some(page) = pages.blocking_recv() {
        work += page.len() * job.conditions.weight.max(USUAL_WEIGHT);
        if !job.conditions.all.is_empty() && work > WORK_MAX {
            return Err(Failed::TooMuch);
        }
        let matchers: Vec<_> = job.conditions.all.iter().map(cql2::Checked::matcher).collect();
        for feature in page.iter().filter(|feature| job.admits(feature, &matchers)) {
            match sink.write(&job.feature(feature)?) {
                Ok(()) => written.features += 1,
                Err(Problem::Feature(trouble)) => {
                    let (count, _) = written.left_out.get_or_insert_with(|| (0, trouble.reason.to_string()));
                    *count += 1;
                }
                Err(Problem::File(fatal)) => return Err(fatal.into()),
            }
        }
    }
    written.losses = sink.finish()?;
    Ok(written)
}

impl Job {
    fn admits(&self, feature: &Feature, matchers: &[cql2::Matcher<'_>]) -> bool {
        use cql2::Feature as _;
        if !self.reach.holds(feature.area.as_deref()) {
            return false;
        }
        let row = Row::new(&self.layer, feature);
        let there = |wanted: &Bounds| row.geometry().is_some_and(|geometry| bounds::touches(geometry, wanted));
        self.bounds.as_ref().is_none_or(there) && matchers.iter().all(|matcher| matcher.matches(&row))
    }

    fn feature(&self, row: &Feature) -> Result<files::Feature, Failed> {
        let broken = |error: files::Reason| Internal::new(format!("read feature {}: {error}", row.feature));
        let geometry = row.geometry.as_deref().map(wkb::shape_of).transpose().map_err(broken)?;
        let geometry = match geometry {
            Some(geometry) if self.crs != Crs::CRS84 && self.crs != Crs::WGS84 => {
                let own = geometry.try_map_coords(|at| self.said(at));
                Some(own.map_err(|error| Failed::Outside(row.feature, self.crs, error))?)
            }
            geometry => geometry,
        };
        let known: Map<String, Json> = serde_json::from_str(&row.properties).map_err(Internal::new)?;
        let properties = self.layer.attributes.iter().map(|attribute| value(attribute, known.get(&attribute.name)));
        Ok(files::Feature { id: Some(Id::Int(row.feature)), geometry, properties: properties.collect() })
    }

    fn said(&self, at: Coord<f64>) -> Result<Coord<f64>, CrsError> {
        let own = self.crs.from_wgs84(at)?;
        if self.crs.is_geographic() {
            return Ok(own);
        }
        Ok(Coord { x: (own.x * METRES).round() / METRES, y: (own.y * METRES).round() / METRES })
    }
}

/// What stands in the database fits its attribute, unless the layer was declared otherwise since; then it is a text.
fn value(attribute: &Attribute, value: Option<&Json>) -> files::Value {
    match (attribute.kind, value) {
        (_, None | Some(Json::Null)) => files::Value::Null,
        (Kind::Date, Some(Json::String(text))) => {
            text.parse().map_or_else(|_| files::Value::Text(text.clone()), files::Value::Date)
        }
        (Kind::Timestamp, Some(Json::String(text))) => {
            text.parse().map_or_else(|_| files::Value::Text(text.clone()), files::Value::Timestamp)
        }
        (_, Some(Json::String(text))) => files::Value::Text(text.clone()),
        (_, Some(Json::Bool(value))) => files::Value::Bool(*value),
        (_, Some(Json::Number(number))) => match number.as_i64() {
            Some(whole) => files::Value::Int(whole),
            None => number.as_f64().map_or(files::Value::Null, files::Value::Number),
        },
        (_, Some(other)) => files::Value::Text(other.to_string()),
    }
}
