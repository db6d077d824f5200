//! The query of a page of the map. What cannot be read is told; a layer that is not there, or not theirs, is passed over.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use jiff::civil::Date;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use songhan_app::{App, Problem};

/// What stands in a query as it is.
const PLAIN: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b',').remove(b':').remove(b'/');

/// The query, name by name.
#[derive(Clone, Debug, Default)]
pub struct Asked(Vec<(String, String)>);

impl FromRequestParts<App> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Infallible> {
        Ok(Self::read(parts.uri.query().unwrap_or_default()))
    }
}

impl Asked {
    pub fn read(query: &str) -> Self {
        Self(serde_html_form::from_str(query).unwrap_or_default())
    }

    /// A value; empty where there is none.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }

    /// A list: written with commas, or by repeating the name as boxes of a form do. `None` where it is not named at all.
    pub fn list(&self, name: &str) -> Option<Vec<&str>> {
        let mut named = self.0.iter().filter(|(known, _)| known == name).peekable();
        named.peek()?;
        Some(named.flat_map(|(_, value)| value.split(',')).map(str::trim).filter(|one| !one.is_empty()).collect())
    }

    /// A day, as `2026-11-23`.
    pub fn day(&self, name: &str) -> Result<Option<Date>, Problem> {
        let text = self.get(name);
        if text.is_empty() {
            return Ok(None);
        }
        let day = text.parse::<Date>().ok().filter(|day| text.len() == 10 && (1900..=2200).contains(&day.year()));
        day.map(Some).ok_or_else(|| {
            let start: String = text.chars().take(40).collect();
            Problem::bad_request(format!("{name}={start} is no day; write it as 2026-11-23"))
        })
    }

    /// A number within bounds; what is none, or lies beyond, counts as not asked for.
    pub fn number(&self, name: &str, least: f64, most: f64) -> Option<f64> {
        self.get(name).parse().ok().filter(|number| (least..=most).contains(number))
    }

    /// `center=108.22,16.07`: longitude, latitude.
    pub fn center(&self) -> Option<[f64; 2]> {
        let (lon, lat) = self.get("center").split_once(',')?;
        let (lon, lat): (f64, f64) = (lon.trim().parse().ok()?, lat.trim().parse().ok()?);
        (lon.abs() <= 180.0 && lat.abs() <= 85.0).then_some([lon, lat])
    }
}

/// `?a=1&b=2` of what is not empty.
pub fn query(pairs: &[(&str, &str)]) -> String {
    let said: Vec<String> = pairs
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, PLAIN)))
        .collect();
    if said.is_empty() { String::new() } else { format!("?{}", said.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_in_both_writings() {
        let asked = Asked::read("layers=a,b&layers=c&q=%20c%C3%A2y+xanh");
        assert_eq!(asked.list("layers"), Some(vec!["a", "b", "c"]));
        assert_eq!((asked.list("other"), asked.get("q")), (None, "cây xanh"));
        assert_eq!(Asked::read("layers=").list("layers"), Some(vec![]));
    }

    #[test]
    fn days_places_and_numbers_are_bounded() {
        let asked = Asked::read("at=2026-11-23&and=2026-13-01&center=108.2,16&zoom=99&x=12&long=-9999-01-01");
        assert_eq!(asked.day("at").unwrap().map(|day| day.to_string()).as_deref(), Some("2026-11-23"));
        assert!(asked.day("and").is_err() && asked.day("long").is_err() && asked.day("none").unwrap().is_none());
        assert_eq!(asked.center(), Some([108.2, 16.0]));
        assert_eq!(Asked::read("center=108,200").center(), None);
        assert_eq!((asked.number("zoom", 0.0, 22.0), asked.number("x", 0.0, 22.0)), (None, Some(12.0)));
        assert_eq!(query(&[("a", "1,2"), ("b", ""), ("c", "á &")]), "?a=1,2&c=%C3%A1%20%26");
    }
}
