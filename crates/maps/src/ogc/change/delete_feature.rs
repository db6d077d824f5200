//! Delete a feature. Its history stays, and an undo brings it back.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use songhan_app::{Cx, Path, Problem};

use super::{apply, layer_of, of};
use crate::edit::Wish;
use crate::ogc::answer::Asked;
use crate::ogc::input;

async fn run(cx: &Cx, code: &str, number: &str, asked: &Asked) -> Result<Response, Problem> {
    let layer = layer_of(cx, code, asked)?;
    let (of, reason) = (of(number, asked)?, input::reason(asked)?);
    apply(cx, &layer, Some(of), Wish::Remove, &reason, StatusCode::NO_CONTENT).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Delete a feature.
#[utoipa::path(delete, path = "/ogc/collections/{collection}/items/{feature}", operation_id = "delete_feature", tag = "ogc",
    description = "OGC API – Features, part 4. The history stays, and an undo brings the feature back.",
    params(("collection" = String, Path, description = "Code of a layer", example = "trees"),
        ("feature" = String, Path, description = "Number of the feature", example = "1"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the version that was seen: another one is refused", example = "\"1.1\""),
        ("reason" = Option<String>, Query, description = "Why; the header `Change-Reason` in UTF-8 may say it too", example = "cây đổ")),
    responses(
        (status = 204, description = "It is gone"),
        (status = 403, description = "Not a layer that you change, or outside the area of your unit"),
        (status = 404, description = "No such feature, or not yours to read"),
        (status = 412, description = "It was changed meanwhile: not the version of If-Match"),
    ))]
pub async fn handler(cx: Cx, Path((code, number)): Path<(String, String)>, asked: Asked) -> Response {
    let answer = run(&cx, &code, &number, &asked).await;
    asked.answer(answer)
}
