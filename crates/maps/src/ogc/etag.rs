//! ETags of features: the import and the version, so that a client changes what it has seen; and the reference system,
//! since the same version has other bytes in another one.

use axum::http::{HeaderMap, HeaderName, header};

use super::system::System;

pub fn of(base: i64, version: i64, system: System) -> String {
    match system.0.code().filter(|_| system != System::DEFAULT) {
        Some(code) => format!("\"{base}.{version}.{code}\""),
        None => format!("\"{base}.{version}\""),
    }
}

/// What `If-Match` asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match {
    /// Nothing, or whatever is there.
    Any,
    /// One of these versions of that import; weak tags and those of others are none.
    Versions(Vec<(i64, i64)>),
}

impl Match {
    pub fn read(headers: &HeaderMap) -> Self {
        let tags = tags(headers, &header::IF_MATCH);
        if !headers.contains_key(header::IF_MATCH) || tags.iter().any(|tag| tag == "*") {
            return Self::Any;
        }
        Self::Versions(tags.iter().filter_map(|tag| version(tag)).collect())
    }

    /// The version that must be the last one: of several that would do, the one that is; one that never is, where none
    /// would.
    pub fn seen(&self, base: i64, last: Option<i64>) -> Option<i64> {
        let Self::Versions(versions) = self else { return None };
        let mut ours = versions.iter().filter(|(of, _)| *of == base).map(|(_, version)| *version);
        Some(ours.find(|version| Some(*version) == last).unwrap_or(-1))
    }
}

/// Whether the client holds this already (`If-None-Match`, compared weakly).
pub fn is_held(headers: &HeaderMap, etag: &str) -> bool {
    tags(headers, &header::IF_NONE_MATCH).iter().any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag)
}

fn tags(headers: &HeaderMap, name: &HeaderName) -> Vec<String> {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(|tag| tag.trim().to_owned()).take(100).collect()
}

fn version(tag: &str) -> Option<(i64, i64)> {
    // Proxies that pack bodies mark the tags of what they packed.
    let inner = tag.strip_prefix('"')?.strip_suffix('"')?.trim_end_matches("-gzip");
    let mut parts = inner.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    #[test]
    fn what_was_seen_is_what_must_be_there() {
        let vn = System::read("crs", Some("EPSG:5899")).unwrap();
        assert_eq!((of(3, 2, System::DEFAULT), of(3, 2, vn)), ("\"3.2\"".to_owned(), "\"3.2.5899\"".to_owned()));
        let seen = |value: &str| Match::read(&headers(header::IF_MATCH, value)).seen(3, Some(2));
        assert_eq!(Match::read(&HeaderMap::new()).seen(3, Some(2)), None);
        for (value, version) in [
            ("*", None),
            ("\"3.2\"", Some(2)),
            ("\"3.1\", \"3.2.5899\"", Some(2)),
            ("\"3.1\"", Some(-1)),
            ("\"2.2\"", Some(-1)),
            ("W/\"3.2\"", Some(-1)),
            ("nonsense", Some(-1)),
            ("", Some(-1)),
        ] {
            assert_eq!(seen(value), version, "{value}");
        }
        assert!(is_held(&headers(header::IF_NONE_MATCH, "\"1.1\", W/\"3.2\""), "\"3.2\""));
        assert!(!is_held(&HeaderMap::new(), "\"3.2\""));
    }
}
