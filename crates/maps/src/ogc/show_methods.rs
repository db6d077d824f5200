//! Show which methods an address takes (part 4, OPTIONS): what somebody may not do is not offered to them. The frame adds
//! the usual errors to the document of other methods alone, so they are named here.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use songhan_app::{Cx, Path, Problem};

use super::{collection, feature_number};
use crate::ogc::answer::Asked;
use crate::reading;

fn told(methods: &'static str) -> Response {
    [(header::ALLOW, HeaderValue::from_static(methods))].into_response()
}

fn of_items(cx: &Cx, code: &str) -> Result<Response, Problem> {
    let (layer, _) = collection(cx, code)?;
    let closed = layer.rights.edits(cx).is_nothing();
    Ok(told(if closed { "GET, HEAD, OPTIONS" } else { "GET, HEAD, POST, OPTIONS" }))
}

async fn of_feature(cx: &Cx, code: &str, number: &str) -> Result<Response, Problem> {
    let (layer, reach) = collection(cx, code)?;
    let found = reading::feature(cx, &layer, &reach, feature_number(number)?, None).await?;
    let (_, feature) = found.ok_or_else(|| Problem::not_found("feature"))?;
    let open = layer.rights.edits(cx).holds(feature.area.as_deref());
    Ok(told(if open { "GET, HEAD, PUT, PATCH, DELETE, OPTIONS" } else { "GET, HEAD, OPTIONS" }))
}

/// Show what may be done with the features of a collection.
#[utoipa::path(options, path = "/ogc/collections/{collection}/items", operation_id = "show_features_methods", tag = "ogc",
    description = "OGC API – Features, part 4: the header `Allow` names POST for those who may create features.",
    params(("collection" = String, Path, description = "Code of a layer", example = "trees")),
    responses(
        (status = 200, description = "The methods", headers(("Allow" = String, description = "GET, HEAD, POST, OPTIONS"))),
        (status = 400, description = "The address cannot be read", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "The token is not valid or has expired", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such collection, or not yours to read", body = Problem, content_type = "application/problem+json"),
    ), security((), ("bearer" = [])))]
pub async fn items_handler(cx: Cx, Path(code): Path<String>, asked: Asked) -> Response {
    asked.answer(of_items(&cx, &code))
}

/// Show what may be done with a feature.
#[utoipa::path(options, path = "/ogc/collections/{collection}/items/{feature}", operation_id = "show_feature_methods", tag = "ogc",
    description = "OGC API – Features, part 4: the header `Allow` names PUT, PATCH and DELETE for those who may change the feature.",
    params(("collection" = String, Path, description = "Code of a layer", example = "trees"),
        ("feature" = String, Path, description = "Number of the feature", example = "1")),
    responses(
        (status = 200, description = "The methods", headers(("Allow" = String, description = "GET, HEAD, PUT, PATCH, DELETE, OPTIONS"))),
        (status = 400, description = "The address cannot be read", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "The token is not valid or has expired", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such feature, or not yours to read", body = Problem, content_type = "application/problem+json"),
    ), security((), ("bearer" = [])))]
pub async fn feature_handler(cx: Cx, Path((code, number)): Path<(String, String)>, asked: Asked) -> Response {
    let answer = of_feature(&cx, &code, &number).await;
    asked.answer(answer)
}
