//! OGC API – Features under `/ogc`: part 1 (core), part 2 (reference systems), part 3 (filters) and part 4 (create,
//! replace, update, delete), and beside it what the standard has no word for: the history of a feature, and undo.
//!
//! What clients rely on, beyond the standard:
//! - `datetime` means *as of*: the layer as it was at that moment. Of an interval its end counts; an end that is open, or
//!   that lies ahead, is now. A day without a time means the end of that day in the city.
//! - `numberMatched` is told where the index knows it without reading a feature: without a filter, and for points with a
//!   `bbox`. Otherwise it is told on the first page if the candidates are few enough to be looked at, and left out if not.
//! - A page may be shorter than `limit` and still have a `next` link: a request looks at so many features and no more.
//! - The reason of a change is the query parameter `reason`, or the header `Change-Reason` in UTF-8; without either it is
//!   "OGC API".

pub mod answer;
pub mod bounds;
mod change;
mod etag;
pub mod filter;
pub mod geojson;
mod html;
mod input;
mod links;
mod list_collections;
pub mod list_features;
mod list_functions;
pub mod moment;
pub mod scan;
mod show_api;
mod show_feature;
mod show_history;
mod show_landing;
mod show_methods;
mod show_queryables;
pub mod system;
mod undo_change;
pub mod write;

use std::sync::Arc;

use songhan_app::{Access, Cx, Problem, Route};
use utoipa_axum::routes;

use crate::layer::{Layer, Layers, Reach};

pub use html::TEMPLATES;

/// Larger features come by import.
const BODY_BYTES_MAX: usize = 2 << 20;

pub fn routes() -> Vec<Route> {
    let reading = [
        routes!(show_landing::handler),
        routes!(show_landing::conformance_handler),
        routes!(show_methods::items_handler),
        routes!(show_methods::feature_handler),
        routes!(show_api::handler),
        routes!(list_functions::handler),
        routes!(list_collections::handler),
        routes!(list_collections::one_handler),
        routes!(show_queryables::handler),
        routes!(show_queryables::schema_handler),
        routes!(list_features::handler),
        routes!(show_feature::handler),
        routes!(show_history::handler),
        routes!(undo_change::handler),
    ];
    let writing = [
        routes!(change::create_feature::handler),
        routes!(change::replace_feature::handler),
        routes!(change::update_feature::handler),
        routes!(change::delete_feature::handler),
    ];
    let api = |route| Route::api(route, Access::Public);
    let writing = writing.map(api).map(|route| route.body_limit(BODY_BYTES_MAX));
    // The standard calls the landing page `{root}/`, and OWSLib asks for that.
    let root = Route::get("/ogc/", show_landing::handler, Access::Public);
    reading.map(api).into_iter().chain(writing).chain([root]).collect()
}

/// A layer and what of it the actor reads. A layer of which they read nothing does not exist for them.
pub fn collection(cx: &Cx, code: &str) -> Result<(Arc<Layer>, Reach), Problem> {
    let layer = cx.city.get::<Layers>().get(code).ok_or_else(|| Problem::not_found("collection"))?;
    match layer.rights.reads(cx) {
        Reach::Nothing => Err(Problem::not_found("collection")),
        reach => Ok((layer.clone(), reach)),
    }
}

/// The number of a feature; what is no number names no feature.
fn feature_number(text: &str) -> Result<i64, Problem> {
    let plain = text.len() <= 18 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| plain).ok_or_else(|| Problem::not_found("feature"))
}
