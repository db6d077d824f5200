//! List the register of receipts (sổ biên lai) of a unit's year.

use axum::Json;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use songhan_app::{Cx, Problem, Query};
use songhan_base::Internal;
use utoipa::ToSchema;

use crate::access::keeps_books;
use crate::receipt::Receipt;
use crate::store;

const PAGE: i64 = 100;

#[derive(Deserialize)]
pub struct Asked {
    pub unit: String,
    pub year: Option<i16>,
    /// Numbers below this one: `next` of the page before.
    pub before: Option<i64>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ReceiptRegister)]
pub struct Output {
    /// The highest number first.
    pub items: Vec<Receipt>,
    /// `before` of the next page; missing on the last.
    pub next: Option<i64>,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("there is no such unit among those whose books you keep")]
    NotYours,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl songhan_app::IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        match self {
            Self::NotYours => Problem::not_found("unit"),
            Self::Internal(error) => error.into(),
        }
    }
}

pub async fn list_receipts(cx: &Cx, asked: &Asked) -> Result<Output, Rejection> {
    if !keeps_books(cx, &asked.unit) || cx.city.agencies().get(&asked.unit).is_none() {
        return Err(Rejection::NotYours);
    }
    let year = asked.year.unwrap_or_else(|| cx.today().year());
    let before = asked.before.unwrap_or(i64::MAX);
    let mut items = store::receipts::register(&cx.db, &asked.unit, year, before, PAGE + 1).await?;
    let more = items.len() as i64 > PAGE;
    items.truncate(PAGE as usize);
    Ok(Output { next: items.last().filter(|_| more).map(|receipt| receipt.number), items })
}

#[utoipa::path(get, path = "/api/v1/ledger/receipts", tag = "accounting", operation_id = "list_receipts",
    summary = "List a unit's register of receipts",
    params(("unit" = String, Query, description = "code of the unit", example = "ubnd-hai-chau"),
        ("year" = Option<i16>, Query, description = "this year where it is left out", example = 2026),
        ("before" = Option<i64>, Query, description = "`next` of the page before")),
    responses((status = 200, description = "A page of the register", body = Output),
        (status = 404, description = "No such thing in books of yours")))]
pub async fn handler(cx: Cx, Query(asked): Query<Asked>) -> Result<impl IntoResponse, Problem> {
    Ok(Json(list_receipts(&cx, &asked).await.map_err(songhan_app::IntoProblem::into_problem)?))
}
