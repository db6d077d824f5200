//! Show what was handed in together, and list the batches of a unit.

use axum::Json;
use serde::{Deserialize, Serialize};
use songhan_app::{Cx, IntoProblem, Path, Problem, Query};
use songhan_base::{Id, Internal};
use songhan_cases::Cursor;

use crate::access::keeps;
use crate::entry::{Batch, Entry};
use crate::store;

/// Batches, or lists for destruction, on a page.
pub const PAGE: usize = 25;

#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct Input {
    /// Code of a unit in whose archive you work.
    #[param(example = "ubnd-hai-chau")]
    pub unit: String,
    /// The `next` of the page before.
    pub after: Option<String>,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ArchiveBatches)]
pub struct Output {
    /// The latest first.
    pub items: Vec<Batch>,
    /// Send it as `after` for the next page; missing on the last one.
    pub next: Option<String>,
}

/// A batch with its list (mục lục hồ sơ nộp lưu).
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ArchiveBatchWhole)]
pub struct Whole {
    #[serde(flatten)]
    pub batch: Batch,
    /// In the order in which they ended.
    pub items: Vec<Entry>,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("there is no such archive or batch, or it is not yours")]
    NotFound,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        match self {
            Self::NotFound => Problem::not_found("batch"),
            Self::Internal(error) => error.into(),
        }
    }
}

pub async fn list_batches(cx: &Cx, input: &Input) -> Result<Output, Rejection> {
    if !keeps(cx, &input.unit) {
        return Err(Rejection::NotFound);
    }
    let after = input.after.as_deref().and_then(|after| after.parse::<Cursor>().ok());
    let place = after.map(|cursor| (cursor.order, cursor.id));
    let mut items = store::batches::page(&cx.db, &input.unit, place, PAGE as i64 + 1).await?;
    let more = items.len() > PAGE;
    items.truncate(PAGE);
    let cursor = |last: &Batch| Cursor { order: last.handed_at.as_microsecond(), id: last.id }.to_string();
    let next = items.last().filter(|_| more).map(cursor);
    Ok(Output { items, next })
}

pub async fn show_batch(cx: &Cx, id: &str) -> Result<Whole, Rejection> {
    let id: Id = id.parse().map_err(|_| Rejection::NotFound)?;
    let found = store::batches::by_id(&cx.db, id).await?.filter(|batch| keeps(cx, &batch.unit));
    let batch = found.ok_or(Rejection::NotFound)?;
    Ok(Whole { items: store::entries::of_batch(&cx.db, id).await?, batch })
}

/// What was handed in to a unit's archive.
#[utoipa::path(get, path = "/api/v1/archive/batches", operation_id = "list_archive_batches", tag = "archive",
    params(Input),
    responses(
        (status = 200, body = Output, description = "A page of batches"),
        (status = 404, description = "No such unit, or not yours"),
    ))]
pub async fn list_handler(cx: Cx, Query(input): Query<Input>) -> Result<Json<Output>, Problem> {
    list_batches(&cx, &input).await.map(Json).map_err(IntoProblem::into_problem)
}

/// One batch with its list.
#[utoipa::path(get, path = "/api/v1/archive/batches/{id}", operation_id = "show_archive_batch", tag = "archive",
    params(("id" = String, Path, description = "Id of the batch", example = "019aa4c2-7c00-7000-8000-000000000001")),
    responses(
        (status = 200, body = Whole, description = "The batch"),
        (status = 404, description = "No such batch, or not yours"),
    ))]
pub async fn handler(cx: Cx, Path(id): Path<String>) -> Result<Json<Whole>, Problem> {
    show_batch(&cx, &id).await.map(Json).map_err(IntoProblem::into_problem)
}
