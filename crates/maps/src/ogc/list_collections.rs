//! List the collections, and show one: each layer of which the actor may read something.

use axum::response::Response;
use jiff::civil::Date;
use serde_json::{Value, json};
use songhan_app::{Cx, Path, Problem};
use songhan_base::Internal;

use super::answer::{self, Asked, Format, GEOJSON, HTML, JSON, SCHEMA, encoded};
use super::links::{self, Link};
use super::{collection, html, system};
use crate::layer::{Layer, Layers, Reach};
use crate::snapshot;

pub const QUERYABLES: &str = "http://www.opengis.net/def/rel/ogc/1.0/queryables";

/// A collection as part 1 and 2 describe it.
async fn described(cx: &Cx, layer: &Layer, reach: &Reach) -> Result<Value, Internal> {
    let crs: Vec<String> = system::offered().map(songhan_geo::crs::Crs::uri).collect();
    let mut told = json!({
        "id": layer.code,
        "title": layer.title.get(cx.lang),
        "description": layer.description.get(cx.lang),
        "attribution": layer.source.get(cx.lang),
        "license": layer.licence,
        "itemType": "feature",
        "storageCrs": crs[0],
        "crs": crs,
        "links": links(cx, layer),
    });
    let mut extent = serde_json::Map::new();
    // Where a protected layer lies is told to those alone who reach all of it.
    let bounds = match reach {
        Reach::Everything => snapshot::of(cx, layer).await?.and_then(|snapshot| snapshot.tiles.bounds_wgs84()),
        _ => None,
    };
    if let Some(bounds) = bounds {
        extent.insert("spatial".into(), json!({ "bbox": [bounds], "crs": crs[0] }));
    }
    if layer.from.is_some() || layer.until.is_some() {
        let interval = [day(cx, layer.from), day(cx, layer.until)];
        let trs = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian";
        extent.insert("temporal".into(), json!({ "interval": [interval], "trs": trs }));
    }
    if !extent.is_empty() {
        told["extent"] = extent.into();
    }
    Ok(told)
}

/// When a day begins in the city.
fn day(cx: &Cx, day: Option<Date>) -> Option<String> {
    Some(day?.to_zoned(cx.zone.clone()).ok()?.timestamp().to_string())
}

fn links(cx: &Cx, layer: &Layer) -> Vec<Link> {
    let code = encoded(&layer.code);
    let path = format!("/collections/{code}");
    let at = |more: &str| links::at(cx, &format!("{path}{more}"));
    let mut links = links::forms(cx, &path, JSON, Format::Json, |form| format!("?f={form}")).to_vec();
    links.push(Link::new("items", GEOJSON, at("/items")).titled(cx.t("ogc-features")));
    links.push(Link::new("items", HTML, at("/items?f=html")).titled(cx.t("ogc-features")));
    links.push(Link::new(QUERYABLES, SCHEMA, at("/queryables")).titled(cx.t("ogc-queryables")));
    // GDAL before 3.8 looks for these two words.
    links.push(Link::new("queryables", SCHEMA, at("/queryables")).titled(cx.t("ogc-queryables")));
    links.push(Link::new("describedBy", SCHEMA, at("/schema")).titled(cx.t("ogc-schema")));
    links.push(Link::new("describedby", SCHEMA, at("/schema")).titled(cx.t("ogc-schema")));
    let vector = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector";
    links.push(Link::new(vector, JSON, at("/tiles")).titled(cx.t("ogc-tiles")));
    links
}

/// The layers of which the actor reads something.
fn readable(cx: &Cx) -> Vec<(std::sync::Arc<Layer>, Reach)> {
    let layers = cx.city.get::<Layers>();
    let reached = layers.iter().map(|layer| (layer.clone(), layer.rights.reads(cx)));
    reached.filter(|(_, reach)| !reach.is_nothing()).collect()
}

async fn list(cx: &Cx, asked: &Asked) -> Result<Response, Problem> {
    asked.check(&[], &[])?;
    let readable = readable(cx);
    if asked.format()? == Format::Html {
        return html::collections(cx, &readable).await;
    }
    let mut collections = Vec::new();
    for (layer, reach) in &readable {
        collections.push(described(cx, layer, reach).await?);
    }
    let crs: Vec<String> = system::offered().map(songhan_geo::crs::Crs::uri).collect();
    let links = links::forms(cx, "/collections", JSON, Format::Json, |form| format!("?f={form}"));
    let mut response = answer::json(JSON, &json!({ "links": links, "collections": collections, "crs": crs }));
    links::in_header(&mut response, &links);
    Ok(response)
}

async fn one(cx: &Cx, code: &str, asked: &Asked) -> Result<Response, Problem> {
    let (layer, reach) = collection(cx, code)?;
    asked.check(&[], &[])?;
    if asked.format()? == Format::Html {
        return html::collection(cx, &layer).await;
    }
    let mut response = answer::json(JSON, &described(cx, &layer, &reach).await?);
    links::in_header(&mut response, &links(cx, &layer));
    Ok(response)
}

/// List the collections of features.
#[utoipa::path(get, path = "/ogc/collections", operation_id = "list_collections", tag = "ogc",
    description = "The city's layers, those of which the caller may read something.",
    params(("f" = Option<String>, Query, description = "`json` or `html`; without it the header Accept says", example = "json")),
    responses((status = 200, description = "The collections", content((Object = "application/json",
        example = json!({ "links": [], "collections": [{ "id": "trees", "title": "Cây xanh", "itemType": "feature",
            "storageCrs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84", "links": [] }] })), (String = "text/html")))))]
pub async fn handler(cx: Cx, asked: Asked) -> Response {
    let answer = list(&cx, &asked).await;
    asked.answer(answer)
}

/// Show a collection of features.
#[utoipa::path(get, path = "/ogc/collections/{collection}", operation_id = "show_collection", tag = "ogc",
    params(("collection" = String, Path, description = "Code of a layer", example = "trees"),
        ("f" = Option<String>, Query, description = "`json` or `html`; without it the header Accept says", example = "json")),
    responses((status = 200, description = "The collection", content((Object = "application/json",
        example = json!({ "id": "trees", "title": "Cây xanh", "itemType": "feature", "extent": { "spatial": { "bbox": [[108.1, 16.0,
            108.3, 16.2]] } }, "storageCrs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84", "links": [] })), (String = "text/html"))),
        (status = 404, description = "No such collection, or not yours to read")))]
pub async fn one_handler(cx: Cx, Path(code): Path<String>, asked: Asked) -> Response {
    let answer = one(&cx, &code, &asked).await;
    asked.answer(answer)
}
