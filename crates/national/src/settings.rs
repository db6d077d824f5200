//! The section `[national]`: where the portal is, and by what account the city speaks to it. Without it nothing is sent.
//!
//! ```toml
//! [national]
//! url = "https://lgsp.example.vn"          # the adapter: the portal's own, or the city's service bus (LGSP)
//! login_path = "/mapi/login"
//! service_path = "/mapi/g"
//! unit_code = "000.00.00.H17"              # mã định danh of the city (madonvi)
//! username = "…"
//! password_file = "/etc/songhan/national.password"
//! headers = { dstcode = "VN:GOV:…" }       # what a service bus wants beside
//! ```

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use songhan_app::{App, Config};
use songhan_base::Internal;

const SECTION: &str = "national";
/// The password of the demonstration: everyone knows it, so it is refused elsewhere.
const DEMO_SECRET: &str = "mo-phong-khong-gui-that";

/// How the portal is reached.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    pub url: String,
    pub login_path: String,
    pub service_path: String,
    pub unit_code: String,
    pub username: String,
    password: Option<String>,
    password_file: Option<PathBuf>,
    /// Sent with each call.
    pub headers: BTreeMap<String, String>,
    /// How long changes of a dossier are gathered before it is sent.
    pub gather_s: u64,
    /// For how many days it is kept what was sent and heard.
    pub keep_days: u64,
    /// Whether the portal is asked what it knows of dossiers.
    pub hears: bool,
    /// The portal's service that lists progress since a time. Its name was not compared with the portal's own document.
    pub progress_service: String,
    pub codes: Answers,
}

/// What the portal's answer codes mean. All others are refusals.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Answers {
    pub accepted: Vec<String>,
    /// The session has ended: log in again.
    pub expired: Vec<String>,
    /// Trouble on the portal's side: try again later.
    pub trouble: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            url: String::new(),
            login_path: "/mapi/login".into(),
            service_path: "/mapi/g".into(),
            unit_code: String::new(),
            username: String::new(),
            password: None,
            password_file: None,
            headers: BTreeMap::new(),
            gather_s: 5,
            keep_days: 365,
            hears: true,
            progress_service: "LayDanhSachTienDoHoSo".into(),
            codes: Answers::default(),
        }
    }
}

impl Default for Answers {
    fn default() -> Self {
        let codes = |list: &[&str]| list.iter().map(|&code| code.to_owned()).collect();
        Self { accepted: codes(&["0", "00"]), expired: codes(&["401", "-401"]), trouble: codes(&["-1", "500", "503"]) }
    }
}

/// What this process was configured with.
struct Known(Option<Settings>);

impl Settings {
    /// `None` where the portal is not configured. The start looks at the section, so a broken one is met in tests alone.
    pub fn of(app: &App) -> Option<Arc<Self>> {
        let known = app.memory.get_or(|| {
            Known(Self::read(&app.config).unwrap_or_else(|error| {
                tracing::error!(error, "the national portal is left out");
                None
            }))
        });
        known.0.as_ref().map(|settings| Arc::new(settings.clone()))
    }

    fn read(config: &Config) -> Result<Option<Self>, String> {
        if config.sections.get(SECTION).is_none_or(serde_json::Value::is_null) {
            return Ok(None);
        }
        let settings: Self = config.section(SECTION)?;
        let wrong = |what: String| Err(format!("configuration section [{SECTION}]: {what}"));
        if !settings.url.starts_with("https://") && !settings.url.starts_with("http://") {
            return wrong("`url` is the address of the portal's adapter and begins with https://".to_owned());
        }
        for (name, value) in [("unit_code", &settings.unit_code), ("username", &settings.username)] {
            if value.is_empty() {
                return wrong(format!("`{name}` is missing"));
            }
        }
        for (name, value) in [("login_path", &settings.login_path), ("service_path", &settings.service_path)] {
            if !value.starts_with('/') {
                return wrong(format!("`{name}` begins with a slash"));
            }
        }
        if settings.password.is_some() == settings.password_file.is_some() {
            return wrong("set password_file (or password), one of the two".to_owned());
        }
        if settings.gather_s > 3600 || !(1..=3650).contains(&settings.keep_days) {
            return wrong("gather_s is 0 to 3600, keep_days 1 to 3650".to_owned());
        }
        if let Err(error) = headers(&settings) {
            return wrong(error);
        }
        Ok(Some(settings))
    }

    /// Whether it is the demonstration's stand-in that is spoken to.
    pub fn is_stand_in(&self) -> bool {
        self.password.as_deref() == Some(DEMO_SECRET)
    }

    pub fn login_url(&self) -> String {
        format!("{}{}", self.url.trim_end_matches('/'), self.login_path)
    }

    pub fn service_url(&self) -> String {
        format!("{}{}", self.url.trim_end_matches('/'), self.service_path)
    }

    pub const fn gather(&self) -> Duration {
        Duration::from_secs(self.gather_s)
    }

    /// Read each time: a new password in the file counts at once.
    pub async fn password(&self, app: &App) -> Result<String, Internal> {
        let text = match (&self.password, &self.password_file) {
            (Some(value), _) => value.clone(),
            (None, Some(path)) => tokio::fs::read_to_string(path).await.map_err(|error| {
                Internal::new(format!("configuration section [{SECTION}]: cannot read {}: {error}", path.display()))
            })?,
            (None, None) => String::new(),
        };
        let text = text.trim().to_owned();
        if !app.config.demo && text == DEMO_SECRET {
            let told = format!("configuration section [{SECTION}]: this password is the demonstration's");
            return Err(Internal::new(told));
        }
        Ok(text)
    }
}

/// The headers that are sent with each call.
pub fn headers(settings: &Settings) -> Result<axum::http::HeaderMap, String> {
    let pair = |(name, value): (&String, &String)| {
        let wrong = || format!("`headers`: {name:?} is no header, or its value none");
        let name: axum::http::HeaderName = name.parse().map_err(|_| wrong())?;
        Ok((name, value.parse().map_err(|_| wrong())?))
    };
    settings.headers.iter().map(pair).collect()
}

/// Looks at the section, for the start.
pub fn check(config: &Config) -> Result<(), String> {
    Settings::read(config).map(drop)
}

/// What a demonstration is configured with: the stand-in at `sandbox` (an origin), with a password that everyone knows.
pub fn demo_sections(sandbox: &str) -> [(String, serde_json::Value); 1] {
    let section = serde_json::json!({
        "url": format!("{sandbox}/national"), "unit_code": "000.00.00.H17", "username": "MOPHONG1",
        "password": DEMO_SECRET,
    });
    [(SECTION.to_owned(), section)]
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(section: Value) -> Result<Option<Settings>, String> {
        let (data, public_url) = (PathBuf::new(), String::new());
        let sections = json!({ "national": section });
        Settings::read(&Config { data, public_url, demo: false, trusted_proxies: Vec::new(), sections })
    }

    #[test]
    fn mistakes_are_told_with_the_remedy() {
        assert!(read(Value::Null).unwrap().is_none());
        let [(_, demo)] = demo_sections("http://127.0.0.1:1");
        let settings = read(demo.clone()).unwrap().unwrap();
        assert_eq!(settings.login_url(), "http://127.0.0.1:1/national/mapi/login");
        let with = |name: &str, value: Value| {
            let mut section = demo.clone();
            section[name] = value;
            read(section).unwrap_err()
        };
        for (name, value, expected) in [
            ("url", json!("portal.example"), "begins with https://"),
            ("unit_code", json!(""), "`unit_code` is missing"),
            ("service_path", json!("mapi"), "begins with a slash"),
            ("password_file", json!("/etc/x"), "one of the two"),
            ("gather_s", json!(100_000), "0 to 3600"),
            ("headers", json!({ "a b": "c" }), "is no header"),
            ("link", json!("x"), "unknown field `link`"),
        ] {
            let error = with(name, value);
            assert!(error.contains(expected), "{error}");
        }
    }
}
