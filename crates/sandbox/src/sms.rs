//! A stand-in for a gateway of brandname SMS, shaped as Vietnamese ones are: JSON with key and secret, an answer code,
//! and later a call to the address that came along. Nothing is sent; the messages can be read at `/sms`.
//!
//! Numbers ending in 99 are refused, at 97 the telephone is off, and at 98 the first answer is lost on its way.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::page::{page, rows, text};
use crate::{Sandbox, deliver};

/// Account and secret that the demonstration's city uses; everyone knows them.
const KEY: &str = "MOPHONG1";
const SECRET: &str = "mo-phong-khong-gui-that";
/// Messages kept; a stand-in that runs for months must not grow.
const KEPT: usize = 500;

/// What was taken.
#[derive(Default)]
pub struct Inbox(Mutex<Taken>);

#[derive(Default)]
struct Taken {
    messages: Vec<Message>,
    requests: HashSet<String>,
    /// Numbers whose first answer was lost.
    lost: HashSet<String>,
}

impl Inbox {
    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Clone, Serialize)]
struct Message {
    id: String,
    brand: String,
    phone: String,
    content: String,
    unicode: bool,
    request: String,
}

/// A request, under the gateway's names.
#[derive(Deserialize)]
pub struct Request {
    #[serde(rename = "ApiKey")]
    key: String,
    #[serde(rename = "SecretKey")]
    secret: String,
    #[serde(rename = "Brandname")]
    brand: String,
    #[serde(rename = "SmsType")]
    kind: String,
    #[serde(rename = "Phone")]
    phone: String,
    #[serde(rename = "Content")]
    content: String,
    #[serde(rename = "IsUnicode", default)]
    unicode: String,
    #[serde(rename = "RequestId", default)]
    id: String,
    #[serde(rename = "CallbackUrl", default)]
    callback: String,
}

fn refused(code: &str, why: &str) -> Response {
    Json(json!({ "CodeResult": code, "ErrorMessage": why })).into_response()
}

/// Takes a message.
pub async fn send(State(sandbox): State<Arc<Sandbox>>, body: String) -> Response {
    let Ok(sent) = serde_json::from_str::<Request>(&body) else { return refused("99", "Unreadable request") };
    if sent.key != KEY || sent.secret != SECRET {
        return refused("101", "Authorize Failed");
    }
    if sent.brand.is_empty() || sent.kind != "2" || sent.content.is_empty() {
        return refused("104", "Brandname or message type not found");
    }
    let digits = sent.phone.strip_prefix("84").unwrap_or("");
    if digits.len() != 9 || !digits.bytes().all(|b| b.is_ascii_digit()) || digits.ends_with("99") {
        return refused("105", "Phone number is not valid");
    }
    if sent.unicode != "1" && !sent.content.is_ascii() {
        return refused("146", "Content has characters that need IsUnicode");
    }
    let id = HEXLOWER.encode(&sandbox.env.random::<12>());
    {
        let mut taken = sandbox.sms.taken();
        if !sent.id.is_empty() && !taken.requests.insert(sent.id.clone()) {
            return refused("124", "RequestId is existed");
        }
        taken.messages.push(Message {
            id: id.clone(),
            brand: sent.brand.clone(),
            phone: sent.phone.clone(),
            content: sent.content.clone(),
            unicode: sent.unicode == "1",
            request: sent.id.clone(),
        });
        if taken.messages.len() > KEPT {
            taken.messages.remove(0);
        }
        if digits.ends_with("98") && taken.lost.insert(sent.phone.clone()) {
            return StatusCode::GATEWAY_TIMEOUT.into_response();
        }
    }
    report(&sandbox, &sent.callback, &id, !digits.ends_with("97"));
    Json(json!({ "CodeResult": "100", "CountRegenerate": 0, "SMSID": id })).into_response()
}

/// Tells the city what became of a message, in the background, at its own address whatever name it goes by.
fn report(sandbox: &Arc<Sandbox>, callback: &str, id: &str, arrived: bool) {
    let Some(path) = callback.parse::<axum::http::Uri>().ok().and_then(|url| url.path_and_query().cloned()) else {
        return;
    };
    let (success, failed) = if arrived { (1, 0) } else { (0, 1) };
    let url = format!(
        "{}{path}&SMSID={id}&SendStatus=5&SendSuccess={success}&SendFailed={failed}&TotalSent=1&TypeId=2",
        sandbox.options.target
    );
    let http = sandbox.http.clone();
    tokio::spawn(deliver::until_understood(move || {
        let request = http.get(&url).send();
        async move { request.await.ok().filter(|answer| answer.status().is_success()).map(drop) }
    }));
}

/// What was taken, for people.
pub async fn show(State(sandbox): State<Arc<Sandbox>>) -> Html<String> {
    let messages = sandbox.sms.taken().messages.clone();
    let list = messages.iter().rev().map(|message| {
        let number = message.phone.strip_prefix("84").map_or_else(|| message.phone.clone(), |rest| format!("0{rest}"));
        rows(&[
            ("Từ / From", message.brand.clone()),
            ("Đến / To", number),
            ("Nội dung / Text", message.content.clone()),
        ])
    });
    let list: String = list.collect();
    let none = "<p>Chưa có tin nào. <span lang=\"en\">No messages yet.</span></p>";
    let body = format!(
        "<h1>Điện thoại mô phỏng <span lang=\"en\">Simulated telephones</span></h1>{}",
        if messages.is_empty() { none } else { &list }
    );
    page(&text("SMS mô phỏng / Simulated SMS"), &body)
}

/// What was taken, for tests.
pub async fn list(State(sandbox): State<Arc<Sandbox>>) -> Json<Value> {
    Json(json!(sandbox.sms.taken().messages))
}
