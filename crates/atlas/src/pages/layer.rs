//! One layer: what it is and whose, its sign on the map, and its features as a table that can be searched and filtered,
//! seen as of a day and downloaded in every format.

use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use serde_json::{Value, json};
use songhan_app::{Cx, PageSpec, Problem};
use songhan_base::FieldError;
use songhan_maps::reading::{self, Ask, Item, Listing, Readable, Wrong, words};
use songhan_maps::{Attribute, Kind, Shape};

use super::feature_path;
use crate::asked::{Asked, query};
use crate::tree;
use crate::words::{facts, told};

/// Features on a page.
const PAGE: usize = 50;
/// Pages before this one whose beginnings its address knows.
const TRAIL_MAX: usize = 20;
/// Closer than that a map shows a feature.
const CLOSE: f64 = 17.0;

pub async fn show(
    cx: Cx,
    songhan_app::Path(code): songhan_app::Path<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    let readable = reading::layer(&cx, &code)?;
    let after = asked.get("after").parse().unwrap_or(0).max(0);
    let ask = Ask {
        filter: asked.get("filter"),
        words: asked.get("q"),
        bbox: asked.get("bbox"),
        at: asked.get("at"),
        after,
        limit: PAGE,
    };
    match reading::list(&cx, &readable, ask).await {
        Ok(listing) => page(&cx, &readable, &asked, Some(&listing), Vec::new()).await,
        Err(Wrong::Internal(error)) => Err(error.into()),
        Err(wrong) => page(&cx, &readable, &asked, None, vec![error(&cx, &wrong)]).await,
    }
}

/// What is wrong with what was asked, at its field.
fn error(cx: &Cx, wrong: &Wrong) -> FieldError {
    match wrong {
        Wrong::Filter { at, unknown, detail } => {
            let at = at.map(|at| at.to_string()).unwrap_or_default();
            let (key, name) = match unknown {
                Some(name) => ("atlas-filter-unknown", name.as_str()),
                None if at.is_empty() => ("atlas-filter-wrong", ""),
                None => ("atlas-filter-wrong-at", ""),
            };
            let what = [("at", at.as_str()), ("name", name), ("detail", detail.as_str())];
            FieldError::new("filter", "invalid", cx.text(cx.lang, key, &what))
        }
        Wrong::Bbox(_) => FieldError::new("bbox", "invalid", cx.t("atlas-bbox-wrong")),
        _ => FieldError::new("at", "invalid", cx.t("atlas-at-wrong")),
    }
}

async fn page(
    cx: &Cx,
    readable: &Readable,
    asked: &Asked,
    listing: Option<&Listing>,
    errors: Vec<FieldError>,
) -> Result<Response, Problem> {
    let layer = &readable.layer;
    let groups = tree::only(cx, &layer.code);
    let names: Vec<&str> = layer.attributes.iter().map(|one| one.name.as_str()).collect();
    let narrowed = ["filter", "bbox", "at"].iter().any(|name| !asked.get(name).is_empty());
    let data = json!({
        "title": layer.title.get(cx.lang),
        "about": layer.description.get(cx.lang),
        "sign": tree::shown(&groups).find(|entry| entry.code == layer.code),
        "simulated": layer.simulated,
        "protected": !layer.rights.is_public(),
        "facts": facts(cx, layer),
        "map_href": format!("/map{}", query(&[("layers", &layer.code)])),
        "new_href": readable.is_edited(cx).then(|| format!("{}/new", tree::path(layer))),
        "action": tree::path(layer),
        "q": asked.get("q"),
        "filter": asked.get("filter"),
        "bbox": asked.get("bbox"),
        "at": asked.get("at"),
        "narrowed": narrowed,
        "attributes": names.join(", "),
        "example": example(layer.attributes.as_slice()),
        "count": listing.map(|listing| count(cx, readable, listing)).unwrap_or_default(),
        "columns": columns(cx, readable),
        "rows": listing.map(|listing| rows(cx, readable, asked, listing)).unwrap_or_default(),
        "previous": previous(readable, asked),
        "next": listing.and_then(|listing| next(readable, asked, listing)),
        "downloads": listing.map(|listing| downloads(cx, readable, asked, listing)).unwrap_or_default(),
        "api_href": format!("/ogc/collections/{}", layer.code),
        "errors": errors,
    });
    let mut spec = PageSpec::titled(layer.title.get(cx.lang)).describe(layer.description.get(cx.lang));
    spec = spec.crumb("/map", cx.t("atlas-menu")).crumb("/map/layers", cx.t("atlas-layers"));
    if listing.is_none() {
        spec = spec.status(StatusCode::UNPROCESSABLE_ENTITY);
    }
    cx.page("atlas/layer.html", spec, data).await
}

/// A filter that fits the layer, for whoever has never written one.
fn example(attributes: &[Attribute]) -> String {
    let of = |kind: Kind| attributes.iter().find(|one| one.kind == kind);
    let coded = attributes.iter().find_map(|one| one.domain.first().map(|value| (one, value)));
    match (coded, of(Kind::Number).or_else(|| of(Kind::Integer)), of(Kind::Text)) {
        (Some((one, value)), Some(number), _) => format!("{} = '{}' AND {} > 10", one.name, value.code, number.name),
        (Some((one, value)), None, _) => format!("{} = '{}'", one.name, value.code),
        (None, Some(number), _) => format!("{} > 10", number.name),
        (None, None, Some(text)) => format!("{} LIKE 'A%'", text.name),
        (None, None, None) => "S_INTERSECTS(geometry, BBOX(108.2, 16.0, 108.3, 16.1))".to_owned(),
    }
}

fn count(cx: &Cx, readable: &Readable, listing: &Listing) -> String {
    let words = |count: usize| words::number(cx.lang, &count.to_string());
    match listing.matched {
        Some(count) => cx.text(cx.lang, "atlas-count", &[("count", &words(count))]),
        None if listing.next.is_some() => cx.t("atlas-count-more"),
        None => {
            let count = words(listing.items.len());
            cx.text(cx.lang, "atlas-count-here", &[("count", &count), ("layer", readable.layer.title.get(cx.lang))])
        }
    }
}

fn columns(cx: &Cx, readable: &Readable) -> Vec<Value> {
    let column = |label: &str, kind: &str| json!({ "label": label, "kind": kind });
    let is_number = |one: &Attribute| matches!(one.kind, Kind::Integer | Kind::Number);
    let mut columns = vec![column(&cx.t("atlas-feature"), "main")];
    let others = readable.layer.attributes.iter().filter(|one| !one.label);
    columns.extend(others.map(|one| column(one.title.get(cx.lang), if is_number(one) { "number" } else { "" })));
    columns.push(column(&cx.t("atlas-menu"), ""));
    columns
}

fn rows(cx: &Cx, readable: &Readable, asked: &Asked, listing: &Listing) -> Vec<Vec<Value>> {
    let layer = &readable.layer;
    let at = asked.get("at");
    let row = |item: &Item| {
        let href = format!("{}{}", feature_path(readable, item.number), query(&[("at", at)]));
        let mut row = vec![json!({ "text": words::name_within(cx, layer, item), "href": href })];
        let others = layer.attributes.iter().filter(|one| !one.label);
        row.extend(others.map(|one| json!(told(cx, layer, one, item))));
        let seen = item
            .middle()
            .map(|middle| json!({ "text": cx.t("atlas-on-map"), "href": on_map(&layer.code, middle, at) }));
        row.push(seen.unwrap_or_else(|| json!(cx.t("atlas-no-place"))));
        row
    };
    listing.items.iter().map(row).collect()
}

/// The map at a place, with a layer shown.
pub fn on_map(code: &str, [lon, lat]: [f64; 2], at: &str) -> String {
    let center = format!("{lon:.6},{lat:.6}");
    let shown = query(&[("layers", code), ("at", at), ("center", &center), ("zoom", &CLOSE.to_string())]);
    format!("/map{shown}#{CLOSE}/{lat:.6}/{lon:.6}")
}

fn here(readable: &Readable, asked: &Asked, after: &str, trail: &str) -> String {
    let same = ["q", "filter", "bbox", "at"].map(|name| (name, asked.get(name)));
    let pairs: Vec<(&str, &str)> = same.into_iter().chain([("after", after), ("trail", trail)]).collect();
    format!("{}{}", tree::path(&readable.layer), query(&pairs))
}

/// Where the pages before this one began, the one before last.
fn trail(asked: &Asked) -> Vec<i64> {
    let numbers = asked.list("trail").unwrap_or_default();
    let numbers: Vec<i64> = numbers.iter().filter_map(|text| text.parse().ok()).filter(|one| *one > 0).collect();
    numbers[numbers.len().saturating_sub(TRAIL_MAX)..].to_vec()
}

fn joined(trail: &[i64]) -> String {
    trail.iter().map(i64::to_string).collect::<Vec<_>>().join(",")
}

fn previous(readable: &Readable, asked: &Asked) -> Option<String> {
    asked.get("after").parse::<i64>().ok().filter(|after| *after > 0)?;
    let mut trail = trail(asked);
    let after = trail.pop().map(|after| after.to_string()).unwrap_or_default();
    Some(here(readable, asked, &after, &joined(&trail)))
}

fn next(readable: &Readable, asked: &Asked, listing: &Listing) -> Option<String> {
    let next = listing.next?;
    let mut trail = trail(asked);
    trail.extend(asked.get("after").parse::<i64>().ok().filter(|after| *after > 0));
    trail.drain(..trail.len().saturating_sub(TRAIL_MAX));
    Some(here(readable, asked, &next.to_string(), &joined(&trail)))
}

/// The same features as files.
fn downloads(cx: &Cx, readable: &Readable, asked: &Asked, listing: &Listing) -> Vec<Value> {
    let layer = &readable.layer;
    // A day alone is an `at`; nothing else has come so far.
    let at = asked.get("at").parse::<Date>().map(|day| day.to_string()).unwrap_or_default();
    let formats = ["geojson", "gpkg", "shapefile", "flatgeobuf", "csv", "kml", "gpx"];
    // A track or a waypoint is no area, and a Shapefile holds one kind of shape.
    let fits = |format: &&str| match *format {
        "gpx" => matches!(layer.shape, Shape::Point | Shape::Line),
        "shapefile" => layer.shape != Shape::Any,
        _ => true,
    };
    let link = |format: &str| {
        let pairs = [("format", format), ("at", &*at), ("filter", &*listing.filter), ("bbox", asked.get("bbox"))];
        let href = format!("/api/v1/layers/{}/download{}", layer.code, query(&pairs));
        json!({ "href": href, "label": cx.t(&format!("atlas-format-{format}")) })
    };
    formats.into_iter().filter(fits).map(link).collect()
}
