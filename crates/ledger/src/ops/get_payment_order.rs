//! Show a payment order with its lines, and the latest orders.

use axum::Json;
use axum::response::IntoResponse;
use serde::Serialize;
use songhan_app::{Cx, Path, Problem};
use songhan_base::{Id, Internal};
use utoipa::ToSchema;

use crate::access::{book_units, keeps_books};
use crate::order::{Order, OrderLine};
use crate::store;

#[derive(Serialize, ToSchema)]
#[schema(as = PaymentOrderWithLines)]
pub struct Output {
    pub order: Order,
    pub lines: Vec<OrderLine>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = PaymentOrders)]
pub struct Listed {
    /// The latest first, at most 100.
    pub items: Vec<Order>,
}

/// The order, where it is in books of the actor's.
pub async fn get_payment_order(cx: &Cx, id: Id) -> Result<Option<Output>, Internal> {
    let Some(order) = store::orders::by_id(&cx.db, id).await?.filter(|order| keeps_books(cx, &order.unit)) else {
        return Ok(None);
    };
    Ok(Some(Output { lines: store::orders::lines(&cx.db, id).await?, order }))
}

#[utoipa::path(get, path = "/api/v1/ledger/payment-orders/{id}", tag = "accounting", operation_id = "get_payment_order",
    summary = "Show a payment order",
    params(("id" = String, Path, format = Uuid, description = "the order", example = "019aa4a0-7c00-7000-8000-000000000005")),
    responses((status = 200, description = "The order and its lines", body = Output),
        (status = 404, description = "No such thing in books of yours")))]
pub async fn handler(cx: Cx, Path(id): Path<Id>) -> Result<impl IntoResponse, Problem> {
    Ok(Json(get_payment_order(&cx, id).await?.ok_or_else(|| Problem::not_found("payment order"))?))
}

#[utoipa::path(get, path = "/api/v1/ledger/payment-orders", tag = "accounting", operation_id = "list_payment_orders",
    summary = "List the latest payment orders",
    responses((status = 200, description = "Orders of your units", body = Listed),
        (status = 404, description = "No such thing in books of yours")))]
pub async fn list(cx: Cx) -> Result<impl IntoResponse, Problem> {
    let kinds = ["refund", "gateway_refund", "budget"];
    Ok(Json(Listed { items: store::orders::latest(&cx.db, book_units(&cx).as_deref(), &kinds, 100).await? }))
}
