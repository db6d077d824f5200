//! What went wrong, told to programs as RFC 9457 and to people as an error page.

use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::{HeaderValue, StatusCode, header, request::Parts};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use songhan_base::{FieldError, Internal};

use crate::App;

/// A refusal or a failure (RFC 9457, `application/problem+json`).
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({"type": "about:blank", "title": "Unprocessable Content", "status": 422, "code": "answers_invalid",
    "detail": "the answers do not fit the form; correct the fields named", "errors": [{"field": "copies", "code": "minimum", "message": "at least 1"}]}))]
pub struct Problem {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    /// A stable word for programs.
    code: &'static str,
    /// What was attempted and what to do.
    detail: String,
    /// The fields at fault.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<FieldProblem>)]
    errors: Vec<FieldError>,
    /// For `Retry-After`.
    #[serde(skip)]
    retry_after_s: Option<u64>,
}

/// One field at fault.
#[derive(Serialize, utoipa::ToSchema)]
pub struct FieldProblem {
    field: String,
    code: String,
    message: String,
}

impl Problem {
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            code,
            detail: detail.into(),
            errors: Vec::new(),
            retry_after_s: None,
        }
    }

    /// 400: the request cannot be read.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", detail)
    }

    /// 401: sign in first.
    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "sign_in", "this needs an account; sign in and try again")
    }

    /// 403: signed in, but it is not theirs to do.
    pub fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", "your account may not do this; ask an administrator for the role")
    }

    /// 404. Also for what exists and is someone else's: whether it exists is not told.
    pub fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", format!("there is no such {what}, or it is not yours to see"))
    }

    /// 409: the state of things does not allow it.
    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, detail)
    }

    /// 413: the body is larger than the route takes.
    pub fn too_large(limit: usize) -> Self {
        let told = format!("the body is larger than {limit} bytes; send less");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", told)
    }

    /// 422: readable, but wrong; `errors` names the fields.
    pub fn invalid(code: &'static str, detail: impl Into<String>, errors: Vec<FieldError>) -> Self {
        Self { errors, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail) }
    }

    /// 429: too many at once or from one place; the answer says when to come back.
    pub fn too_many(detail: impl Into<String>, retry_after: std::time::Duration) -> Self {
        let problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many", detail);
        Self { retry_after_s: Some(retry_after.as_secs_f64().ceil().max(1.0) as u64), ..problem }
    }

    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    pub const fn code(&self) -> &'static str {
        self.code
    }

    pub fn detail(&self) -> &str {
        &self.detail
    }

    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }
}

impl From<Internal> for Problem {
    fn from(error: Internal) -> Self {
        tracing::error!(%error, "an operation failed");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "something failed on our side and nothing was changed; try again, and tell us the request id if it stays",
        )
    }
}

/// An operation's rejection, told as a problem. Each rejection enum implements it once.
pub trait IntoProblem {
    fn into_problem(self) -> Problem;
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (self.status(), body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self.status == 401 {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        // The page layer turns it into an error page where a person asked.
        response.extensions_mut().insert(self);
        response
    }
}

/// A JSON body; what does not fit is refused with the field's path.
pub struct ApiJson<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for ApiJson<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let bytes = axum::body::Bytes::from_request(Request::from_parts(parts.clone(), body), state)
            .await
            .map_err(|error| Problem::new(error.status(), "body_unreadable", error.body_text()))?;
        // No text of ours holds a NUL, and PostgreSQL keeps none.
        if bytes.windows(6).any(|escape| escape == b"\\u0000") {
            let told = "the body holds the character NUL; leave it out";
            return Err(Problem::invalid("body_invalid", told, Vec::new()));
        }
        let request = Request::from_parts(parts, axum::body::Body::from(bytes));
        match axum::Json::<T>::from_request(request, state).await {
            Ok(axum::Json(value)) => Ok(Self(value)),
            Err(JsonRejection::JsonDataError(error)) => Err(Problem::invalid(
                "body_invalid",
                format!("the body does not fit: {}", error.body_text()),
                Vec::new(),
            )),
            Err(error) => Err(Problem::new(error.status(), "body_unreadable", error.body_text())),
        }
    }
}

/// A query string; what does not fit is refused with the reason.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &App) -> Result<Self, Problem> {
        axum::extract::Query::<T>::from_request_parts(parts, state)
            .await
            .map(|axum::extract::Query(value)| Self(value))
            .map_err(|error: QueryRejection| {
                Problem::bad_request(format!("the query string does not fit: {}", error.body_text()))
            })
    }
}

/// Parts of the path; what does not fit is not there.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &App) -> Result<Self, Problem> {
        axum::extract::Path::<T>::from_request_parts(parts, state)
            .await
            .map(|axum::extract::Path(value)| Self(value))
            .map_err(|_: PathRejection| Problem::not_found("page"))
    }
}
