//! The idempotency layer: a repeated create gets the answer of the first and changes nothing.
//!
//! `Idempotency-Key` is required on routes that say so and accepted on every other change under `/api/`. The operation
//! keeps its answer in its own transaction ([`Cx::keep`](crate::Cx::keep)), so there is no moment in which the work is
//! done and the answer is not known.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use songhan_base::Internal;

use crate::{Cx, Problem};

/// A key, whose it is, and what it was sent with.
pub struct Key {
    pub owner: String,
    pub value: String,
    pub fingerprint: String,
}

/// Reads the key, replays a kept answer, or runs the operation with the key in its context.
pub async fn layer(required: bool, body_limit: usize, request: Request, next: Next) -> Response {
    match run(required, body_limit, request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn run(required: bool, body_limit: usize, mut request: Request, next: Next) -> Result<Response, Problem> {
    if !matches!(*request.method(), Method::POST | Method::PATCH | Method::PUT) {
        return Ok(next.run(request).await);
    }
    let Some(value) = request.headers().get("idempotency-key") else {
        if required {
            return Err(Problem::new(
                StatusCode::BAD_REQUEST,
                "idempotency_key_missing",
                "this create needs the header Idempotency-Key; send a new random text (a UUID), and the same one when you repeat",
            ));
        }
        return Ok(next.run(request).await);
    };
    let value = read_key(value)?;
    let cx = request.extensions().get::<Cx>().cloned().ok_or_else(|| Internal::new("no context"))?;
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, body_limit).await.map_err(|error| match error.into_inner() {
        cause if cause.is::<http_body_util::LengthLimitError>() => Problem::too_large(body_limit),
        cause => Problem::bad_request(format!("the body ended before it was whole: {cause}; send it again")),
    })?;
    let mut hash = Sha256::new();
    hash.update(parts.method.as_str());
    hash.update(b"\0");
    hash.update(parts.uri.path_and_query().map_or("", |pq| pq.as_str()));
    hash.update(b"\0");
    hash.update(&bytes);
    let fingerprint = data_encoding::HEXLOWER.encode(&hash.finalize());
    let key = Arc::new(Key { owner: cx.actor.label(), value, fingerprint });
    if let Some(kept) = replay(&cx, &key).await? {
        return Ok(kept);
    }
    request = Request::from_parts(parts, Body::from(bytes));
    request.extensions_mut().insert(Cx { key: Some(key.clone()), ..cx.clone() });
    let response = next.run(request).await;
    if response.status().is_success() {
        return Ok(response);
    }
    // Two at once: the one that lost answers with what the winner kept.
    Ok(replay(&cx, &key).await?.unwrap_or(response))
}

fn read_key(value: &HeaderValue) -> Result<String, Problem> {
    value
        .to_str()
        .ok()
        .filter(|v| (1..=128).contains(&v.len()) && v.bytes().all(|b| b.is_ascii_graphic()))
        .map(str::to_owned)
        .ok_or_else(|| {
            Problem::bad_request("Idempotency-Key has 1 to 128 visible ASCII characters; a UUID is a good one")
        })
}

async fn replay(cx: &Cx, key: &Key) -> Result<Option<Response>, Problem> {
    let Some(kept) = songhan_db::answered(&cx.db, &key.owner, &key.value).await? else { return Ok(None) };
    if kept.fingerprint != key.fingerprint {
        return Err(Problem::invalid(
            "idempotency_key_reused",
            "this Idempotency-Key was used for another request; make a new key for each new request",
            Vec::new(),
        ));
    }
    let status = StatusCode::from_u16(kept.status as u16).unwrap_or(StatusCode::OK);
    let mut response = (status, kept.body).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().insert("idempotent-replayed", HeaderValue::from_static("true"));
    Ok(Some(response))
}
