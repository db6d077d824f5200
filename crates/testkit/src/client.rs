//! A client of the router in a test: a browser with cookies, or a program with a token.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

use crate::TestCity;

/// Sends requests to the router without a network.
#[derive(Clone)]
pub struct Client {
    city: TestCity,
    token: Option<String>,
    cookies: BTreeMap<String, String>,
    headers: Vec<(String, String)>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Client {
    pub(crate) fn new(city: TestCity, token: Option<String>) -> Self {
        Self { city, token, cookies: BTreeMap::new(), headers: Vec::new() }
    }

    /// The same client with a header on every request.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same client asking in English.
    #[must_use]
    pub fn english(self) -> Self {
        self.with("accept-language", "en")
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, None, Vec::new()).await
    }

    pub async fn delete(&mut self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None, Vec::new()).await
    }

    /// A JSON body by bearer token.
    pub async fn post(&mut self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, Some("application/json"), body.to_string().into_bytes()).await
    }

    /// A JSON body with an idempotency key.
    pub async fn post_once(&mut self, path: &str, key: &str, body: &Value) -> Answer {
        let headers = self.headers.clone();
        self.headers.push(("idempotency-key".into(), key.into()));
        let answer = self.post(path, body).await;
        self.headers = headers;
        answer
    }

    /// A page's form: the CSRF field is filled in as the page would have.
    pub async fn submit(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        if !self.cookies.contains_key("songhan_csrf") {
            self.get("/sign-in").await;
        }
        let csrf = self.cookies.get("songhan_csrf").cloned().unwrap_or_default();
        let mut pairs: Vec<(&str, &str)> = vec![("csrf", &csrf)];
        pairs.extend_from_slice(fields);
        let encode = |s: &str| {
            let mut out = String::new();
            for b in s.bytes() {
                if b.is_ascii_alphanumeric() { out.push(b as char) } else { out += &format!("%{b:02X}") }
            }
            out
        };
        let body: Vec<String> = pairs.iter().map(|(k, v)| format!("{}={}", encode(k), encode(v))).collect();
        self.send(Method::POST, path, Some("application/x-www-form-urlencoded"), body.join("&").into_bytes()).await
    }

    /// The CSRF token of this browser, for multipart forms.
    pub async fn csrf(&mut self) -> String {
        if !self.cookies.contains_key("songhan_csrf") {
            self.get("/sign-in").await;
        }
        self.cookies.get("songhan_csrf").cloned().unwrap_or_default()
    }

    /// Any request.
    pub async fn send(&mut self, method: Method, path: &str, content_type: Option<&str>, body: Vec<u8>) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "city.test");
        let machine = path.starts_with("/api/");
        let mut cookies = self.cookies.clone();
        match &self.token {
            Some(token) if machine => request = request.header(header::AUTHORIZATION, format!("Bearer {token}")),
            Some(token) => {
                cookies.insert(songhan_app::SESSION.into(), token.clone());
            }
            None => {}
        }
        if !cookies.is_empty() {
            let line: Vec<String> = cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
            request = request.header(header::COOKIE, line.join("; "));
        }
        if let Some(kind) = content_type {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let request = request.body(Body::from(body)).expect("a request");
        let response = self.city.router.clone().oneshot(request).await.expect("the router answers");
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().unwrap_or("").split(';').next().unwrap_or("");
            if let Some((name, value)) = pair.split_once('=') {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a body").to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {} {}", self.status, self.text()))
    }

    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|v| v.to_str().ok()).unwrap_or("")
    }

    /// The answer when it has this status; else the test fails and shows the body.
    #[track_caller]
    #[allow(clippy::return_self_not_must_use)] // most tests want the check alone
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }
}
