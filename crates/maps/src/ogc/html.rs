//! The same for people: pages that work without JavaScript, a table where there is a list.

use std::sync::Arc;

use axum::response::Response;
use serde::Serialize;
use serde_json::{Map, Value, json};
use songhan_app::{Cx, PageSpec, Problem};

use super::answer::{Asked, encoded};
use crate::feature::Feature;
use crate::layer::{Attribute, Kind, Layer, Reach};
use crate::reading::words;

pub const TEMPLATES: &[(&str, &str)] = &[("ogc/page.html", include_str!("../../templates/ogc/page.html"))];

/// What the one template shows.
#[derive(Default, Serialize)]
struct Page {
    about: String,
    /// That the content is made up.
    notice: String,
    facts: Vec<Value>,
    caption: String,
    columns: Vec<Value>,
    rows: Vec<Vec<Value>>,
    next: String,
    count: String,
    links: Vec<Value>,
}

impl Page {
    fn of(layer: &Layer, cx: &Cx) -> Self {
        let notice = if layer.simulated { cx.t("ogc-simulated") } else { String::new() };
        Self { notice, ..Self::default() }
    }

    async fn show(self, cx: &Cx, title: String, above: &[(&str, String)]) -> Result<Response, Problem> {
        let mut spec = PageSpec::titled(title);
        for (path, label) in above {
            spec = spec.crumb(format!("/ogc{path}"), label);
        }
        let mut response = cx.page("ogc/page.html", spec, &self).await?;
        response.headers_mut().insert("vary", axum::http::HeaderValue::from_static("accept, accept-language, cookie"));
        Ok(response)
    }
}

fn link(href: impl Into<String>, label: String) -> Value {
    json!({ "href": href.into(), "label": label })
}

fn column(label: &str, kind: &str) -> Value {
    json!({ "label": label, "kind": kind })
}

fn home(cx: &Cx) -> (&'static str, String) {
    ("", cx.t("ogc-short"))
}

fn listed(cx: &Cx) -> (&'static str, String) {
    ("/collections", cx.t("ogc-collections"))
}

fn path(layer: &Layer) -> String {
    format!("/collections/{}", encoded(&layer.code))
}

pub async fn landing(cx: &Cx, title: String) -> Result<Response, Problem> {
    let links = vec![
        link("/ogc/collections", cx.t("ogc-collections")),
        link("/ogc/conformance", cx.t("ogc-conformance")),
        link("/ogc/functions", cx.t("ogc-functions")),
        link("/ogc/api", cx.t("ogc-api")),
        link("/ogc?f=json", "JSON".to_owned()),
    ];
    Page { about: cx.t("ogc-about"), links, ..Page::default() }.show(cx, title, &[]).await
}

pub async fn conformance(cx: &Cx, classes: impl Iterator<Item = &'static str>) -> Result<Response, Problem> {
    let rows = classes.map(|class| vec![json!(class)]).collect();
    let columns = vec![column(&cx.t("ogc-class"), "main")];
    let links = vec![link("/ogc/conformance?f=json", "JSON".to_owned())];
    let page = Page { caption: cx.t("ogc-conformance"), columns, rows, links, ..Page::default() };
    page.show(cx, cx.t("ogc-conformance"), &[home(cx)]).await
}

pub async fn functions(cx: &Cx, rows: impl Iterator<Item = (String, String)>) -> Result<Response, Problem> {
    let rows = rows.map(|(name, about)| vec![json!(name), json!(about)]).collect();
    let columns = vec![column(&cx.t("ogc-function"), "main"), column(&cx.t("ogc-what"), "")];
    let links = vec![link("/ogc/functions?f=json", "JSON".to_owned())];
    let page = Page { caption: cx.t("ogc-functions"), columns, rows, links, ..Page::default() };
    page.show(cx, cx.t("ogc-functions"), &[home(cx)]).await
}

pub async fn collections(cx: &Cx, layers: &[(Arc<Layer>, Reach)]) -> Result<Response, Problem> {
    let row = |(layer, _): &(Arc<Layer>, Reach)| {
        let title = json!({ "text": layer.title.get(cx.lang), "href": format!("/ogc{}", path(layer)) });
        vec![title, json!(layer.description.get(cx.lang)), json!(owner(cx, layer))]
    };
    let columns =
        vec![column(&cx.t("ogc-collection"), "main"), column(&cx.t("ogc-what"), ""), column(&cx.t("ogc-owner"), "")];
    let rows = layers.iter().map(row).collect();
    let links = vec![link("/ogc/collections?f=json", "JSON".to_owned())];
    let page = Page { caption: cx.t("ogc-collections"), columns, rows, links, ..Page::default() };
    page.show(cx, cx.t("ogc-collections"), &[home(cx)]).await
}

fn owner(cx: &Cx, layer: &Layer) -> String {
    let unit = cx.city.agencies().get(&layer.owner);
    unit.map_or_else(|| layer.owner.to_string(), |unit| unit.name.get(cx.lang).to_owned())
}

pub async fn collection(cx: &Cx, layer: &Layer) -> Result<Response, Problem> {
    let fact = |key: &str, value: String| json!({ "label": cx.t(key), "value": value });
    let mut facts = vec![
        fact("ogc-owner", owner(cx, layer)),
        fact("ogc-source", layer.source.get(cx.lang).to_owned()),
        fact("ogc-licence", layer.licence.clone()),
    ];
    facts.extend(layer.from.map(|from| fact("ogc-from", words::day(cx.lang, from))));
    facts.extend(layer.until.map(|until| fact("ogc-until", words::day(cx.lang, until))));
    let path = format!("/ogc{}", path(layer));
    let links = vec![
        link(format!("{path}/items"), cx.t("ogc-features")),
        link(format!("{path}/queryables"), cx.t("ogc-queryables")),
        link(format!("{path}?f=json"), "JSON".to_owned()),
    ];
    let about = layer.description.get(cx.lang).to_owned();
    let page = Page { about, facts, links, ..Page::of(layer, cx) };
    page.show(cx, layer.title.get(cx.lang).to_owned(), &[home(cx), listed(cx)]).await
}

pub async fn queryables(cx: &Cx, layer: &Layer) -> Result<Response, Problem> {
    let row = |attribute: &Attribute| {
        let domain: Vec<String> =
            attribute.domain.iter().map(|value| format!("{} ({})", value.title.get(cx.lang), value.code)).collect();
        let kind = cx.t(&format!("ogc-kind-{}", attribute.kind.as_str()));
        let unit = attribute.unit.clone().unwrap_or_default();
        vec![
            json!(attribute.title.get(cx.lang)),
            json!(attribute.name),
            json!(kind),
            json!(unit),
            json!(domain.join(", ")),
        ]
    };
    let columns = vec![
        column(&cx.t("ogc-attribute"), "main"),
        column(&cx.t("ogc-name"), ""),
        column(&cx.t("ogc-kind"), ""),
        column(&cx.t("ogc-unit"), ""),
        column(&cx.t("ogc-domain"), ""),
    ];
    let path = path(layer);
    let links = vec![
        link(format!("/ogc{path}/queryables?f=json"), "JSON".to_owned()),
        link(format!("/ogc{path}/items"), cx.t("ogc-features")),
    ];
    let rows = layer.attributes.iter().map(row).collect();
    let page = Page { caption: cx.t("ogc-queryables"), columns, rows, links, ..Page::of(layer, cx) };
    let above = [home(cx), listed(cx), (path.as_str(), layer.title.get(cx.lang).to_owned())];
    page.show(cx, cx.t("ogc-queryables"), &above).await
}

/// A page of features; `next` is the query of the one behind it.
pub async fn features(
    cx: &Cx,
    layer: &Layer,
    asked: &Asked,
    features: &[Feature],
    matched: Option<usize>,
    next: Option<String>,
) -> Result<Response, Problem> {
    let path = path(layer);
    let mut columns = vec![column(&cx.t("ogc-feature"), "main")];
    let numeric = |attribute: &Attribute| matches!(attribute.kind, Kind::Integer | Kind::Number);
    columns.extend(
        layer
            .attributes
            .iter()
            .map(|attribute| column(attribute.title.get(cx.lang), if numeric(attribute) { "number" } else { "" })),
    );
    let row = |feature: &Feature| {
        let known = known(feature);
        let href = format!("/ogc{path}/items/{}", feature.feature);
        let mut row = vec![json!({ "text": words::name_within_of(cx, layer, feature.feature, &known), "href": href })];
        row.extend(layer.attributes.iter().map(|one| json!(words::value(cx, one, known.get(&one.name)))));
        row
    };
    let count =
        matched.map(|count| cx.text(cx.lang, "ogc-count", &[("count", &count.to_string())])).unwrap_or_default();
    let links = vec![link(format!("/ogc{path}/items{}", asked.query_with("f", Some("json"))), "GeoJSON".to_owned())];
    let page = Page {
        caption: cx.t("ogc-features"),
        columns,
        rows: features.iter().map(row).collect(),
        next: next.map(|query| format!("/ogc{path}/items{query}")).unwrap_or_default(),
        count,
        links,
        ..Page::of(layer, cx)
    };
    let above = [home(cx), listed(cx), (path.as_str(), layer.title.get(cx.lang).to_owned())];
    page.show(cx, format!("{}: {}", layer.title.get(cx.lang), cx.t("ogc-features")), &above).await
}

pub async fn feature(cx: &Cx, layer: &Layer, feature: &Feature) -> Result<Response, Problem> {
    let known = known(feature);
    let path = path(layer);
    let facts = layer.attributes.iter().map(|attribute| {
        json!({ "label": attribute.title.get(cx.lang), "value": words::value(cx, attribute, known.get(&attribute.name)) })
    });
    let links = vec![link(format!("/ogc{path}/items/{}?f=json", feature.feature), "GeoJSON".to_owned())];
    let page = Page { facts: facts.collect(), links, ..Page::of(layer, cx) };
    let items = format!("{path}/items");
    let above = [
        home(cx),
        listed(cx),
        (path.as_str(), layer.title.get(cx.lang).to_owned()),
        (items.as_str(), cx.t("ogc-features")),
    ];
    page.show(cx, words::name_of(cx, layer, feature.feature, &known), &above).await
}

fn known(feature: &Feature) -> Map<String, Value> {
    serde_json::from_str(&feature.properties).unwrap_or_default()
}
