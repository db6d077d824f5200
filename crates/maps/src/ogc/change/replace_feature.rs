//! Replace a feature: PUT what it is from now on.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::response::Response;
use songhan_app::{Cx, Path};

use super::change;
use crate::ogc::answer::Asked;
use crate::ogc::input::Meaning;

/// Replace a feature.
#[utoipa::path(put, path = "/ogc/collections/{collection}/items/{feature}", operation_id = "replace_feature", tag = "ogc",
    description = "OGC API – Features, part 4. What the body does not name is gone, and stays in the history. `Content-Crs` names the system \
        of its coordinates. A feature that is not there is not made: that is a 404, whatever `If-Match` says \
        (RFC 9110, 13.2.1).",
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
    let answer = change(&cx, &code, &number, &asked, body, Meaning::Whole).await;
    asked.answer(answer)
}
