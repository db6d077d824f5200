//! Show the TileJSON of a layer: what a map program needs to know to draw its tiles.

use axum::Json;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use songhan_app::{Cx, Path, Problem};

use super::ZOOM_MAX;
use crate::layer::Layers;
use crate::snapshot;
use crate::styles::answer;

async fn show(cx: &Cx, code: &str) -> Result<Response, Problem> {
    let code = code.strip_suffix(".json").unwrap_or(code);
    let layer = cx.city.get::<Layers>().get(code).ok_or_else(|| Problem::not_found("layer"))?.clone();
    if layer.rights.reads(cx).is_nothing() {
        return Err(Problem::not_found("layer"));
    }
    let snapshot = snapshot::of(cx, &layer).await?;
    let fields: Map<String, Value> = layer
        .attributes
        .iter()
        .map(|attribute| (attribute.name.clone(), Value::from(attribute.title.get(cx.lang))))
        .collect();
    let mut told = json!({
        "tilejson": "3.0.0",
        "name": layer.title.get(cx.lang),
        "description": layer.description.get(cx.lang),
        "attribution": layer.source.get(cx.lang),
        "tiles": [cx.url(&format!("/tiles/{}/{{z}}/{{x}}/{{y}}", layer.code))],
        "minzoom": layer.style.min_zoom,
        "maxzoom": ZOOM_MAX,
        "vector_layers": [{ "id": layer.code, "description": layer.title.get(cx.lang), "fields": fields,
            "minzoom": layer.style.min_zoom, "maxzoom": ZOOM_MAX }],
    });
    // Where a protected layer lies is not everyone's to know.
    let bounds = snapshot.and_then(|snapshot| snapshot.tiles.bounds_wgs84());
    if let Some(bounds) = bounds.filter(|_| layer.rights.is_public()) {
        told["bounds"] = json!(bounds);
    }
    let kept = if layer.rights.is_public() { "public, no-cache" } else { "private, no-cache" };
    Ok(([(header::CACHE_CONTROL, kept)], Json(told)).into_response())
}

/// Show how a layer's tiles are asked for.
#[utoipa::path(get, path = "/tiles/{layer}", operation_id = "show_tilejson", tag = "maps",
    description = "TileJSON 3.0.0.",
    params(("layer" = String, Path, description = "Code of a layer", example = "trees")),
    responses(
        (status = 200, description = "The description", body = Object,
            example = json!({ "tilejson": "3.0.0", "name": "Street trees", "tiles": ["http://127.0.0.1:8080/tiles/trees/{z}/{x}/{y}"],
                "minzoom": 8, "maxzoom": 16, "vector_layers": [{ "id": "trees", "fields": { "species": "String" } }] })),
        (status = 404, description = "No such layer, or not yours to read"),
    ))]
pub async fn handler(cx: Cx, Path(code): Path<String>, headers: HeaderMap) -> Response {
    let answer = show(&cx, &code).await;
    answer::told(&headers, answer)
}
