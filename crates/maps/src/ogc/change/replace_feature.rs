//! Replace a feature: PUT what it is from now on.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use axum::response::Response;
use songhan_app::{Cx, Path, Problem};

use super::{apply, gone, layer_of};
use crate::edit::Wish;
use crate::ogc::answer::Asked;
use crate::ogc::etag::Match;
use crate::ogc::feature_number;
use crate::ogc::input::{self, Meaning};

async fn run(
    cx: &Cx,
    code: &str,
    number: &str,
    asked: &Asked,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let layer = layer_of(cx, code, asked)?;
    let (number, reason) = (feature_number(number)?, input::reason(asked)?);
    let given = input::read(asked, body, Meaning::Whole)?;
    let wish = Wish::Replace { geometry: given.geometry.flatten(), properties: given.properties.unwrap_or_default() };
    let of = Some((number, Match::read(&asked.headers)));
    let changed = apply(cx, &layer, of, wish, &reason, StatusCode::OK).await?;
    changed.map(|(response, _)| response).ok_or_else(|| gone().into())
}

/// Replace a feature.
#[utoipa::path(put, path = "/ogc/collections/{collection}/items/{feature}", operation_id = "replace_feature", tag = "ogc",
    description = "OGC API – Features, part 4. What the body does not name is gone, and stays in the history. `Content-Crs` names the system \
        of its coordinates. A feature that is not there is not made.",
    params(("collection" = String, Path, description = "Code of a layer", example = "trees"),
        ("feature" = String, Path, description = "Number of the feature", example = "1"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the version that was seen: another one is refused", example = "\"1.1\""),
        ("reason" = Option<String>, Query, description = "Why; the header `Change-Reason` in UTF-8 may say it too", example = "đo lại")),
    request_body(description = "The feature, whole", content(
        (Object = "application/geo+json", example = json!({ "type": "Feature", "geometry": { "type": "Point",
            "coordinates": [108.2208, 16.0678] }, "properties": { "species": "Bàng", "height_m": 8 } })),
        (Object = "application/json", example = json!({ "type": "Feature", "geometry": { "type": "Point",
            "coordinates": [108.2208, 16.0678] }, "properties": { "species": "Bàng", "height_m": 8 } })))),
    responses(
        (status = 200, description = "The feature as it is now", body = Object, content_type = "application/geo+json",
            headers(("ETag" = String, description = "Of the new version")),
            example = json!({ "type": "Feature", "id": 1, "geometry": { "type": "Point", "coordinates": [108.2208, 16.0678] },
                "properties": { "species": "Bàng", "height_m": 8 }, "links": [] })),
        (status = 403, description = "Not a layer that you change, or outside the area of your unit"),
        (status = 404, description = "No such feature, or not yours to read"),
        (status = 409, description = "The layer is empty yet"),
        (status = 412, description = "It was changed meanwhile: not the version of If-Match"),
        (status = 415, description = "The body is neither GeoJSON nor JSON"),
        (status = 422, description = "The feature does not fit its layer; `errors` names what"),
    ))]
pub async fn handler(
    cx: Cx,
    Path((code, number)): Path<(String, String)>,
    asked: Asked,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let answer = run(&cx, &code, &number, &asked, body).await;
    asked.answer(answer)
}
