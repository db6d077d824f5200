//! Show the history of a feature: when it was changed, how and why; by whom, to those who may change it themselves.

use axum::Json;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use songhan_app::{Cx, Path, Problem, Query};

use super::feature_number;
use crate::feature::Change;
use crate::reading::{self, Past as Known};

/// Versions that are shown, the newest.
const LIMIT_MAX: i64 = 1_000;

#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct Input {
    /// So many versions at most, 1 to 1,000; 100 where it is not said.
    #[param(example = 100, minimum = 1, maximum = 1000)]
    pub limit: Option<i64>,
    /// Language of the answer, `vi` or `en`.
    pub lang: Option<String>,
}

/// The versions of a feature.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = MapHistory)]
pub struct Output {
    /// Newest first.
    pub items: Vec<Past>,
}

/// A version of a feature.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = MapVersion)]
pub struct Past {
    #[schema(example = 2)]
    pub version: i64,
    pub change: Change,
    /// From when it was so.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Until when; missing of what is so now.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
    pub reason: String,
    /// Who did it; told to those who may change the feature.
    pub by: Option<String>,
}

impl Past {
    fn of(known: Known) -> Self {
        Self {
            version: known.item.version,
            change: known.change,
            at: known.at,
            until: known.until,
            reason: known.reason,
            by: known.by.name(),
        }
    }
}

async fn show_history(cx: &Cx, code: &str, number: &str, input: &Input) -> Result<Output, Problem> {
    let readable = reading::layer(cx, code)?;
    let number = feature_number(number)?;
    let limit = input.limit.unwrap_or(100);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(Problem::bad_request(format!("limit={limit} cannot be; write a number from 1 to {LIMIT_MAX}")));
    }
    let versions = reading::history(cx, &readable, number, limit).await?;
    let items: Vec<Past> = versions.into_iter().map(Past::of).collect();
    if items.is_empty() { Err(Problem::not_found("feature")) } else { Ok(Output { items }) }
}

/// The history of a feature.
#[utoipa::path(get, path = "/api/v1/layers/{layer}/features/{feature}/history", operation_id = "show_feature_history", tag = "maps",
    description = "Since the layer was last imported. A feature that was removed has a history too.",
    params(("layer" = String, Path, description = "Code of a layer", example = "trees"),
        ("feature" = String, Path, description = "Number of the feature", example = "1"), Input),
    responses(
        (status = 200, body = Output, description = "Its versions",
            example = json!({ "items": [{ "version": 2, "change": "updated", "at": "2026-11-20T02:00:00Z", "until": null,
                "reason": "đo lại", "by": null }, { "version": 1, "change": "imported", "at": "2026-11-01T02:00:00Z",
                "until": "2026-11-20T02:00:00Z", "reason": "the city's folder", "by": null }] })),
        (status = 404, description = "No such feature, or not yours to read"),
    ))]
pub async fn handler(
    cx: Cx,
    Path((code, number)): Path<(String, String)>,
    Query(input): Query<Input>,
) -> Result<Json<Output>, Problem> {
    show_history(&cx, &code, &number, &input).await.map(Json)
}
