//! What a change sends (part 4): a GeoJSON feature or a merge patch of one, in which reference system, and why.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use geo_types::Geometry;
use serde_json::{Map, Value};
use songhan_app::Problem;
use songhan_base::{FieldError, clean_line};

use super::answer::{Asked, GEOJSON, JSON, shortened};
use super::geojson;
use super::system::System;

const MERGE_PATCH: &str = "application/merge-patch+json";
/// Characters of a reason.
const REASON_MAX: usize = 500;
const REASON: &str = "OGC API";

/// What stands in a body; what is not named is not there.
pub struct Given {
    #[expect(clippy::option_option, reason = "not named, or named as none")]
    pub geometry: Option<Option<Geometry<f64>>>,
    pub properties: Option<Map<String, Value>>,
}

/// A body that is taken as it stands, or as changes to what is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    Whole,
    Patch,
}

/// Why it is changed: the query `reason`, else the header `Change-Reason`.
pub fn reason(asked: &Asked) -> Result<String, Problem> {
    let given = asked.get("reason").or_else(|| asked.header("change-reason")).map(clean_line).unwrap_or_default();
    if given.chars().count() > REASON_MAX {
        return Err(Problem::bad_request(format!("reason is longer than {REASON_MAX} characters; shorten it")));
    }
    Ok(if given.is_empty() { REASON.to_owned() } else { given })
}

pub fn read(asked: &Asked, body: Result<Bytes, BytesRejection>, meaning: Meaning) -> Result<Given, Problem> {
    let body = body.map_err(|error| Problem::new(error.status(), "body_unreadable", error.body_text()))?;
    let kind = asked.header("content-type").unwrap_or_default().split(';').next().unwrap_or_default().trim();
    let known: &[&str] = if meaning == Meaning::Patch { &[MERGE_PATCH, GEOJSON, JSON] } else { &[GEOJSON, JSON] };
    if !known.iter().any(|one| one.eq_ignore_ascii_case(kind)) {
        let told = format!("the body is {}; send {} and say so in Content-Type", named(kind), known.join(" or "));
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "body_type", told));
    }
    let system = System::read("Content-Crs", asked.header("content-crs"))?;
    let body: Value = serde_json::from_slice(&body)
        .map_err(|error| Problem::bad_request(format!("the body is not JSON: {error}; correct it")))?;
    let Value::Object(mut body) = body else { return Err(invalid("", "a feature is an object; write one")) };
    is_feature(&body, meaning)?;
    let geometry = match body.remove("geometry") {
        None if meaning == Meaning::Whole => {
            return Err(invalid("geometry", "the feature has no geometry; write null if it has no place"));
        }
        None => None,
        Some(value) => Some(geometry(&value, system)?),
    };
    let properties = match body.remove("properties") {
        None | Some(Value::Null) => None,
        Some(Value::Object(properties)) => Some(properties),
        Some(_) => return Err(invalid("properties", "the properties are an object; write {\"name\": value}")),
    };
    if properties.as_ref().is_some_and(|properties| properties.keys().any(|name| name.contains('\0'))) {
        return Err(invalid("properties", "a name holds the character NUL; leave it out"));
    }
    Ok(Given { geometry, properties })
}

fn named(kind: &str) -> String {
    if kind.is_empty() { "of no type".to_owned() } else { shortened(kind) }
}

fn is_feature(body: &Map<String, Value>, meaning: Meaning) -> Result<(), Problem> {
    match body.get("type").map(|kind| kind.as_str().unwrap_or_default()) {
        Some("Feature") => Ok(()),
        None if meaning == Meaning::Patch => Ok(()),
        Some("FeatureCollection") => {
            Err(invalid("type", "this takes one feature; send each by itself, or import a file"))
        }
        _ => Err(invalid("type", "this takes a GeoJSON feature; write \"type\": \"Feature\"")),
    }
}

fn geometry(value: &Value, system: System) -> Result<Option<Geometry<f64>>, Problem> {
    let geometry = geojson::geometry(value).map_err(|what| invalid("geometry", &what))?;
    let heard = geometry.map(
        |geometry| {
            if system == System::DEFAULT { Ok(geometry) } else { system.heard_geometry(&geometry) }
        },
    );
    heard.transpose().map_err(|error| invalid("geometry", &error.to_string()))
}

fn invalid(field: &'static str, what: &str) -> Problem {
    let errors = if field.is_empty() { Vec::new() } else { vec![FieldError::new(field, "invalid", what)] };
    Problem::invalid("feature_invalid", format!("the feature does not fit its layer: {what}"), errors)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::*;

    fn asked(headers: &[(&'static str, &str)]) -> Asked {
        let headers: HeaderMap =
            headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        Asked::new(headers, "")
    }

    fn status(kind: &str, crs: &str, body: &str, meaning: Meaning) -> u16 {
        let headers = [("content-type", kind), ("content-crs", crs)];
        let asked = asked(&headers[..=usize::from(!crs.is_empty())]);
        read(&asked, Ok(Bytes::from(body.to_owned())), meaning)
            .map_or_else(|problem| problem.status().as_u16(), |_| 200)
    }

    #[test]
    fn bodies_are_features_of_a_known_type_and_system() {
        let point = r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[16.0,108.0]},"properties":{}}"#;
        let wgs = "<http://www.opengis.net/def/crs/EPSG/0/4326>";
        for (kind, crs, body, meaning, expected) in [
            (GEOJSON, "", point, Meaning::Whole, 200),
            ("application/json; charset=utf-8", wgs, point, Meaning::Whole, 200),
            (MERGE_PATCH, "", r#"{"properties":{"a":null}}"#, Meaning::Patch, 200),
            (MERGE_PATCH, "", point, Meaning::Whole, 415),
            ("text/plain", "", point, Meaning::Whole, 415),
            ("", "", point, Meaning::Whole, 415),
            (GEOJSON, "EPSG:1", point, Meaning::Whole, 400),
            (GEOJSON, "EPSG:5899", &point.replace("16.0,", "1e9,"), Meaning::Whole, 422),
            (GEOJSON, "", "{", Meaning::Whole, 400),
            (GEOJSON, "", "[]", Meaning::Whole, 422),
            (GEOJSON, "", "{}", Meaning::Whole, 422),
            (GEOJSON, "", r#"{"type":"Feature","properties":{}}"#, Meaning::Whole, 422),
            (GEOJSON, "", r#"{"type":"Feature","geometry":null}"#, Meaning::Whole, 200),
            (GEOJSON, "", r#"{"type":"Feature","geometry":null,"properties":[]}"#, Meaning::Whole, 422),
            (GEOJSON, "", r#"{"type":"FeatureCollection","features":[]}"#, Meaning::Patch, 422),
            (GEOJSON, "", &"[".repeat(100_000), Meaning::Whole, 400),
        ] {
            assert_eq!(status(kind, crs, body, meaning), expected, "{kind} {crs} {}", shortened(body));
        }
    }

    #[test]
    fn a_reason_may_stand_in_the_header() {
        assert_eq!(reason(&asked(&[])).unwrap(), "OGC API");
        assert_eq!(reason(&asked(&[("change-reason", "cây  đổ")])).unwrap(), "cây đổ");
        assert_eq!(reason(&Asked::new(HeaderMap::new(), "reason=b%C3%A3o")).unwrap(), "bão");
        assert!(reason(&Asked::new(HeaderMap::new(), &format!("reason={}", "a".repeat(501)))).is_err());
    }
}
