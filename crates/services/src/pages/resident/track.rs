//! The tracking box: a code typed from a receipt leads to the page of its dossier.

use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use songhan_app::{Cx, PageSpec, Problem, Query, redirect};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    code: String,
}

/// Codes are letters, digits, dots and hyphens; whatever else was copied along is dropped.
fn cleaned(code: &str) -> String {
    let plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    code.chars().filter(plain).take(60).collect::<String>().to_uppercase()
}

pub async fn show(cx: Cx, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let code = cleaned(&asked.code);
    if code.is_empty() { page(&cx, &code, StatusCode::OK).await } else { Ok(redirect(&format!("/track/{code}"))) }
}

/// The box again, for a code that is none.
pub async fn not_found(cx: &Cx, code: &str) -> Result<Response, Problem> {
    page(cx, &cleaned(code), StatusCode::NOT_FOUND).await
}

async fn page(cx: &Cx, code: &str, status: StatusCode) -> Result<Response, Problem> {
    let spec = PageSpec::titled(cx.t("services-track-title")).crumb("/", cx.t("home")).status(status);
    cx.page("services/track-box.html", spec, serde_json::json!({ "code": code })).await
}
