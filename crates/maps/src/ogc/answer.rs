//! What was asked and in which form it is answered: query parameters that are all known, JSON for programs, pages for
//! people.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use songhan_app::{App, Problem};

pub const JSON: &str = "application/json";
pub const GEOJSON: &str = "application/geo+json";
pub const SCHEMA: &str = "application/schema+json";
pub const HTML: &str = "text/html";

/// What stands in a query as it is.
const PLAIN: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b',').remove(b':').remove(b'/');

/// Every address knows these.
const ALWAYS: [&str; 2] = ["f", "lang"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Json,
    Html,
}

/// Headers and query of a request.
pub struct Asked {
    pub headers: HeaderMap,
    pairs: Vec<(String, String)>,
    /// The query is not UTF-8.
    unreadable: bool,
}

impl FromRequestParts<App> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Infallible> {
        Ok(Self::new(parts.headers.clone(), parts.uri.query().unwrap_or_default()))
    }
}

impl Asked {
    pub fn new(headers: HeaderMap, query: &str) -> Self {
        let mut unreadable = false;
        let mut decoded = |text: &str| {
            let text = text.replace('+', " ");
            let text = percent_decode_str(&text).decode_utf8();
            unreadable |= text.is_err();
            text.map(std::borrow::Cow::into_owned).unwrap_or_default()
        };
        let parts = query.split('&').filter(|part| !part.is_empty());
        let pairs = parts.map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            (decoded(name), decoded(value))
        });
        let pairs = pairs.collect();
        Self { headers, pairs, unreadable }
    }

    /// Refuses what is not known here, and what is said twice; `more` are names that the layer brings with it.
    pub fn check(&self, known: &[&str], more: &[&str]) -> Result<(), Problem> {
        if self.unreadable {
            return Err(Problem::bad_request("the query is not UTF-8; percent-encode it as UTF-8"));
        }
        for (at, (name, _)) in self.pairs.iter().enumerate() {
            let name = name.as_str();
            if !ALWAYS.contains(&name) && !known.contains(&name) && !more.contains(&name) {
                let all: Vec<&str> = known.iter().chain(&ALWAYS).chain(more).copied().collect();
                let told = format!("parameter {} is not known here; it knows {}", shortened(name), all.join(", "));
                return Err(Problem::bad_request(told));
            }
            if self.pairs[..at].iter().any(|(other, _)| other == name) {
                return Err(Problem::bad_request(format!("parameter {name} stands twice; give it once")));
            }
        }
        self.format().map(drop)
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The query with one parameter set anew, or taken out; begins with `?` unless it is empty.
    pub fn query_with(&self, name: &str, value: Option<&str>) -> String {
        self.query_changed(&[(name, value)])
    }

    /// The same with several.
    pub fn query_changed(&self, changes: &[(&str, Option<&str>)]) -> String {
        let own = self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let kept = own.filter(|(known, _)| changes.iter().all(|(name, _)| known != name));
        let set = changes.iter().filter_map(|(name, value)| Some((*name, (*value)?)));
        let pairs: Vec<String> =
            kept.chain(set).map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }

    pub fn format(&self) -> Result<Format, Problem> {
        match self.get("f") {
            None => Ok(accepted(&self.headers)),
            Some("json" | "geojson") => Ok(Format::Json),
            Some("html") => Ok(Format::Html),
            Some(other) => {
                Err(Problem::bad_request(format!("f={} is not offered; write json or html", shortened(other))))
            }
        }
    }

    /// A header's text; `None` too where it is none.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| std::str::from_utf8(value.as_bytes()).ok())
    }

    /// A refusal is a page only for who asked for pages: programs that name no type are not sent to sign in.
    pub fn answer(&self, result: Result<Response, Problem>) -> Response {
        result.unwrap_or_else(|problem| {
            let mut response = problem.into_response();
            if self.format().unwrap_or_else(|_| accepted(&self.headers)) == Format::Json {
                response.extensions_mut().remove::<Problem>();
            }
            response
        })
    }
}

pub fn encoded(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

/// As much of what was sent as an answer repeats.
pub fn shortened(text: &str) -> String {
    let mut start: String = text.chars().take(60).collect();
    if start.len() < text.len() {
        start.push('…');
    }
    start
}

/// Pages for whoever prefers them to JSON, which no program does; JSON for all others.
fn accepted(headers: &HeaderMap) -> Format {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let weight = |wanted: &dyn Fn(&str) -> bool| {
        let ranges = accept.split(',').filter_map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let kind = parts.next()?.to_ascii_lowercase();
            let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(Some(1.0), |q| q.parse::<f64>().ok())?;
            wanted(&kind).then_some(weight)
        });
        ranges.fold(0.0, f64::max)
    };
    let html = weight(&|kind| kind == HTML || kind == "application/xhtml+xml");
    let json = weight(&|kind| kind.ends_with("json") || kind == "application/*");
    if html > json { Format::Html } else { Format::Json }
}

/// A body with its type. What is for everyone may be kept and asked for anew, nothing else may.
pub fn body(kind: &'static str, bytes: Vec<u8>, public: bool) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::VARY, HeaderValue::from_static("accept, accept-language, cookie, authorization"));
    headers.insert(header::CACHE_CONTROL, keeping(public));
    response
}

pub fn keeping(public: bool) -> HeaderValue {
    HeaderValue::from_static(if public { "public, no-cache" } else { "private, no-cache" })
}

/// A JSON document.
pub fn json(kind: &'static str, document: &serde_json::Value) -> Response {
    body(kind, document.to_string().into_bytes(), false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(accept: &str, query: &str) -> Asked {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_str(accept).unwrap());
        Asked::new(headers, query)
    }

    #[test]
    fn browsers_get_pages_and_programs_json() {
        for (accept, f, format) in [
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "", Format::Html),
            ("application/geo+json, application/json", "", Format::Json),
            ("*/*", "", Format::Json),
            ("", "", Format::Json),
            ("text/html;q=0.5, application/json", "", Format::Json),
            ("text/html;q=zz", "", Format::Json),
            ("text/html", "f=json", Format::Json),
            ("*/*", "f=html", Format::Html),
        ] {
            assert_eq!(asked(accept, f).format().unwrap(), format, "{accept} {f}");
        }
        assert!(asked("*/*", "f=xml").format().is_err());
    }

    #[test]
    fn what_is_not_known_is_named_with_what_is() {
        let told = |query: &str| asked("*/*", query).check(&["limit"], &["species"]).unwrap_err().detail().to_owned();
        assert_eq!(told("count=1"), "parameter count is not known here; it knows limit, f, lang, species");
        assert!(told("limit=1&limit=2").contains("stands twice"));
        assert!(told("limit=%ff").contains("UTF-8"));
        assert!(told(&format!("{}=1", "ớ".repeat(5000))).len() < 400);
        assert!(asked("*/*", "limit=1&&species=B%C3%A0ng+v&f=json").check(&["limit"], &["species"]).is_ok());
    }

    #[test]
    fn a_query_is_written_as_it_was_read() {
        let asked = asked("*/*", "bbox=1,2,3,4&species=B%C3%A0ng+v%26&after=7");
        assert_eq!(asked.get("species"), Some("Bàng v&"));
        assert_eq!(asked.query_with("after", Some("9")), "?bbox=1,2,3,4&species=B%C3%A0ng%20v%26&after=9");
        assert_eq!(asked.query_with("bbox", None), "?species=B%C3%A0ng%20v%26&after=7");
    }
}
