//! Show a procedure: everything an applicant needs to know, and the form's schema for programs.

use axum::Json;
use songhan_app::{Cx, Path, Problem};

use crate::procedure::Procedures;
use crate::view::ProcedureView;

pub fn show_procedure(cx: &Cx, code: &str) -> Result<ProcedureView, Problem> {
    let procedure = cx.city.get::<Procedures>().get(code).ok_or_else(|| Problem::not_found("procedure"))?;
    Ok(ProcedureView::of(cx, procedure))
}

/// One procedure.
#[utoipa::path(get, path = "/api/v1/procedures/{code}", operation_id = "show_procedure", tag = "procedures",
    params(("code" = String, Path, description = "Code of the procedure", example = "2.000635")),
    responses(
        (status = 200, body = ProcedureView, description = "The procedure whole"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "No such procedure"),
    ))]
pub async fn handler(cx: Cx, Path(code): Path<String>) -> Result<Json<ProcedureView>, Problem> {
    show_procedure(&cx, &code).map(Json)
}
