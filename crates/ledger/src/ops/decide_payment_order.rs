//! Approve or cancel a payment order: who prepared it does not approve it (bốn mắt).

use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::Deserialize;
use songhan_app::{ApiJson, Cx, IntoProblem, Path, Problem};
use songhan_base::{Id, Internal};
use songhan_db::{NewJob, Tx};
use utoipa::ToSchema;

use crate::access::{keeps_books, who};
use crate::order::{LineState, Order, OrderKind, OrderState};
use crate::refund::RefundState;
use crate::{paying_out, store};

words!(
    /// What is decided.
    Decision, "decision" {
        /// Duyệt: the money may leave.
        Approve = "approve",
        /// Hủy: nothing leaves; its lines can be ordered again.
        Cancel = "cancel",
    }
);

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PaymentOrderDecision, example = json!({"decision": "approve"}))]
pub struct Input {
    pub decision: Decision,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("there is no such payment order in books of yours")]
    NotFound,
    #[error("this payment order is {0}; only one that was just prepared is approved or cancelled")]
    NotPrepared(&'static str),
    #[error("you have prepared this payment order; somebody else approves it")]
    SamePerson,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::NotFound => Problem::not_found("payment order"),
            Self::NotPrepared(_) => Problem::conflict("order_not_prepared", detail),
            Self::SamePerson => Problem::new(StatusCode::FORBIDDEN, "same_person", detail),
            Self::Internal(error) => error.into(),
        }
    }
}

pub async fn decide_payment_order(cx: &Cx, id: Id, decision: Decision) -> Result<Order, Rejection> {
    let mut tx = cx.begin().await?;
    let found = store::orders::lock(&mut tx, id).await?.filter(|order| keeps_books(cx, &order.unit));
    let mut order = found.ok_or(Rejection::NotFound)?;
    if order.state != OrderState::Prepared {
        return Err(Rejection::NotPrepared(order.state.as_str()));
    }
    match decision {
        Decision::Approve => approve(&mut tx, cx, &mut order).await?,
        Decision::Cancel => cancel(&mut tx, &mut order).await?,
    }
    let detail = serde_json::json!({ "number": order.number, "decision": decision, "total": order.total });
    tx.audit("ledger.payment_order_decided", &format!("payment-order:{id}"), detail).await?;
    tx.commit().await?;
    Ok(order)
}

async fn approve(tx: &mut Tx, cx: &Cx, order: &mut Order) -> Result<(), Rejection> {
    let (by, name) = who(cx);
    if by == order.prepared_by {
        return Err(Rejection::SamePerson);
    }
    order.state = OrderState::Approved;
    (order.approved_name, order.approved_at) = (Some(name), Some(tx.now()));
    store::orders::change(tx, order, Some(&by)).await?;
    store::orders::change_lines(tx, order.id, LineState::Sent, None).await?;
    for line in store::orders::lines(&mut *tx, order.id).await? {
        paying_out::send(tx, cx, order, &line).await?;
        if order.kind == OrderKind::GatewayRefund {
            let job = NewJob {
                id: cx.env.id(),
                kind: super::refund_by_gateway::KIND,
                payload: serde_json::json!({ "end_to_end": line.end_to_end }),
                run_at: None,
                dedupe: Some(format!("{}:{}", super::refund_by_gateway::KIND, line.end_to_end)),
            };
            songhan_db::enqueue(tx, job).await?;
        }
    }
    Ok(())
}

async fn cancel(tx: &mut Tx, order: &mut Order) -> Result<(), Internal> {
    order.state = OrderState::Cancelled;
    store::orders::change(tx, order, None).await?;
    for line in store::orders::lines(&mut *tx, order.id).await? {
        if let Some(refund) = line.refund
            && let Some(mut refund) = store::refunds::lock(tx, refund).await?
        {
            refund.state = RefundState::Requested;
            store::refunds::change(tx, &refund).await?;
        }
        if let Some(closing) = line.closing {
            store::closings::to_be_ordered(tx, closing).await?;
        }
    }
    store::orders::change_lines(tx, order.id, LineState::Failed, Some("the order was cancelled")).await
}

#[utoipa::path(post, path = "/api/v1/ledger/payment-orders/{id}/decision", tag = "accounting",
    operation_id = "decide_payment_order", summary = "Approve or cancel a payment order",
    description = "Refused to whoever has prepared it, when approving.",
    params(("id" = String, Path, format = Uuid, description = "the order", example = "019aa4a0-7c00-7000-8000-000000000005")),
    request_body = Input,
    responses((status = 200, description = "Decided", body = Order),
        (status = 404, description = "No such thing in books of yours"),
        (status = 409, description = "Its state does not allow it")))]
pub async fn handler(cx: Cx, Path(id): Path<Id>, ApiJson(input): ApiJson<Input>) -> Result<impl IntoResponse, Problem> {
    Ok(Json(decide_payment_order(&cx, id, input.decision).await.map_err(IntoProblem::into_problem)?))
}
