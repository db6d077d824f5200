//! Phiên đăng nhập: a session is known by a random secret, of which only the hash is kept.

use axum::http::HeaderValue;
use axum_extra::extract::cookie::{Cookie, SameSite};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use songhan_app::{Cx, SESSION};
use songhan_base::Env;

use crate::settings::Settings;

/// Who holds the secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SessionKind {
    /// A browser, in a cookie. Ends when it is not used for some hours.
    Browser,
    /// A program that signed in through the API.
    Program,
    /// A token made on the command line, for a role.
    Service,
}

impl SessionKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Browser => "browser",
            Self::Program => "program",
            Self::Service => "service",
        }
    }

    pub fn read(text: &str) -> Self {
        match text {
            "program" => Self::Program,
            "service" => Self::Service,
            _ => Self::Browser,
        }
    }
}

/// All secrets begin so: whoever finds one in a file or a log knows what leaked.
const PREFIX: &str = "shn_";

/// A new secret, 256 random bits.
pub fn new_secret(env: &Env) -> String {
    format!("{PREFIX}{}", env.secret::<32>())
}

/// What is kept of a secret; `None` when it cannot be one of ours, which spares a query.
pub fn secret_hash(secret: &str) -> Option<String> {
    let fits = secret.len() == PREFIX.len() + 43 && secret.starts_with(PREFIX);
    fits.then(|| data_encoding::HEXLOWER.encode(&Sha256::digest(secret)))
}

/// When a session of this kind that began at `created` and is used now ends.
pub fn expiry(settings: &Settings, kind: SessionKind, created: Timestamp, now: Timestamp) -> Timestamp {
    let hours = |n: u32| SignedDuration::from_hours(i64::from(n));
    let add = |at: Timestamp, by| at.checked_add(by).unwrap_or(Timestamp::MAX);
    match kind {
        SessionKind::Browser => add(now, hours(settings.session_idle_hours))
            .min(add(created, hours(settings.session_days_max.saturating_mul(24)))),
        SessionKind::Program | SessionKind::Service => add(created, hours(settings.token_days.saturating_mul(24))),
    }
}

/// The browser's cookie with a session's secret; `None` takes it away.
pub fn cookie(cx: &Cx, secret: Option<&str>) -> HeaderValue {
    private_cookie(cx, SESSION, "/", secret)
}

/// A cookie that scripts cannot read and other sites cannot send. It ends with the browser: the server knows better
/// when the session ends.
pub fn private_cookie(cx: &Cx, name: &'static str, path: &'static str, value: Option<&str>) -> HeaderValue {
    let mut cookie = Cookie::build((name, value.unwrap_or_default().to_owned()))
        .path(path)
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(cx.config.is_https())
        .build();
    if value.is_none() {
        cookie.make_removal();
    }
    HeaderValue::from_str(&cookie.to_string()).unwrap_or(HeaderValue::from_static(""))
}

/// The browser and system of a User-Agent, for people: `Firefox, Android`. Programs show their first word.
pub fn device(agent: &str) -> String {
    let pick =
        |names: &[(&str, &'static str)]| names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    let browser = pick(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("coc_coc_browser", "Cốc Cốc"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS", "Firefox"),
        ("CriOS", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = pick(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(browser), None) => browser.to_owned(),
        _ => agent.chars().take_while(char::is_ascii_graphic).take(60).collect(),
    }
}

#[cfg(test)]
mod tests {
    use songhan_base::HeldClock;

    use super::*;

    #[test]
    fn secrets_are_long_and_known_by_their_hash() {
        let env = Env::held(HeldClock::at(Timestamp::UNIX_EPOCH), 1);
        let (one, two) = (new_secret(&env), new_secret(&env));
        assert!(one != two && secret_hash(&one).is_some() && secret_hash(&one) != secret_hash(&two));
        assert_eq!(secret_hash("shn_short"), None);
        assert_eq!(secret_hash(""), None);
    }

    #[test]
    fn browsers_end_when_idle_and_at_last() {
        let settings = Settings::default();
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let created = at("2026-11-20T00:00:00Z");
        let expiry = |now: &str| expiry(&settings, SessionKind::Browser, created, at(now));
        assert_eq!(expiry("2026-11-20T01:00:00Z"), at("2026-11-20T13:00:00Z"));
        assert_eq!(expiry("2026-11-26T23:00:00Z"), at("2026-11-27T00:00:00Z"));
    }

    #[test]
    fn devices_in_words() {
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
        assert_eq!(device(firefox), "Firefox, Linux");
        let phone =
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Mobile Safari/537.36";
        assert_eq!(device(phone), "Chrome, Android");
        assert_eq!(device("curl/8.16.0"), "curl/8.16.0");
        assert_eq!(device(""), "");
    }
}
