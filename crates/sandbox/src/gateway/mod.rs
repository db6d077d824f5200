//! A stand-in for the VNPay gateway, protocol 2.1.0: checks the order as the real one does, lets the visitor choose how
//! the payment ends, tells the city by IPN until it has understood, leads the browser back, and answers querydr and refund.

mod orders;
mod query;
mod refund;
mod sign;

use std::sync::Arc;

use axum::Form;
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::page::{already, money, page, refusal, rows, text};
use crate::{Sandbox, deliver};
use orders::{Ending, Refusal, read_order};
pub use orders::{Order, stamp};
pub use query::query;

/// The payment page.
pub async fn show(State(sandbox): State<Arc<Sandbox>>, RawQuery(raw): RawQuery) -> Response {
    let raw = raw.unwrap_or_default();
    let order = match read_order(&sandbox, &raw) {
        Ok(order) => order,
        Err(refused) => return refuse(refused),
    };
    if let Some(known) = sandbox.orders().get(&order.txn_ref)
        && known.ending.is_some()
    {
        return (StatusCode::CONFLICT, already(&order.return_url)).into_response();
    }
    let body = format!(
        "<h1>Cổng thanh toán <span lang=\"en\">Payment gateway</span></h1>\
         <p class=\"amount\">{}</p>{}\
         <form method=\"post\" action=\"/paymentv2/decide\"><input type=\"hidden\" name=\"order\" value=\"{}\">\
         <button name=\"choice\" value=\"success\">Thanh toán thành công / Pay successfully</button>\
         <button class=\"plain\" name=\"choice\" value=\"cancel\">Khách hủy giao dịch / Cancel</button>\
         <button class=\"plain\" name=\"choice\" value=\"fail\">Không đủ số dư / Insufficient balance</button>\
         <button class=\"plain\" name=\"choice\" value=\"silent\">Thành công nhưng mất IPN / Success, IPN lost</button></form>",
        text(&money(order.amount)),
        rows(&[
            ("Đơn hàng / Order", order.txn_ref.clone()),
            ("Nội dung / Description", order.info.clone()),
            ("Đơn vị / Merchant", sandbox.options.tmn_code.clone()),
        ]),
        text(&raw),
    );
    sandbox.remember(order);
    page("Cổng thanh toán mô phỏng / Simulated gateway", &body).into_response()
}

/// What the visitor chose.
#[derive(Deserialize)]
pub struct Decision {
    order: String,
    choice: String,
}

/// Ends the payment as chosen, tells the city, leads the browser back.
pub async fn decide(State(sandbox): State<Arc<Sandbox>>, Form(decision): Form<Decision>) -> Response {
    let mut order = match read_order(&sandbox, &decision.order) {
        Ok(order) => order,
        Err(refused) => return refuse(refused),
    };
    let (code, status) = match decision.choice.as_str() {
        "success" | "silent" => ("00", "00"),
        "cancel" => ("24", "02"),
        "fail" => ("51", "02"),
        _ => return refuse(Refusal::Unreadable),
    };
    let number: [u8; 4] = sandbox.env.random();
    let ending = Ending {
        code,
        status,
        // An order that was not paid has no transaction.
        transaction_no: if status == "00" { 14_000_000 + u32::from_be_bytes(number) % 1_000_000 } else { 0 },
        at: sandbox.env.now(),
        refunded: None,
    };
    order.ending = Some(ending);
    {
        let mut orders = sandbox.orders();
        if orders.get(&order.txn_ref).is_some_and(|known| known.ending.is_some()) {
            drop(orders);
            return (StatusCode::CONFLICT, already(&order.return_url)).into_response();
        }
        orders.insert(order.txn_ref.clone(), order.clone());
    }
    let reply = sign::signed_query(&sandbox.options.vnpay_secret, &order.reply(&sandbox.options.tmn_code));
    if decision.choice != "silent" {
        tell(&sandbox, reply.clone()).await;
    }
    let joint = if order.return_url.contains('?') { '&' } else { '?' };
    (StatusCode::SEE_OTHER, [(header::LOCATION, format!("{}{joint}{reply}", order.return_url))]).into_response()
}

/// The IPN, until the city says that it has understood (00) or knew (02).
async fn tell(sandbox: &Arc<Sandbox>, reply: String) {
    let url = format!("{}/api/v1/payments/vnpay/ipn?{reply}", sandbox.options.target);
    let http = sandbox.http.clone();
    deliver::until_understood(move || {
        let request = http.get(&url).send();
        async move {
            let answer: serde_json::Value = request.await.ok()?.json().await.ok()?;
            matches!(answer["RspCode"].as_str(), Some("00" | "02")).then_some(())
        }
    })
    .await;
}

fn refuse(refused: Refusal) -> Response {
    let (vi, en) = refused.words();
    (StatusCode::BAD_REQUEST, refusal(vi, en)).into_response()
}
