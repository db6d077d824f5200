//! The guard of a route: who may pass, whether a browser's request was meant, and whether its body is too large to read.

use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

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
        return Problem::too_large(body_limit).into_response();
    }
    next.run(request).await
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
