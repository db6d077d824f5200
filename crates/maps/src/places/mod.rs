//! Tra cứu địa điểm: where something lies that people name — a place, a street, a number on it with its kiệt and hẻm, an
//! administrative unit of today or of before, coordinates — and what lies at a place. Layers say by `[search]` how they are
//! found; whoever may not read a feature does not find it.

mod address;
mod area;
mod coordinates;
mod ground;
mod held;
mod index;
pub mod parlance;
mod place_at;
mod question;
mod ranking;
#[cfg(test)]
mod ranking_tests;
mod search_places;
mod source;
mod spelling;

use geo_types::Coord;
use serde::Serialize;
use songhan_app::{Access, Cx, Problem, Route};
use songhan_base::Internal;
use utoipa::ToSchema;
use utoipa_axum::routes;

pub use search_places::find;

use crate::feature::Feature;
use crate::layer::{Layer, Search};
use crate::ogc::answer::shortened;
use crate::shape;

pub fn routes() -> Vec<Route> {
    vec![
        Route::api(routes!(search_places::handler), Access::Public),
        Route::api(routes!(place_at::handler), Access::Public),
    ]
}

/// Places in an answer at most.
const LIMIT_MAX: usize = 50;

/// So many times what is asked for are read, because segments of one street are one answer.
const READ_AHEAD: usize = 4;
/// What lies in the area that was named stands before everything that does not.
const WITHIN: ranking::Fit = 3_000;

/// Địa điểm.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Place {
    #[schema(example = "Cầu Rồng")]
    pub name: String,
    /// What it is, in words.
    #[schema(example = "Cầu")]
    pub kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The units in which it lies today, the smallest first.
    #[schema(example = json!(["Phường Hải Châu"]))]
    pub areas: Vec<String>,
    /// WGS 84.
    #[schema(example = 108.2208)]
    pub lon: f64,
    #[schema(example = 16.0678)]
    pub lat: f64,
    /// West, south, east, north of what is larger than a point.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bbox: Option<[f64; 4]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "places")]
    pub layer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feature: Option<i64>,
    pub precision: Precision,
    /// What became of a unit that is no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// How far it is from the place that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance_m: Option<f64>,
    /// Its layer is made up.
    pub simulated: bool,
}

/// How near the answer is to what was named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// The thing itself.
    Exact,
    /// The street of an address whose number is not known.
    Street,
    /// The unit in which it lies.
    Area,
}

/// A feature as a place; none where it has no position.
async fn of_feature(cx: &Cx, layer: &Layer, search: &Search, feature: &Feature) -> Result<Option<Place>, Internal> {
    let Some(placed) = feature.geometry.as_deref().map(shape::stored).transpose()? else { return Ok(None) };
    let Some(at) = index::middle(&placed.geometry) else { return Ok(None) };
    let known: serde_json::Value = serde_json::from_str(&feature.properties).map_err(Internal::new)?;
    let text = |name: &str| known[name].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let names: Vec<String> = search.names.iter().filter_map(|name| text(name)).collect();
    // The second name is the one in English, where there is one.
    let name = if cx.lang == songhan_base::Lang::En { names.get(1).or(names.first()) } else { names.first() };
    let kind = search.kind.as_ref().and_then(|kind| {
        let (_, attribute) = layer.attribute(kind)?;
        let code = text(kind)?;
        attribute.domain.iter().find(|domain| domain.code == code).map(|domain| domain.title.get(cx.lang).to_owned())
    });
    let point = matches!(placed.geometry, geo_types::Geometry::Point(_));
    Ok(Some(Place {
        name: name.cloned().unwrap_or_else(|| format!("{} {}", cx.t("ogc-feature"), feature.feature)),
        kind: kind.unwrap_or_else(|| layer.title.get(cx.lang).to_owned()),
        address: search.address.as_deref().and_then(text),
        areas: area::names_at(cx, at).await?,
        lon: rounded(at.x),
        lat: rounded(at.y),
        bbox: placed.bounds.filter(|_| !point).map(|bounds| bounds.map(rounded)),
        layer: Some(layer.code.clone()),
        feature: Some(feature.feature),
        precision: Precision::Exact,
        note: None,
        distance_m: None,
        simulated: layer.simulated,
    }))
}

/// A tenth of a metre.
fn rounded(degrees: f64) -> f64 {
    (degrees * 1e6).round() / 1e6
}

/// Metres between two places of a city, near enough to sort by.
fn metres(a: Coord<f64>, b: Coord<f64>) -> f64 {
    let (x, y) = plane(a, b);
    x.hypot(y)
}

/// `at` in metres east and north of `origin`, on a plane that is true within a few kilometres.
fn plane(origin: Coord<f64>, at: Coord<f64>) -> (f64, f64) {
    ((at.x - origin.x) * 111_320.0 * origin.y.to_radians().cos(), (at.y - origin.y) * 110_574.0)
}

/// Longitude and latitude of a parameter, within Earth's bounds.
fn coordinate(name: &str, text: &str, bound: f64) -> Result<f64, Problem> {
    let read = text.trim().parse::<f64>().ok().filter(|value| value.abs() <= bound);
    read.ok_or_else(|| {
        Problem::bad_request(format!("{name}={} is no degrees between -{bound} and {bound}", shortened(text)))
    })
}

fn limit(text: Option<&str>, usual: usize) -> Result<usize, Problem> {
    let Some(text) = text else { return Ok(usual) };
    let read = text.parse::<usize>().ok().filter(|limit| (1..=LIMIT_MAX).contains(limit));
    read.ok_or_else(|| Problem::bad_request(format!("limit={} is no number from 1 to {LIMIT_MAX}", shortened(text))))
}
