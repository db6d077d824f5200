//! Show one feature: `/ogc/collections/{id}/items/{feature}`, with the ETag by which it is changed.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use songhan_app::{Cx, Path, Problem};
use songhan_base::Internal;

use super::answer::{self, Asked, Format, GEOJSON, encoded};
use super::links::{self, Link};
use super::system::System;
use super::{collection, etag, feature_number, html, list_features, moment, write};
use crate::feature::Feature;
use crate::layer::{Layer, Reach};
use crate::reading;

const KNOWN: [&str; 2] = ["crs", "datetime"];

/// The feature with its base, as it is or was, if the actor may read it.
async fn found(
    cx: &Cx,
    layer: &Layer,
    reach: &Reach,
    number: i64,
    asked: &Asked,
) -> Result<Option<(i64, Feature)>, Problem> {
    let at = match asked.get("datetime") {
        Some(text) => moment::read(text, &cx.zone, cx.now())?,
        None => None,
    };
    Ok(reading::feature(cx, layer, reach, number, at).await?)
}

/// A feature by itself, with links; `repaired` says what a change has repaired of its shape.
pub fn written(
    cx: &Cx,
    layer: &Layer,
    feature: &Feature,
    system: System,
    repaired: &[String],
) -> Result<(Vec<u8>, Vec<Link>), Problem> {
    let mut out = Vec::new();
    write::feature_open(&mut out, feature, system).map_err(|error| list_features::failed(system, error))?;
    let links = self::links(cx, layer, feature.feature, Format::Json);
    let mut rest = serde_json::json!({ "links": links });
    if !repaired.is_empty() {
        rest["repaired"] = repaired.into();
    }
    out.push(b',');
    out.extend_from_slice(&rest.to_string().as_bytes()[1..]);
    Ok((out, links))
}

pub fn links(cx: &Cx, layer: &Layer, feature: i64, format: Format) -> Vec<Link> {
    let code = encoded(&layer.code);
    let path = format!("/collections/{code}/items/{feature}");
    let mut links = links::forms(cx, &path, GEOJSON, format, |form| format!("?f={form}")).to_vec();
    let own = links::at(cx, &format!("/collections/{code}"));
    links.push(Link::new("collection", answer::JSON, own).titled(layer.title.get(cx.lang)));
    let history = cx.url(&format!("/api/v1/layers/{code}/features/{feature}/history"));
    links.push(Link::new("version-history", answer::JSON, history));
    links
}

async fn run(cx: &Cx, code: &str, number: &str, asked: &Asked) -> Result<Response, Problem> {
    let (layer, reach) = collection(cx, code)?;
    asked.check(&KNOWN, &[])?;
    let (format, system) = (asked.format()?, System::read("crs", asked.get("crs"))?);
    let number = feature_number(number)?;
    let found = found(cx, &layer, &reach, number, asked).await?;
    let (base, feature) = found.ok_or_else(|| Problem::not_found("feature"))?;
    if format == Format::Html {
        return html::feature(cx, &layer, &feature).await;
    }
    let etag = etag::of(base, feature.version, system);
    let mut response = if etag::is_held(&asked.headers, &etag) {
        let mut response = StatusCode::NOT_MODIFIED.into_response();
        response.headers_mut().insert(header::CACHE_CONTROL, answer::keeping(layer.rights.is_public()));
        response
    } else {
        let (body, links) = written(cx, &layer, &feature, system, &[])?;
        let mut response = answer::body(GEOJSON, body, layer.rights.is_public());
        links::in_header(&mut response, &links);
        response
    };
    let said = system.header().ok_or_else(|| Internal::new("a reference system without a name"))?;
    response.headers_mut().insert("content-crs", said);
    response.headers_mut().insert(header::ETAG, HeaderValue::from_str(&etag).map_err(Internal::new)?);
    Ok(response)
}

/// Show one feature.
#[utoipa::path(get, path = "/ogc/collections/{collection}/items/{feature}", operation_id = "show_feature", tag = "ogc",
    description = "GeoJSON with a strong ETag, which If-Match of a change takes; or a page for people.",
    params(("collection" = String, Path, description = "Code of a layer", example = "trees"),
        ("feature" = String, Path, description = "Number of the feature", example = "1"),
        ("crs" = Option<String>, Query, description = "The system of the answer, one of the collection's list", example = "http://www.opengis.net/def/crs/EPSG/0/5899"),
        ("datetime" = Option<String>, Query, description = "The feature as of this moment", example = "2026-11-20T09:00:00+07:00"),
        ("f" = Option<String>, Query, description = "`json` or `html`; without it the header Accept says", example = "json")),
    responses(
        (status = 200, description = "The feature", headers(("ETag" = String, description = "Of this version in this system"),
            ("Content-Crs" = String, description = "The system of the coordinates")),
            content((Object = "application/geo+json", example = json!({ "type": "Feature", "id": 1, "geometry": { "type": "Point",
                "coordinates": [108.2208, 16.0678] }, "properties": { "species": "Bàng", "height_m": 7.5 }, "links": [{
                "href": "http://127.0.0.1:8080/ogc/collections/trees", "rel": "collection", "type": "application/json" }] })),
                (String = "text/html"))),
        (status = 304, description = "The version that the caller holds is still right"),
        (status = 404, description = "No such feature, or not yours to read"),
    ))]
pub async fn handler(cx: Cx, Path((code, number)): Path<(String, String)>, asked: Asked) -> Response {
    let answer = run(&cx, &code, &number, &asked).await;
    asked.answer(answer)
}
