//! A stand-in for the wallet MoMo, protocol v2: takes orders as the real one does, lets the visitor choose how the payment
//! ends, tells the city by IPN until it has understood, leads the browser back, and answers questions and refunds.

mod api;
mod orders;
mod sign;

use std::sync::Arc;

use axum::Form;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;

use crate::page::{already, money, page, refusal, rows, text};
use crate::{Sandbox, deliver};
pub use api::{create, query, refund};
use orders::Ending;
pub use orders::Wallet;

/// Which order, from the address that `create` gave.
#[derive(Deserialize)]
pub struct Asked {
    t: String,
}

/// The payment page.
pub async fn show(State(sandbox): State<Arc<Sandbox>>, Query(asked): Query<Asked>) -> Response {
    let Some(order) = sandbox.momo.order(&asked.t) else { return unknown() };
    if order.ending.is_some() {
        return (StatusCode::CONFLICT, already(&order.redirect_url)).into_response();
    }
    let body = format!(
        "<h1>Ví MoMo <span lang=\"en\">MoMo wallet</span></h1><p class=\"amount\">{}</p>{}\
         <form method=\"post\" action=\"/v2/gateway/decide\"><input type=\"hidden\" name=\"order\" value=\"{}\">\
         <button name=\"choice\" value=\"success\">Xác nhận thanh toán / Confirm</button>\
         <button class=\"plain\" name=\"choice\" value=\"cancel\">Từ chối / Decline</button>\
         <button class=\"plain\" name=\"choice\" value=\"fail\">Không đủ số dư / Insufficient balance</button>\
         <button class=\"plain\" name=\"choice\" value=\"silent\">Thành công nhưng mất IPN / Success, IPN lost</button></form>",
        text(&money(order.amount)),
        rows(&[
            ("Đơn hàng / Order", order.id.clone()),
            ("Nội dung / Description", order.info.clone()),
            ("Đơn vị / Merchant", sandbox.options.momo_partner.clone()),
        ]),
        text(&order.id),
    );
    page("Ví MoMo mô phỏng / Simulated MoMo", &body).into_response()
}

/// What the visitor chose.
#[derive(Deserialize)]
pub struct Decision {
    order: String,
    choice: String,
}

/// Ends the payment as chosen, tells the city, leads the browser back.
pub async fn decide(State(sandbox): State<Arc<Sandbox>>, Form(decision): Form<Decision>) -> Response {
    let (code, message) = match decision.choice.as_str() {
        "success" | "silent" => (0, "Successful."),
        "cancel" => (1006, "Transaction denied by user."),
        "fail" => (1001, "Transaction failed due to insufficient funds."),
        _ => return unknown(),
    };
    let number: [u8; 4] = sandbox.env.random();
    let ending = Ending {
        code,
        message,
        // Every attempt has a number here, also one that was declined.
        trans_id: 4_000_000_000 + i64::from(u32::from_be_bytes(number)),
        at: sandbox.env.now(),
        refund: None,
    };
    let order = match sandbox.momo.end(&decision.order, ending) {
        Ok(order) => order,
        Err(Some(known)) => return (StatusCode::CONFLICT, already(&known.redirect_url)).into_response(),
        Err(None) => return unknown(),
    };
    let word = order.word(&sandbox.options.momo_partner);
    let signature = sign::sign(&sandbox.options.momo_secret, &sandbox.options.momo_access_key, &word);
    let told: Vec<(String, String)> = word
        .iter()
        .map(|(name, value)| ((*name).to_owned(), sign::plain(value)))
        .chain([("signature".to_owned(), signature.clone())])
        .collect();
    if decision.choice != "silent" {
        let mut body: serde_json::Map<String, Value> =
            word.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        body.insert("signature".to_owned(), signature.into());
        tell(&sandbox, &order.ipn_path, Value::Object(body)).await;
    }
    let query = serde_html_form::to_string(&told).unwrap_or_default();
    let joint = if order.redirect_url.contains('?') { '&' } else { '?' };
    (StatusCode::SEE_OTHER, [(header::LOCATION, format!("{}{joint}{query}", order.redirect_url))]).into_response()
}

/// The IPN, until the city has answered 204.
async fn tell(sandbox: &Arc<Sandbox>, path: &str, body: Value) {
    let url = format!("{}{path}", sandbox.options.target);
    let http = sandbox.http.clone();
    deliver::until_understood(move || {
        let request = http.post(&url).json(&body).send();
        async move { (request.await.ok()?.status().as_u16() == 204).then_some(()) }
    })
    .await;
}

fn unknown() -> Response {
    let page = refusal("Không có đơn hàng này (mã 42).", "There is no such order (code 42).");
    (StatusCode::BAD_REQUEST, page).into_response()
}
