//! List what waits in suspense (khoản chờ xử lý): credits that no charge was found for.

use axum::Json;
use axum::response::IntoResponse;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use songhan_app::{Cx, Problem, Query};
use songhan_base::{Id, Internal, Money};
use utoipa::ToSchema;

use crate::store;

const PAGE: i64 = 100;

/// A credit that waits for a person.
#[derive(Serialize, ToSchema)]
pub struct UnmatchedTransfer {
    /// The bank's number of the credit.
    #[schema(example = "FT26325000123456")]
    pub transaction_id: String,
    #[schema(example = "1017595600")]
    pub account: String,
    #[schema(value_type = i64, example = 15000)]
    pub amount: Money,
    /// `account`: not one of ours; `reference`: no charge in the note; `amount`: not what the charge asks for.
    #[schema(example = "amount")]
    pub reason: Option<String>,
    /// The charge that the note names.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub charge: Option<Id>,
    /// Nội dung chuyển khoản, as it came.
    #[schema(example = "SH4Q7K2M9XPT")]
    pub description: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub received_at: Timestamp,
}

#[derive(Serialize, ToSchema)]
pub struct UnmatchedTransfers {
    /// Oldest first.
    pub items: Vec<UnmatchedTransfer>,
    /// `after` of the next page; missing on the last.
    pub next: Option<String>,
}

/// Where the last page ended: microseconds and the bank's number, as `next` gave it.
#[derive(Deserialize)]
pub struct After {
    after: Option<String>,
}

pub async fn list_unmatched_transfers(cx: &Cx, after: Option<&str>) -> Result<UnmatchedTransfers, Internal> {
    // What is no place begins at the beginning.
    let after = after
        .filter(|after| !after.contains('\0'))
        .and_then(|after| after.split_once('-'))
        .and_then(|(at, id)| Some((at.parse().ok()?, id)));
    let mut rows = store::transfers::unmatched(&cx.db, after.unwrap_or((i64::MIN, "")), PAGE + 1).await?;
    let more = rows.len() as i64 > PAGE;
    rows.truncate(PAGE as usize);
    let last = rows.last().filter(|_| more);
    let next = last.map(|row| format!("{}-{}", row.received_at.as_microsecond(), row.transaction_id));
    let items = rows.into_iter().map(|row| UnmatchedTransfer {
        transaction_id: row.transaction_id,
        account: row.account,
        amount: row.amount,
        reason: row.reason,
        charge: row.charge,
        description: row.description,
        received_at: row.received_at.0,
    });
    Ok(UnmatchedTransfers { items: items.collect(), next })
}

#[utoipa::path(get, path = "/api/v1/ledger/unmatched-transfers", tag = "payments",
    operation_id = "list_unmatched_transfers", summary = "List credits that no charge was found for",
    params(("after" = Option<String>, Query, description = "`next` of the page before")),
    responses((status = 200, description = "A page of them", body = UnmatchedTransfers),))]
pub async fn handler(cx: Cx, Query(After { after }): Query<After>) -> Result<impl IntoResponse, Problem> {
    Ok(Json(list_unmatched_transfers(&cx, after.as_deref()).await?))
}
