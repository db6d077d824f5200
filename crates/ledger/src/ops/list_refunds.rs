//! List what is owed back to payers.

use axum::Json;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use songhan_app::{Cx, Problem, Query};
use songhan_base::Internal;
use utoipa::ToSchema;

use crate::access::book_units;
use crate::refund::{Refund, RefundState};
use crate::store;

const MOST: i64 = 500;

#[derive(Deserialize)]
pub struct Asked {
    state: Option<RefundState>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Refunds)]
pub struct Output {
    /// Oldest first, at most 500.
    pub items: Vec<Refund>,
}

pub async fn list_refunds(cx: &Cx, state: RefundState) -> Result<Output, Internal> {
    Ok(Output { items: store::refunds::in_state(&cx.db, state, book_units(cx).as_deref(), MOST).await? })
}

#[utoipa::path(get, path = "/api/v1/ledger/refunds", tag = "accounting", operation_id = "list_refunds",
    summary = "List what is owed back to payers",
    params(("state" = Option<RefundState>, Query, description = "`requested` where it is left out: ready to be ordered")),
    responses((status = 200, description = "Refunds of your units", body = Output),
        (status = 404, description = "No such thing in books of yours")))]
pub async fn handler(cx: Cx, Query(asked): Query<Asked>) -> Result<impl IntoResponse, Problem> {
    Ok(Json(list_refunds(&cx, asked.state.unwrap_or(RefundState::Requested)).await?))
}
