//! The guard of a route: who may pass, whether a browser's request was meant, and whether its body is too large to read.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;

use crate::{Access, Cx, Problem};

pub async fn layer(access: Access, body_limit: usize, request: Request, next: Next) -> Response {
    let Some(cx) = request.extensions().get::<Cx>() else {
        return Problem::unauthorized().into_response();
    };
    if let Err(problem) = access.check(&cx.actor) {
        return problem.into_response();
    }
    if access != Access::Signed && !meant(&request) {
        return Problem::new(
            StatusCode::FORBIDDEN,
            "cross_site",
            "a change must come from a page of this site, or carry a bearer token",
        )
        .into_response();
    }
    if announced(&request) > body_limit as u64 {
        drain(request.into_body()).await;
        return Problem::too_large(body_limit).into_response();
    }
    next.run(request).await
}

/// Most of a refused body that is read and thrown away.
const DRAINED_MAX: usize = 64 << 20;

/// Takes in a body that will be refused: a browser that is still sending would see a broken connection, not our answer.
async fn drain(mut body: Body) {
    let mut passed = 0;
    while let Some(Ok(frame)) = body.frame().await {
        passed += frame.data_ref().map_or(0, axum::body::Bytes::len);
        if passed > DRAINED_MAX {
            return;
        }
    }
}

/// Length of the body as its sender says; one sent in chunks says nothing, and is measured while it is read.
fn announced(request: &Request) -> u64 {
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok());
    length.and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// A change by cookie must come from our own pages. Browsers say so by `Sec-Fetch-Site`, older ones by `Origin`;
/// programs send neither and carry a token.
fn meant(request: &Request) -> bool {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    let headers = request.headers();
    if headers.contains_key(header::AUTHORIZATION) {
        return true;
    }
    if let Some(site) = headers.get("sec-fetch-site") {
        return matches!(site.as_bytes(), b"same-origin" | b"none");
    }
    let (Some(origin), Some(host)) = (headers.get(header::ORIGIN), headers.get(header::HOST)) else { return true };
    let origin = origin.to_str().unwrap_or("null");
    origin.split_once("://").is_some_and(|(_, rest)| rest.as_bytes() == host.as_bytes())
}
