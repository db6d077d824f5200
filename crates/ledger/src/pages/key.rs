//! The key of a charge's secret link: taken out of the address at once and kept by the browser for this charge alone,
//! so that it ends neither in a history, nor in a referrer, nor at the gateway.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use songhan_app::{Cx, redirect};
use songhan_base::Id;

const NAME: &str = "songhan_pay";

/// The key that this browser was given for the charge (the cookie's path is the charge's own).
pub fn kept(headers: &HeaderMap) -> Option<String> {
    CookieJar::from_headers(headers).get(NAME).map(|cookie| cookie.value().to_owned())
}

/// Gives the browser the key, and leads it to the page without.
pub fn keep(cx: &Cx, charge: Id, key: &str) -> Response {
    let path = format!("/pay/{charge}");
    let cookie = Cookie::build((NAME, key))
        .path(path.clone())
        .http_only(true)
        // Lax: it must come along when the gateway leads the browser back.
        .same_site(SameSite::Lax)
        .secure(cx.config.is_https())
        .build();
    let mut response = redirect(&format!("{path}?lang={}", cx.lang));
    if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}
