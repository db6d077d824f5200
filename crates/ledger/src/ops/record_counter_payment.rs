//! Record a payment at the counter: an officer of the unit has taken the money.

use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::Deserialize;
use songhan_app::{ApiJson, Cx, IntoProblem, Path, Problem};
use songhan_base::{Id, Internal, Role, clean_line};
use songhan_db::Tx;
use utoipa::ToSchema;

use crate::api::PaymentView;
use crate::arrival::{Arrived, arrive};
use crate::charge::ChargeState;
use crate::journal::Purse;
use crate::payment::Payment;
use crate::store;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CounterPaymentInput, example = json!({"receipt": "BL-2026/0001234"}))]
pub struct Input {
    /// Số biên lai: number of the paper receipt, if one was written.
    #[schema(max_length = 64)]
    pub receipt: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("there is no such charge at a unit of yours")]
    NotFound,
    #[error("this charge is {0}; take no money for it")]
    NotDue(&'static str),
    #[error("the number of the receipt has more than 64 characters; shorten it")]
    Receipt,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::NotFound => Problem::not_found("charge"),
            Self::NotDue(_) => Problem::conflict("charge_not_due", detail),
            Self::Receipt => Problem::invalid("receipt_too_long", detail, Vec::new()),
            Self::Internal(error) => error.into(),
        }
    }
}

/// Thu tiền tại quầy, inside a transaction of the caller's: the actor, an officer of the unit, has taken the whole
/// amount. `receipt` is the number of the paper receipt, if one was written.
pub async fn take_cash(tx: &mut Tx, cx: &Cx, id: Id, receipt: Option<&str>) -> Result<Payment, Rejection> {
    let receipt = receipt.map(clean_line).filter(|receipt| !receipt.is_empty());
    if receipt.as_ref().is_some_and(|receipt| receipt.chars().count() > 64) {
        return Err(Rejection::Receipt);
    }
    let charge = store::charges::lock(tx, id).await?.ok_or(Rejection::NotFound)?;
    if !cx.actor.has_at(Role::Officer, &charge.unit) {
        return Err(Rejection::NotFound);
    }
    // Unlike money that is on its way, cash can still be handed back.
    if charge.state != ChargeState::Due {
        return Err(Rejection::NotDue(charge.state.as_str()));
    }
    let detail = serde_json::json!({ "amount": charge.amount, "receipt": receipt });
    tx.audit("ledger.counter_payment", &charge.as_subject(), detail).await?;
    let (purse, amount, raw) = (Purse::Cash, charge.amount, serde_json::json!({}));
    let arrived = Arrived { purse, amount, gateway_no: receipt, raw };
    let arrival = arrive(tx, cx, charge, Err(format!("counter:{}", cx.env.id())), arrived).await?;
    let payment = store::payments::by_id(tx, arrival.payment).await?;
    Ok(payment.ok_or_else(|| Internal::new("a payment without a row"))?)
}

pub async fn record_counter_payment(cx: &Cx, id: Id, input: Input) -> Result<PaymentView, Rejection> {
    let mut tx = cx.begin().await?;
    let view = PaymentView::from(take_cash(&mut tx, cx, id, input.receipt.as_deref()).await?);
    cx.keep(&mut tx, 201, &view).await?;
    tx.commit().await?;
    Ok(view)
}

#[utoipa::path(post, path = "/api/v1/charges/{id}/counter-payments", tag = "payments",
    operation_id = "record_counter_payment", summary = "Record a payment at the counter",
    description = "The officer of the unit that is paid has taken the whole amount.",
    params(("id" = String, Path, format = Uuid, description = "the charge", example = "019aa4a0-7c00-7000-8000-000000000001")),
    request_body = Input,
    responses((status = 201, description = "Recorded", body = PaymentView),
        (status = 403, description = "No officer"),
        (status = 404, description = "No such charge at a unit of yours"),
        (status = 409, description = "Nothing is due"),
        (status = 422, description = "The body does not fit")))]
pub async fn handler(cx: Cx, Path(id): Path<Id>, ApiJson(input): ApiJson<Input>) -> Result<impl IntoResponse, Problem> {
    let view = record_counter_payment(&cx, id, input).await.map_err(Rejection::into_problem)?;
    Ok((StatusCode::CREATED, Json(view)))
}
