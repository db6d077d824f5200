//! List procedures: all of them, those of a field, or those that a search finds.

use axum::Json;
use serde::{Deserialize, Serialize};
use songhan_app::{Cx, Problem, Query};

use crate::procedure::Procedures;
use crate::view::ProcedureSummary;

#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Input {
    /// What is looked for; marks may be left out, small typos are forgiven.
    #[param(example = "khai sinh", max_length = 200)]
    pub q: Option<String>,
    /// Only those of this field.
    #[param(example = "civil-status")]
    pub field: Option<String>,
    /// Only those of this level, 1 to 4.
    #[param(example = 4)]
    pub level: Option<u8>,
    /// Language of the answer, `vi` or `en`; otherwise `Accept-Language` decides.
    pub lang: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ProcedureList)]
pub struct Output {
    pub items: Vec<ProcedureSummary>,
    pub total: usize,
}

/// At most so many are listed: a page of a catalogue, not the catalogue.
const LIMIT: usize = 200;

pub fn list_procedures(cx: &Cx, input: &Input) -> Output {
    let procedures = cx.city.get::<Procedures>();
    let asked = input.q.as_deref().map(str::trim).filter(|q| !q.is_empty());
    let found: Vec<_> = match asked {
        Some(q) => procedures.find(q, LIMIT),
        None => procedures.iter().collect(),
    };
    let mut items: Vec<_> = found
        .into_iter()
        .filter(|p| input.field.as_ref().is_none_or(|f| *f == p.field))
        .filter(|p| input.level.is_none_or(|l| l == p.level.number()))
        .map(|p| ProcedureSummary::of(cx, p))
        .collect();
    let total = items.len();
    items.truncate(LIMIT);
    Output { items, total }
}

/// Find procedures.
#[utoipa::path(get, path = "/api/v1/procedures", operation_id = "list_procedures", tag = "procedures", params(Input),
    responses(
        (status = 200, body = Output, description = "Procedures, the best match first"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "The query string does not fit"),
    ))]
pub async fn handler(cx: Cx, Query(input): Query<Input>) -> Result<Json<Output>, Problem> {
    if input.q.as_ref().is_some_and(|q| q.chars().count() > 200) {
        return Err(Problem::bad_request("q is longer than 200 characters; use a few words"));
    }
    Ok(Json(list_procedures(&cx, &input)))
}
