//! Show a procedure: everything an applicant needs to know, and the form's schema for programs.

use axum::Json;
use serde::Deserialize;
use songhan_app::{Cx, Path, Problem, Query};

use crate::catalogue::{self, Catalogue};
use crate::view::ProcedureView;

#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Input {
    /// An earlier version of an imported procedure, as a dossier names it; left out, the one in force.
    #[param(example = "5f1d3c0a9b7e2d48")]
    pub version: Option<String>,
    /// Language of the answer, `vi` or `en`; otherwise `Accept-Language` decides.
    pub lang: Option<String>,
}

pub async fn show_procedure(cx: &Cx, code: &str, version: Option<&str>) -> Result<ProcedureView, Problem> {
    let found = match version {
        Some(version) => {
            let found = catalogue::version(cx, code, version).await?;
            found.filter(|procedure| procedure.version == version)
        }
        None => Catalogue::of(cx).await?.get(code).cloned(),
    };
    found.map(|procedure| ProcedureView::of(cx, &procedure)).ok_or_else(|| Problem::not_found("procedure"))
}

/// One procedure.
#[utoipa::path(get, path = "/api/v1/procedures/{code}", operation_id = "show_procedure", tag = "procedures",
    params(("code" = String, Path, description = "Code of the procedure", example = "2.000635"), Input),
    responses(
        (status = 200, body = ProcedureView, description = "The procedure whole"),
        (status = 404, description = "No such procedure, or no such version of it"),
    ))]
pub async fn handler(
    cx: Cx,
    Path(code): Path<String>,
    Query(input): Query<Input>,
) -> Result<Json<ProcedureView>, Problem> {
    show_procedure(&cx, &code, input.version.as_deref()).await.map(Json)
}
