//! Show a list for destruction with what became of each dossier, and list those of a unit.

use axum::Json;
use serde::Serialize;
use songhan_app::{Cx, IntoProblem, Path, Problem, Query};
use songhan_base::Id;
use songhan_cases::Cursor;

use super::decide_disposal::{Decision, decisions};
use super::show_batch::{Input, PAGE, Rejection};
use crate::access::keeps;
use crate::disposal::Disposal;
use crate::store;
use crate::store::entries::Listed;

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ArchiveDisposals)]
pub struct Output {
    /// The latest first.
    pub items: Vec<Disposal>,
    /// Send it as `after` for the next page; missing on the last one.
    pub next: Option<String>,
}

/// A list with its dossiers.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ArchiveDisposalWhole)]
pub struct Whole {
    #[serde(flatten)]
    pub disposal: Disposal,
    /// In the order in which they ended.
    pub items: Vec<Listed>,
    /// What you may decide now.
    pub decisions: Vec<Decision>,
}

pub async fn list_disposals(cx: &Cx, input: &Input) -> Result<Output, Rejection> {
    if !keeps(cx, &input.unit) {
        return Err(Rejection::NotFound);
    }
    let after = input.after.as_deref().and_then(|after| after.parse::<Cursor>().ok());
    let place = after.map(|cursor| (cursor.order, cursor.id));
    let mut items = store::disposals::page(&cx.db, &input.unit, place, PAGE as i64 + 1).await?;
    let more = items.len() > PAGE;
    items.truncate(PAGE);
    let cursor = |last: &Disposal| Cursor { order: last.proposed_at.as_microsecond(), id: last.id }.to_string();
    let next = items.last().filter(|_| more).map(cursor);
    Ok(Output { items, next })
}

pub async fn show_disposal(cx: &Cx, id: &str) -> Result<Whole, Rejection> {
    let id: Id = id.parse().map_err(|_| Rejection::NotFound)?;
    let found = store::disposals::by_id(&cx.db, id).await?.filter(|disposal| keeps(cx, &disposal.unit));
    let disposal = found.ok_or(Rejection::NotFound)?;
    let items = store::entries::of_disposal(&cx.db, id).await?;
    Ok(Whole { items, decisions: decisions(cx, &disposal), disposal })
}

/// The lists for destruction of a unit's archive.
#[utoipa::path(get, path = "/api/v1/archive/disposals", operation_id = "list_archive_disposals", tag = "archive",
    params(Input),
    responses(
        (status = 200, body = Output, description = "A page of lists"),
        (status = 404, description = "No such unit, or not yours"),
    ))]
pub async fn list_handler(cx: Cx, Query(input): Query<Input>) -> Result<Json<Output>, Problem> {
    list_disposals(&cx, &input).await.map(Json).map_err(IntoProblem::into_problem)
}

/// One list for destruction.
#[utoipa::path(get, path = "/api/v1/archive/disposals/{id}", operation_id = "show_archive_disposal", tag = "archive",
    params(("id" = String, Path, description = "Id of the list", example = "019aa4c2-7c00-7000-8000-000000000001")),
    responses(
        (status = 200, body = Whole, description = "The list with its dossiers"),
        (status = 404, description = "No such list, or not yours"),
    ))]
pub async fn handler(cx: Cx, Path(id): Path<String>) -> Result<Json<Whole>, Problem> {
    show_disposal(&cx, &id).await.map(Json).map_err(IntoProblem::into_problem)
}
