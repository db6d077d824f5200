//! Links between the documents, in bodies and in headers.

use axum::http::{HeaderValue, header};
use axum::response::Response;
use serde::Serialize;
use songhan_app::Cx;

use super::answer::{Format, GEOJSON, HTML};

/// Longer addresses stand in the body alone: clients bound what they read as a header.
const HEADER_BYTES_MAX: usize = 2_000;

#[derive(Clone, Debug, Serialize)]
pub struct Link {
    pub href: String,
    pub rel: &'static str,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

impl Link {
    pub fn new(rel: &'static str, kind: &'static str, href: String) -> Self {
        Self { href, rel, kind: Some(kind), title: None }
    }

    #[must_use]
    pub fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }
}

/// The address of something under `/ogc`.
pub fn at(cx: &Cx, path: &str) -> String {
    cx.url(&format!("/ogc{path}"))
}

/// This document and the same in the other form; `query_as` is the query that asks for a form.
pub fn forms(cx: &Cx, path: &str, kind: &'static str, format: Format, query_as: impl Fn(&str) -> String) -> [Link; 2] {
    let page =
        Link::new(if format == Format::Html { "self" } else { "alternate" }, HTML, at(cx, path) + &query_as("html"));
    let json =
        Link::new(if format == Format::Json { "self" } else { "alternate" }, kind, at(cx, path) + &query_as("json"));
    let text = |key: &str| cx.t(key);
    let (page, json) =
        (page.titled(text("ogc-as-page")), json.titled(if kind == GEOJSON { "GeoJSON" } else { "JSON" }));
    if format == Format::Json { [json, page] } else { [page, json] }
}

/// Says links in the header too.
pub fn in_header(response: &mut Response, links: &[Link]) {
    for link in links.iter().filter(|link| link.href.len() <= HEADER_BYTES_MAX) {
        let kind = link.kind.map(|kind| format!("; type=\"{kind}\"")).unwrap_or_default();
        if let Ok(value) = HeaderValue::from_str(&format!("<{}>; rel=\"{}\"{kind}", link.href, link.rel)) {
            response.headers_mut().append(header::LINK, value);
        }
    }
}
