//! ETags of features: the import and the version, so that a client changes what it has seen; and the reference system,
//! since the same version has other bytes in another one.

use axum::http::{HeaderMap, HeaderName, header};

use super::system::System;
use crate::edit::Seen;

pub fn of(base: i64, version: i64, system: System) -> String {
    match system.0.code().filter(|_| system != System::DEFAULT) {
        Some(code) => format!("\"{base}.{version}.{code}\""),
        None => format!("\"{base}.{version}\""),
    }
}

/// What `If-Match` says that its sender has seen, if it says anything; weak tags and those of others are of no version.
/// `*` wants any version to be there: of a feature that is not, the answer is 404 with and without it (RFC 9110 13.2.1: a
/// precondition counts only where the answer without it would be a 2xx or 412).
pub fn seen(headers: &HeaderMap) -> Option<Seen> {
    let tags = tags(headers, &header::IF_MATCH);
    if !headers.contains_key(header::IF_MATCH) || tags.iter().any(|tag| tag == "*") {
        return None;
    }
    Some(Seen(tags.iter().filter_map(|tag| version(tag)).collect()))
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
        assert_eq!(seen(&HeaderMap::new()), None);
        for (value, admitted) in [
            ("*", true),
            ("\"3.2\"", true),
            ("\"3.1\", \"3.2.5899\"", true),
            ("\"3.1\"", false),
            ("\"2.2\"", false),
            ("W/\"3.2\"", false),
            ("nonsense", false),
            ("", false),
        ] {
            let seen = seen(&headers(header::IF_MATCH, value));
            assert_eq!(seen.is_none_or(|seen| seen.is(3, 2)), admitted, "{value}");
        }
        assert!(is_held(&headers(header::IF_NONE_MATCH, "\"1.1\", W/\"3.2\""), "\"3.2\""));
        assert!(!is_held(&HeaderMap::new(), "\"3.2\""));
    }
}
