//! Create a feature: POST to the items of a collection.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use songhan_app::{Cx, Path, Problem};
use songhan_base::Internal;

use super::{apply, gone, layer_of};
use crate::edit::Wish;
use crate::ogc::answer::{Asked, encoded};
use crate::ogc::input::{self, Meaning};
use crate::ogc::links;

async fn run(cx: &Cx, code: &str, asked: &Asked, body: Result<Bytes, BytesRejection>) -> Result<Response, Problem> {
    let layer = layer_of(cx, code, asked)?;
    let reason = input::reason(asked)?;
    let given = input::read(asked, body, Meaning::Whole)?;
    let wish = Wish::Create { geometry: given.geometry.flatten(), properties: given.properties.unwrap_or_default() };
    let made = apply(cx, &layer, None, wish, &reason, StatusCode::CREATED).await?;
    let (mut response, feature) = made.ok_or_else(gone)?;
    let location = links::at(cx, &format!("/collections/{}/items/{feature}", encoded(&layer.code)));
    response.headers_mut().insert(header::LOCATION, HeaderValue::from_str(&location).map_err(Internal::new)?);
    Ok(response)
}

/// Create a feature.
#[utoipa::path(post, path = "/ogc/collections/{collection}/items", operation_id = "create_feature", tag = "ogc",
    description = "OGC API – Features, part 4. The body is one GeoJSON feature; its coordinates are those of CRS84, or of the \
        system that the header `Content-Crs` names. A shape that is broken is repaired, and `repaired` says how. An \
        `Idempotency-Key` is taken.",
    params(("collection" = String, Path, description = "Code of a layer", example = "trees"),
        ("reason" = Option<String>, Query, description = "Why; the header `Change-Reason` in UTF-8 may say it too", example = "trồng mới")),
    request_body(description = "The feature", content(
        (Object = "application/geo+json", example = json!({ "type": "Feature", "geometry": { "type": "Point",
            "coordinates": [108.2208, 16.0678] }, "properties": { "species": "Bàng", "height_m": 7.5 } })),
        (Object = "application/json", example = json!({ "type": "Feature", "geometry": { "type": "Point",
            "coordinates": [108.2208, 16.0678] }, "properties": { "species": "Bàng", "height_m": 7.5 } })))),
    responses(
        (status = 201, description = "The feature as it is now", body = Object, content_type = "application/geo+json",
            headers(("Location" = String, description = "Its address"), ("ETag" = String, description = "Of its first version")),
            example = json!({ "type": "Feature", "id": 12, "geometry": { "type": "Point", "coordinates": [108.2208, 16.0678] },
                "properties": { "species": "Bàng", "height_m": 7.5 }, "links": [] })),
        (status = 403, description = "Not a layer that you change, or outside the area of your unit"),
        (status = 404, description = "No such collection, or not yours to read"),
        (status = 409, description = "The layer waits for its first data, which the city's folder names"),
        (status = 415, description = "The body is neither GeoJSON nor JSON"),
        (status = 422, description = "The feature does not fit its layer; `errors` names what"),
    ))]
pub async fn handler(cx: Cx, Path(code): Path<String>, asked: Asked, body: Result<Bytes, BytesRejection>) -> Response {
    let answer = run(&cx, &code, &asked, body).await;
    asked.answer(answer)
}
