//! A stand-in for a bank's app and for the bank behind it: shows what a transfer code says, and after the visitor's word
//! tells the city of the credit, signed, until it has understood.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use data_encoding::{BASE32_NOPAD, HEXLOWER};
use hmac::{Hmac, Mac};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::emv::{self, Scanned};
use crate::page::{money, page, refusal, rows, text};
use crate::statement::Credit;
use crate::{Sandbox, deliver};

#[derive(Deserialize)]
pub struct Scan {
    #[serde(default)]
    payload: String,
    /// The city's page to go back to.
    #[serde(default)]
    back: String,
}

/// The "scan": the code comes with the link, or is pasted.
pub async fn show(State(sandbox): State<Arc<Sandbox>>, Query(scan): Query<Scan>) -> Response {
    if scan.payload.is_empty() {
        return paste().into_response();
    }
    let scanned = match emv::read(&scan.payload) {
        Ok(scanned) => scanned,
        Err(en) => return (StatusCode::BAD_REQUEST, refusal("Mã chuyển khoản không hợp lệ.", en)).into_response(),
    };
    let Scanned { bin, number, amount, note } = scanned;
    let shown = amount.map_or_else(|| "?".to_owned(), money);
    let hidden = format!(
        "<input type=\"hidden\" name=\"payload\" value=\"{}\"><input type=\"hidden\" name=\"back\" value=\"{}\">",
        text(&scan.payload),
        text(sandbox.way_back(&scan.back))
    );
    let amount = amount.map(|n| n.to_string()).unwrap_or_default();
    let body = format!(
        "<h1>Ứng dụng ngân hàng <span lang=\"en\">Bank app</span></h1><p class=\"amount\">{}</p>{}\
         <form method=\"post\" action=\"/bank/pay\">{hidden}<input type=\"hidden\" name=\"amount\" value=\"{amount}\">\
         <input type=\"hidden\" name=\"note\" value=\"{}\"><button>Chuyển tiền / Transfer</button></form>\
         <details><summary>Thử tình huống khác / Try something else</summary>\
         <form method=\"post\" action=\"/bank/pay\">{hidden}\
         <label>Số tiền / Amount<input name=\"amount\" inputmode=\"numeric\" value=\"{amount}\"></label>\
         <label>Nội dung / Note<input name=\"note\" value=\"{}\"></label>\
         <button class=\"plain\">Chuyển như trên / Transfer this</button></form></details>",
        text(&shown),
        rows(&[("Ngân hàng / Bank", bin), ("Số tài khoản / Account", number), ("Nội dung / Note", note.clone()),]),
        text(&note),
        text(&note),
    );
    page("Ngân hàng mô phỏng / Simulated bank", &body).into_response()
}

fn paste() -> Html<String> {
    page(
        "Ngân hàng mô phỏng / Simulated bank",
        "<h1>Ứng dụng ngân hàng <span lang=\"en\">Bank app</span></h1>\
         <form action=\"/bank\"><label>Nội dung mã QR / Text of the QR code\
         <textarea name=\"payload\" rows=\"4\" required></textarea></label>\
         <button>Đọc mã / Read</button></form>",
    )
}

#[derive(Deserialize)]
pub struct Transfer {
    payload: String,
    amount: String,
    note: String,
    #[serde(default)]
    back: String,
}

/// "Moves" the money and tells the city.
pub async fn pay(State(sandbox): State<Arc<Sandbox>>, Form(transfer): Form<Transfer>) -> Response {
    let digits: String = transfer.amount.chars().filter(char::is_ascii_digit).collect();
    let (Ok(scanned), Ok(amount @ 1..=999_999_999_999)) = (emv::read(&transfer.payload), digits.parse::<i64>()) else {
        let words = ("Mã hoặc số tiền không hợp lệ.", "The code or the amount is not valid.");
        return (StatusCode::BAD_REQUEST, refusal(words.0, words.1)).into_response();
    };
    let number = format!("MP{}", BASE32_NOPAD.encode(&sandbox.env.random::<10>()));
    let (account, note) = (scanned.number.clone(), transfer.note.chars().take(200).collect());
    sandbox.remember_credit(Credit { number: number.clone(), account, amount, note, at: sandbox.env.now() });
    let notice = json!({
        "transaction_id": number,
        "account": scanned.number,
        "amount": amount,
        "description": transfer.note.chars().take(200).collect::<String>(),
        "booked_at": sandbox.env.now(),
    });
    let told = tell(&sandbox, notice).await;
    let (tone, vi, en) = match told.as_ref().and_then(|answer| answer["outcome"].as_str()) {
        Some("paid") => ("good", "Chuyển tiền thành công", "Transferred"),
        Some("overpaid") => ("good", "Đã chuyển; thành phố ghi nhận nộp thừa", "Transferred; recorded as overpaid"),
        Some("suspense") => ("good", "Đã chuyển; thành phố đang đối chiếu", "Transferred; held for matching"),
        _ => ("bad", "Đã chuyển; thành phố chưa xác nhận", "Transferred; the city has not confirmed yet"),
    };
    let back = sandbox.way_back(&transfer.back);
    let back = if back.is_empty() {
        String::new()
    } else {
        format!("<p><a class=\"button\" href=\"{}\">Về trang của thành phố / Back to the city</a></p>", text(back))
    };
    let body = format!(
        "<h1 class=\"{tone}\">{vi} <span lang=\"en\">{en}</span></h1><p class=\"amount\">{}</p>{back}",
        text(&money(amount))
    );
    page("Ngân hàng mô phỏng / Simulated bank", &body).into_response()
}

/// The notice, until the city has answered anything but a failure of its own.
async fn tell(sandbox: &Arc<Sandbox>, notice: Value) -> Option<Value> {
    let url = format!("{}/api/v1/payments/bank-notifications", sandbox.options.target);
    let (sandbox, body) = (sandbox.clone(), notice.to_string());
    deliver::until_understood(move || {
        // Signed anew each time: a signature is good for minutes only.
        let timestamp = sandbox.env.now().as_second().to_string();
        let signature = sign(&sandbox.options.bank_secret, &timestamp, &body);
        let request = sandbox
            .http
            .post(&url)
            .header("content-type", "application/json")
            .header("x-bank-timestamp", timestamp)
            .header("x-bank-signature", signature)
            .body(body.clone())
            .send();
        async move {
            let response = request.await.ok()?;
            if response.status().is_server_error() || response.status() == reqwest::StatusCode::TOO_MANY_REQUESTS {
                return None;
            }
            Some(response.json().await.unwrap_or(Value::Null))
        }
    })
    .await
}

/// HMAC-SHA256 in hex over timestamp, full stop and body.
fn sign(secret: &str, timestamp: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body.as_bytes());
    HEXLOWER.encode(&mac.finalize().into_bytes())
}

impl Sandbox {
    /// `back` where it is a page of the city's; else nothing.
    fn way_back<'a>(&self, back: &'a str) -> &'a str {
        if back.strip_prefix(&self.options.target).is_some_and(|path| path.starts_with('/')) { back } else { "" }
    }
}
