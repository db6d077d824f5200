//! Undo the last change of a feature: it is again as it was before. What was removed comes back.

use axum::Json;
use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};
use songhan_app::{Cx, IntoProblem, Path, Problem, Query};
use songhan_base::clean_line;

use super::{collection, etag, feature_number};
use crate::edit::{Of, Seen, Wish};
use crate::feature::Change;
use crate::ops::change_feature::change_feature;

const REASON_MAX: usize = 500;

#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct Input {
    /// Why, in 500 characters at most.
    #[param(example = "sửa nhầm cây", max_length = 500)]
    pub reason: Option<String>,
    /// Language of the answer, `vi` or `en`.
    pub lang: Option<String>,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = MapUndone)]
pub struct Output {
    #[schema(example = 1)]
    pub feature: i64,
    /// The version that it has now.
    #[schema(example = 3)]
    pub version: i64,
    /// `undone`, or `removed` where it was so before.
    pub change: Change,
}

async fn undo(cx: &Cx, code: &str, number: &str, seen: Option<Seen>, input: &Input) -> Result<Output, Problem> {
    let (layer, _) = collection(cx, code)?;
    cx.person()?;
    let feature = feature_number(number)?;
    let reason = clean_line(input.reason.as_deref().unwrap_or_default());
    if reason.chars().count() > REASON_MAX {
        return Err(Problem::bad_request(format!("reason is longer than {REASON_MAX} characters; shorten it")));
    }
    let of = Some(Of { feature, seen });
    let mut changing = change_feature(cx, &layer, of, Wish::Undo, &reason).await.map_err(IntoProblem::into_problem)?;
    let edited = changing.edited();
    let output = Output { feature, version: edited.version, change: edited.change };
    changing.keep(cx, 200, &output).await?;
    changing.commit(cx).await?;
    Ok(output)
}

/// Undo the last change of a feature.
#[utoipa::path(post, path = "/api/v1/layers/{layer}/features/{feature}/actions/undo", operation_id = "undo_feature_change", tag = "maps",
    description = "It is again as before its last change; what was removed comes back. The undo is a version of its own.",
    params(("layer" = String, Path, description = "Code of a layer", example = "trees"),
        ("feature" = String, Path, description = "Number of the feature", example = "1"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the version that was seen: another one is refused", example = "\"1.2\""),
        Input),
    responses(
        (status = 200, body = Output, description = "The version that it has now",
            example = json!({ "feature": 1, "version": 3, "change": "undone" })),
        (status = 403, description = "Not a layer that you change, or outside the area of your unit"),
        (status = 404, description = "No such feature, or not yours to read"),
        (status = 409, description = "It has only its first version"),
        (status = 412, description = "It was changed meanwhile: not the version of If-Match"),
    ))]
pub async fn handler(
    cx: Cx,
    Path((code, number)): Path<(String, String)>,
    Query(input): Query<Input>,
    headers: HeaderMap,
) -> Result<Json<Output>, Problem> {
    undo(&cx, &code, &number, etag::seen(&headers), &input).await.map(Json)
}
