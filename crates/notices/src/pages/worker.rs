//! `/sw.js`: the service worker, which shows notices while no page is open. It stands at the root, since a worker rules
//! only what lies below it.

use axum::http::header;
use axum::response::IntoResponse;

const SCRIPT: &str = include_str!("../../static/sw.js");

pub async fn script() -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        // Browsers ask again now and then; a new one counts at once.
        (header::CACHE_CONTROL, "no-cache"),
        // Nothing but calls to our own server.
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; connect-src 'self'"),
    ];
    (headers, SCRIPT)
}
