//! Answers that programs keep: under an ETag of their bytes, and refusals told as programs read them.

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use songhan_app::Problem;
use songhan_base::Internal;

/// The name of some bytes.
pub struct Held(String);

impl Held {
    /// FNV-1a tells one version from another; nothing secret hangs on it.
    pub fn of(bytes: &[u8]) -> Self {
        let hash = bytes
            .iter()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3));
        Self(format!("\"{hash:016x}\""))
    }

    /// The bytes, or that the caller holds them already.
    pub fn answer(
        &self,
        headers: &HeaderMap,
        kind: &'static str,
        bytes: Bytes,
        public: bool,
    ) -> Result<Response, Problem> {
        let mut answer = if is_held(headers, &self.0) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            ([(header::CONTENT_TYPE, kind)], bytes).into_response()
        };
        let said = answer.headers_mut();
        said.insert(header::ETAG, HeaderValue::from_str(&self.0).map_err(Internal::new)?);
        said.insert(header::CACHE_CONTROL, keeping(public));
        if !public {
            said.insert(header::VARY, HeaderValue::from_static("accept-language, cookie, authorization"));
        }
        Ok(answer)
    }
}

pub fn keeping(public: bool) -> HeaderValue {
    HeaderValue::from_static(if public { "public, no-cache" } else { "private, no-cache" })
}

/// Whether the caller holds this already (`If-None-Match`, compared weakly).
pub fn is_held(headers: &HeaderMap, etag: &str) -> bool {
    let sent = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut tags = sent.flat_map(|value| value.split(',')).map(str::trim).take(100);
    tags.any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag)
}

/// Map programs ask here, and seldom say which type they like: a refusal is a page only for who asked for pages.
pub fn told(headers: &HeaderMap, result: Result<Response, Problem>) -> Response {
    result.unwrap_or_else(|problem| {
        let mut response = problem.into_response();
        let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !accepts.contains("text/html") {
            response.extensions_mut().remove::<Problem>();
        }
        response
    })
}
