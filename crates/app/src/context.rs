//! The first layer that knows the system: makes each request's [`Cx`], and turns problems into pages for people.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use songhan_base::{Actor, Lang};

use crate::{App, Credentials, Cx, Problem};

/// Cookie of the session; its value is the session's secret.
pub const SESSION: &str = "songhan_session";
/// Cookie of the chosen language.
pub const LANG: &str = "songhan_lang";
/// Cookie that a form's hidden field must equal.
pub const CSRF: &str = "songhan_csrf";

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The address a request came from, behind trusted proxies.
#[derive(Clone, Copy, Debug)]
pub struct Client(pub IpAddr);

pub async fn layer(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let id = app.env.id();
    let jar = CookieJar::from_headers(request.headers());
    let lang = language(&jar, &request);
    let (csrf, fresh) = match jar.get(CSRF).map(Cookie::value).filter(|v| v.len() == 32) {
        Some(value) => (Arc::from(value), false),
        None => (Arc::from(app.env.secret::<24>()), true),
    };
    let path = request.uri().path_and_query().map_or("/", |pq| pq.as_str());
    let mut cx = Cx {
        app: app.clone(),
        actor: Actor::Anonymous,
        lang,
        request: Some(id),
        key: None,
        csrf,
        path: Arc::from(path),
    };
    let credentials = credentials(request.headers(), &jar);
    let nul = path.contains("%00").then(|| Problem::bad_request("the address holds the character NUL; leave it out"));
    let failed = match authenticate(&app, credentials.as_ref()).await {
        Ok(actor) => {
            cx.actor = actor;
            None
        }
        Err(problem) => Some(problem),
    };
    let client = Client(client_address(&app, &request));
    request.extensions_mut().insert(client);
    request.extensions_mut().insert(cx.clone());
    let for_people = wants_page(&request);
    let mut response = match nul.or(failed) {
        Some(problem) => problem.into_response(),
        None => next.run(request).await,
    };
    if for_people && let Some(problem) = response.extensions_mut().remove::<Problem>() {
        response = error_page(&cx, &problem).await;
    }
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        headers.insert(REQUEST_ID.clone(), value);
    }
    if fresh && for_people {
        let cookie = Cookie::build((CSRF, cx.csrf.to_string()))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(app.config.is_https())
            .build();
        if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
            headers.append(header::SET_COOKIE, value);
        }
    }
    response
}

async fn authenticate(app: &App, credentials: Option<&Credentials>) -> Result<Actor, Problem> {
    let Some(credentials) = credentials else { return Ok(Actor::Anonymous) };
    let Some(authenticator) = app.modules.iter().find_map(|m| m.authenticator.as_ref()) else {
        return Ok(Actor::Anonymous);
    };
    match authenticator.authenticate(app, credentials).await? {
        Some(person) => Ok(Actor::Person(person)),
        // A stale cookie is nobody; a stale token is told so, since a program must renew it.
        None if matches!(credentials, Credentials::Cookie(_)) => Ok(Actor::Anonymous),
        None => Err(Problem::unauthorized()),
    }
}

fn credentials(headers: &HeaderMap, jar: &CookieJar) -> Option<Credentials> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let token = value.to_str().ok()?;
        let (scheme, token) = token.split_once(' ')?;
        return scheme.eq_ignore_ascii_case("bearer").then(|| Credentials::Bearer(token.trim().to_owned()));
    }
    jar.get(SESSION).map(|cookie| Credentials::Cookie(cookie.value().to_owned()))
}

/// `?lang=` wins over the cookie, the cookie over the browser.
fn language(jar: &CookieJar, request: &Request) -> Lang {
    let query = request.uri().query().unwrap_or("");
    let asked = query.split('&').find_map(|pair| pair.strip_prefix("lang=")).and_then(Lang::from_tag);
    asked.or_else(|| jar.get(LANG).and_then(|c| Lang::from_tag(c.value()))).unwrap_or_else(|| {
        let accept = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
        accept.map_or(Lang::Vi, Lang::negotiate)
    })
}

fn client_address(app: &App, request: &Request) -> IpAddr {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::from([127, 0, 0, 1]), |c| c.0.ip());
    if !app.config.trusted_proxies.contains(&peer) {
        return peer;
    }
    let forwarded = request.headers().get("x-forwarded-for").and_then(|v| v.to_str().ok()).unwrap_or("");
    // From the right: the first address that is no proxy of ours.
    forwarded
        .rsplit(',')
        .filter_map(|part| part.trim().parse().ok())
        .find(|ip| !app.config.trusted_proxies.contains(ip))
        .unwrap_or(peer)
}

/// Machine paths answer problems as JSON, everything else as pages; but not to a program, which carries a token or asks
/// for JSON, and which a page of sign-in would send around in a circle.
fn wants_page(request: &Request) -> bool {
    let accept = request.headers().get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or("");
    if request.headers().contains_key(header::AUTHORIZATION) || (accept.contains("json") && !accept.contains("html")) {
        return false;
    }
    let path = request.uri().path();
    !(path.starts_with("/api/") || path.starts_with("/static/") || matches!(path, "/healthz" | "/metrics"))
}

async fn error_page(cx: &Cx, problem: &Problem) -> Response {
    if problem.status().as_u16() == 401 {
        let next = percent_encoding::utf8_percent_encode(&cx.path, percent_encoding::NON_ALPHANUMERIC);
        return crate::redirect(&format!("/sign-in?next={next}"));
    }
    let mut frame = cx.frame("").await;
    frame.request_id = cx.request.map(|id| id.to_string()).unwrap_or_default();
    let detail = (problem.status().is_client_error() && cx.lang == Lang::En && problem.code() != "not_found")
        .then(|| problem.detail().to_owned());
    let body = cx.renderer.error(&frame, problem.status().as_u16(), detail.as_deref());
    (problem.status(), Html(body)).into_response()
}
