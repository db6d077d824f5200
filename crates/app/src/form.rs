//! Forms of pages: read with repeated fields, and refused when they do not come from a page of ours.

use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use serde::de::DeserializeOwned;
use subtle::ConstantTimeEq;

use crate::{App, Cx, Problem};

/// A posted form whose hidden field `csrf` equals the visitor's cookie.
pub struct PageForm<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for PageForm<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let cx = request.extensions().get::<Cx>().cloned();
        let bytes = axum::body::Bytes::from_request(request, app)
            .await
            .map_err(|error| Problem::new(error.status(), "body_unreadable", error.body_text()))?;
        let pairs: Vec<(String, String)> =
            serde_html_form::from_bytes(&bytes).map_err(|_| Problem::bad_request("the form cannot be read"))?;
        // No text of ours holds a NUL, and PostgreSQL keeps none.
        if pairs.iter().any(|(name, value)| name.contains('\0') || value.contains('\0')) {
            return Err(Problem::bad_request("the form holds the character NUL; leave it out"));
        }
        let token = pairs.iter().find(|(name, _)| name == "csrf").map_or("", |(_, value)| value.as_str());
        if !cx.is_some_and(|cx| csrf_matches(&cx, token)) {
            return Err(stale());
        }
        let value = serde_html_form::from_bytes(&bytes)
            .map_err(|error| Problem::bad_request(format!("the form does not fit: {error}")))?;
        Ok(Self(value))
    }
}

/// Whether a posted token is the visitor's own; multipart handlers call it themselves.
pub fn csrf_matches(cx: &Cx, token: &str) -> bool {
    !cx.csrf().is_empty() && bool::from(cx.csrf().as_bytes().ct_eq(token.as_bytes()))
}

/// The page was open too long, or the post came from elsewhere.
fn stale() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "form_stale",
        "this form did not come from a page of ours, or it is too old; open it again",
    )
}
