//! A stand-in for a browser's push service (RFC 8030): takes encrypted messages and lets them be fetched.
//!
//! An address whose name ends in `gone` is no more, and one that ends in `busy` has no time at the first call.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use crate::Sandbox;

/// Messages of all addresses; then all are forgotten.
const KEPT: usize = 2000;

/// What was taken.
#[derive(Default)]
pub struct Service(Mutex<Taken>);

#[derive(Default)]
struct Taken {
    count: usize,
    messages: HashMap<String, Vec<Value>>,
    busy: HashSet<String>,
}

impl Service {
    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes a message, as RFC 8030 (section 5) and RFC 8292 want it.
pub async fn send(
    State(sandbox): State<Arc<Sandbox>>,
    Path(address): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("");
    if address.ends_with("gone") {
        return StatusCode::GONE.into_response();
    }
    if header("ttl").parse::<u32>().is_err() || header("content-encoding") != "aes128gcm" {
        return (StatusCode::BAD_REQUEST, "ttl or content-encoding").into_response();
    }
    if !header("authorization").starts_with("vapid t=") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    if body.len() > 4096 {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    }
    let mut taken = sandbox.push.taken();
    if address.ends_with("busy") && taken.busy.insert(address.clone()) {
        return (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "600")]).into_response();
    }
    if taken.count >= KEPT {
        *taken = Taken::default();
    }
    taken.count += 1;
    let message = json!({
        "body": BASE64URL_NOPAD.encode(&body),
        "authorization": header("authorization"),
        "urgency": header("urgency"),
        "topic": header("topic"),
    });
    taken.messages.entry(address).or_default().push(message);
    (StatusCode::CREATED, [("location", "/push/message")]).into_response()
}

/// What an address was sent, for tests.
pub async fn list(State(sandbox): State<Arc<Sandbox>>, Path(address): Path<String>) -> Json<Value> {
    Json(json!(sandbox.push.taken().messages.get(&address).cloned().unwrap_or_default()))
}
