//! Close a unit's day (khóa ngày thu): everything collected up to it is to go to the budget, once.

use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use songhan_app::{ApiJson, Cx, IntoProblem, Problem};
use songhan_base::{Internal, Money};
use utoipa::ToSchema;

use crate::access::{book_units, keeps_books, who};
use crate::charging::as_our_mistake;
use crate::closing::{Closing, ClosingState, add_up, net};
use crate::events::DayClosed;
use crate::journal::{Account, Entry};
use crate::store;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClosingInput, example = json!({"unit": "ubnd-hai-chau", "day": "2026-11-20"}))]
pub struct Input {
    pub unit: String,
    #[schema(value_type = String, format = Date)]
    pub day: Date,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("there is no such unit among those whose books you keep")]
    NotYours,
    #[error("this day has not come yet; close it when it is over")]
    Future,
    #[error("this day, or a later one, is closed already")]
    Closed,
    #[error("nothing was collected that is not in a closing already")]
    Nothing,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::NotYours => Problem::not_found("unit"),
            Self::Future => Problem::invalid("day_not_over", detail, Vec::new()),
            Self::Closed => Problem::conflict("day_closed", detail),
            Self::Nothing => Problem::conflict("nothing_collected", detail),
            Self::Internal(error) => error.into(),
        }
    }
}

pub async fn close_day(cx: &Cx, input: Input) -> Result<Closing, Rejection> {
    let Input { unit, day } = input;
    if !keeps_books(cx, &unit) || cx.city.agencies().get(&unit).is_none() {
        return Err(Rejection::NotYours);
    }
    if day > cx.today() {
        return Err(Rejection::Future);
    }
    let end = day.tomorrow().and_then(|next| next.to_zoned(cx.zone.clone())).map_err(Internal::new)?.timestamp();
    let mut tx = cx.begin().await?;
    store::hold(&mut tx, &format!("ledger:closing:{unit}")).await?;
    if store::closings::is_closed(&mut tx, &unit, &day.to_string()).await? {
        return Err(Rejection::Closed);
    }
    let entered = add_up(store::closings::to_enter(&mut tx, &unit, end).await?, true);
    let left = add_up(store::closings::to_leave(&mut tx, &unit).await?, false);
    let (moved, fees, charges) = net(entered, left);
    if moved.is_empty() {
        return Err(Rejection::Nothing);
    }
    let total = Money(fees.0 + charges.0);
    let (closed_by, closed_name) = who(cx);
    // What adds up to nothing needs no transfer.
    let state = if total.is_zero() { ClosingState::Transferred } else { ClosingState::Closed };
    let closing = Closing {
        id: cx.env.id(),
        unit,
        day: day.to_string(),
        fees,
        charges,
        total,
        count: moved.len() as i64,
        state,
        closed_by,
        closed_name,
        closed_at: tx.now(),
        transferred_at: total.is_zero().then(|| tx.now()),
    };
    store::closings::insert(&mut tx, &closing, &moved).await?;
    if !total.is_zero() {
        let unit = || closing.unit.clone();
        let (debit, credit) = (Account::Income { unit: unit() }, Account::BudgetPayable { unit: unit() });
        let reference = format!("closing:{}", closing.id);
        let entry =
            Entry::transfer(reference.clone(), reference, "closed", total, debit, credit).map_err(Internal::new)?;
        as_our_mistake(store::journal::post(&mut tx, &cx.env, &entry).await?, &entry)?;
    }
    let detail =
        serde_json::json!({ "unit": closing.unit, "day": closing.day, "total": total, "count": closing.count });
    tx.audit("ledger.day_closed", &format!("closing:{}", closing.id), detail).await?;
    let (unit, day) = (closing.unit.clone(), closing.day.clone());
    tx.emit(DayClosed { closing: closing.id, unit, day, total }).await?;
    cx.keep(&mut tx, 201, &closing).await?;
    tx.commit().await?;
    Ok(closing)
}

#[utoipa::path(post, path = "/api/v1/ledger/closings", tag = "accounting", operation_id = "close_day",
    summary = "Close a unit's day",
    description = "Takes everything paid up to the end of the day that no earlier closing had, less what was refunded after it had been closed.",
    request_body = Input,
    responses((status = 201, description = "Closed", body = Closing),
        (status = 404, description = "No such thing in books of yours"),
        (status = 409, description = "Its state does not allow it")))]
pub async fn handler(cx: Cx, ApiJson(input): ApiJson<Input>) -> Result<impl IntoResponse, Problem> {
    let closing = close_day(&cx, input).await.map_err(IntoProblem::into_problem)?;
    Ok((StatusCode::CREATED, Json(closing)))
}

#[derive(Serialize, ToSchema)]
#[schema(as = Closings)]
pub struct Listed {
    /// The latest day first, at most 200.
    pub items: Vec<Closing>,
}

#[utoipa::path(get, path = "/api/v1/ledger/closings", tag = "accounting", operation_id = "list_closings",
    summary = "List closed days",
    responses((status = 200, description = "Closings of your units", body = Listed),
        (status = 404, description = "No such thing in books of yours")))]
pub async fn list(cx: Cx) -> Result<impl IntoResponse, Problem> {
    Ok(Json(Listed { items: store::closings::latest(&cx.db, book_units(&cx).as_deref(), 200).await? }))
}
