//! A stand-in for Zalo: access tokens by refresh tokens that work once, messages by template (ZNS), and the event that a
//! message was received, signed by the Official Account's secret. The messages can be read at `/zalo`.
//!
//! Numbers ending in 99 have no Zalo, and at 98 the first call finds Zalo out of order.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::{Form, Json};
use data_encoding::{BASE32_NOPAD, HEXLOWER};
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::page::{page, rows};
use crate::{Sandbox, deliver};

/// What the demonstration's city is known by; everyone knows it.
const APP_ID: &str = "1000000001";
const SECRET: &str = "mo-phong-khong-gui-that";
const KEPT: usize = 500;

/// What was taken and given.
#[derive(Default)]
pub struct Account(Mutex<Known>);

#[derive(Default)]
struct Known {
    messages: Vec<Message>,
    /// Refresh tokens that were used up.
    used: HashSet<String>,
    /// Access tokens of earlier rounds are not taken any more.
    round: u32,
    failed: HashSet<String>,
}

impl Account {
    fn state(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Clone, Serialize)]
struct Message {
    id: String,
    phone: String,
    template: String,
    data: Map<String, Value>,
    tracking_id: String,
}

/// Tokens prove themselves, so that one from before a restart is still one.
fn token(sandbox: &Sandbox, kind: &str) -> String {
    let body = format!("{kind}.{}", BASE32_NOPAD.encode(&sandbox.env.random::<10>()));
    format!("{body}.{}", mac(&body))
}

fn is_token(token: &str, kind: &str) -> bool {
    let Some((body, given)) = token.rsplit_once('.') else { return false };
    body.strip_prefix(kind).is_some_and(|rest| rest.starts_with('.')) && mac(body) == given
}

fn mac(body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(body.as_bytes());
    HEXLOWER.encode(&mac.finalize().into_bytes()[..8])
}

#[derive(Deserialize)]
pub struct Renewal {
    refresh_token: String,
    app_id: String,
    grant_type: String,
}

/// Gives an access token and the next refresh token for one that was not used yet.
pub async fn renew(State(sandbox): State<Arc<Sandbox>>, headers: HeaderMap, Form(asked): Form<Renewal>) -> Json<Value> {
    let wrong = |code: i32, why: &str| Json(json!({ "error": code, "error_name": why, "error_description": why }));
    if headers.get("secret_key").is_none_or(|key| key != SECRET) {
        return wrong(-14004, "Invalid secret key");
    }
    if asked.app_id != APP_ID || asked.grant_type != "refresh_token" {
        return wrong(-14002, "Invalid app id or grant type");
    }
    let mut state = sandbox.zalo.state();
    // The first one is as public as everything here, and is taken again after a restart.
    let is_first = asked.refresh_token == SECRET;
    if !is_first && (!is_token(&asked.refresh_token, "refresh") || !state.used.insert(asked.refresh_token)) {
        return wrong(-14014, "Invalid refresh token");
    }
    let access = token(&sandbox, &format!("access-{}", state.round));
    Json(json!({ "access_token": access, "refresh_token": token(&sandbox, "refresh"), "expires_in": "90000" }))
}

/// Takes back all access tokens, as an account's owner can.
pub async fn revoke(State(sandbox): State<Arc<Sandbox>>) -> StatusCode {
    sandbox.zalo.state().round += 1;
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
pub struct Request {
    phone: String,
    template_id: String,
    template_data: Map<String, Value>,
    #[serde(default)]
    tracking_id: String,
}

/// Takes a message.
pub async fn send(State(sandbox): State<Arc<Sandbox>>, headers: HeaderMap, body: String) -> Response {
    let wrong = |code: i32, why: &str| Json(json!({ "error": code, "message": why })).into_response();
    let given = headers.get("access_token").and_then(|value| value.to_str().ok()).unwrap_or("");
    let round = sandbox.zalo.state().round;
    if !is_token(given, &format!("access-{round}")) {
        return wrong(-124, "Access token invalid");
    }
    let Ok(sent) = serde_json::from_str::<Request>(&body) else { return wrong(-111, "Template data empty") };
    let digits = sent.phone.strip_prefix("84").unwrap_or("");
    if digits.len() != 9 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return wrong(-108, "Phone number invalid");
    }
    if digits.ends_with("99") {
        return wrong(-118, "Zalo account not existed");
    }
    if !sent.template_id.bytes().all(|b| b.is_ascii_digit()) || sent.template_id.is_empty() {
        return wrong(-109, "Template ID invalid");
    }
    if sent.template_data.is_empty() || sent.template_data.values().any(|value| !value.is_string()) {
        return wrong(-112, "Template data invalid");
    }
    let id = HEXLOWER.encode(&sandbox.env.random::<10>());
    {
        let mut state = sandbox.zalo.state();
        if digits.ends_with("98") && state.failed.insert(sent.phone.clone()) {
            return StatusCode::BAD_GATEWAY.into_response();
        }
        let Request { phone, template_id: template, template_data: data, tracking_id } = sent;
        state.messages.push(Message { id: id.clone(), phone, template, data, tracking_id: tracking_id.clone() });
        if state.messages.len() > KEPT {
            state.messages.remove(0);
        }
        received(&sandbox, &id, &tracking_id);
    }
    let sent_time = sandbox.env.now().as_millisecond().to_string();
    let quota = json!({ "dailyQuota": "500", "remainingQuota": "499" });
    let data = json!({ "msg_id": id, "sent_time": sent_time, "quota": quota });
    Json(json!({ "error": 0, "message": "Success", "data": data })).into_response()
}

/// Tells the city that a message was received, in the background.
fn received(sandbox: &Arc<Sandbox>, id: &str, tracking_id: &str) {
    let timestamp = sandbox.env.now().as_millisecond().to_string();
    let event = json!({
        "event_name": "user_received_message",
        "app_id": APP_ID,
        "message": { "msg_id": id, "tracking_id": tracking_id, "delivery_time": timestamp },
        "timestamp": timestamp,
    });
    let body = event.to_string();
    let signature = HEXLOWER.encode(&Sha256::digest(format!("{APP_ID}{body}{timestamp}{SECRET}")));
    let (http, url) = (sandbox.http.clone(), format!("{}/api/v1/notice-reports/zalo", sandbox.options.target));
    tokio::spawn(deliver::until_understood(move || {
        let request = http.post(&url).header("x-zevent-signature", format!("mac={signature}"));
        let request = request.header("content-type", "application/json").body(body.clone()).send();
        async move { request.await.ok().filter(|answer| answer.status().is_success()).map(drop) }
    }));
}

/// What was taken, for people.
pub async fn show(State(sandbox): State<Arc<Sandbox>>) -> Html<String> {
    let messages = sandbox.zalo.state().messages.clone();
    let list = messages.iter().rev().map(|message| {
        let data = message.data.iter().map(|(name, value)| format!("{name}: {}", value.as_str().unwrap_or("")));
        let data: Vec<String> = data.collect();
        let number = message.phone.strip_prefix("84").map_or_else(|| message.phone.clone(), |rest| format!("0{rest}"));
        rows(&[
            ("Mẫu / Template", message.template.clone()),
            ("Đến / To", number),
            ("Nội dung / Data", data.join("; ")),
        ])
    });
    let list: String = list.collect();
    let none = "<p>Chưa có tin nào. <span lang=\"en\">No messages yet.</span></p>";
    let body = format!(
        "<h1>Zalo mô phỏng <span lang=\"en\">Simulated Zalo</span></h1>{}",
        if messages.is_empty() { none } else { &list }
    );
    page("Zalo mô phỏng / Simulated Zalo", &body)
}

/// What was taken, for tests.
pub async fn list(State(sandbox): State<Arc<Sandbox>>) -> Json<Value> {
    Json(json!(sandbox.zalo.state().messages))
}
