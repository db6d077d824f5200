//! The guard of a route: who may pass, and whether a browser's request was meant.

use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::{Access, Cx, Problem};

pub async fn layer(access: Access, request: Request, next: Next) -> Response {
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
    next.run(request).await
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
