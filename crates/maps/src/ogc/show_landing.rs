//! Show where everything under `/ogc` is, and which parts of the standard it keeps to.

use axum::response::Response;
use serde_json::json;
use songhan_app::{Cx, Problem};
use songhan_geo::cql2;

use super::answer::{self, Asked, Format, JSON};
use super::links::{self, Link};
use super::{html, show_api};

const CONFORMANCE: [&str; 25] = [
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/landing-page",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/json",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
    "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/create-replace-delete",
    "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/update",
    "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/features",
    "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/optimistic-locking-etags",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
    "http://www.opengis.net/spec/tms/2.0/conf/tilematrixset",
    "http://www.opengis.net/spec/tms/2.0/conf/json-tilematrixset",
];

async fn landing(cx: &Cx, asked: &Asked) -> Result<Response, Problem> {
    asked.check(&[], &[])?;
    let format = asked.format()?;
    let city = cx.city.manifest().name.get(cx.lang);
    let title = cx.text(cx.lang, "ogc-title", &[("city", city)]);
    let mut links = links::forms(cx, "", JSON, format, |form| format!("?f={form}")).to_vec();
    links.push(Link::new("service-desc", show_api::OPENAPI, links::at(cx, "/api")).titled(cx.t("ogc-api")));
    links.push(Link::new("conformance", JSON, links::at(cx, "/conformance")).titled(cx.t("ogc-conformance")));
    links.push(Link::new("data", JSON, links::at(cx, "/collections")).titled(cx.t("ogc-collections")));
    let functions = "http://www.opengis.net/def/rel/ogc/1.0/functions";
    links.push(Link::new(functions, JSON, links::at(cx, "/functions")).titled(cx.t("ogc-functions")));
    let schemes = "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes";
    links.push(Link::new(schemes, JSON, links::at(cx, "/tileMatrixSets")).titled(cx.t("ogc-grids")));
    if format == Format::Html {
        return html::landing(cx, title).await;
    }
    let document = json!({ "title": title, "description": cx.t("ogc-about"), "links": links });
    let mut response = answer::json(JSON, &document);
    links::in_header(&mut response, &links);
    Ok(response)
}

async fn conformance(cx: &Cx, asked: &Asked) -> Result<Response, Problem> {
    asked.check(&[], &[])?;
    let all = CONFORMANCE.iter().chain(cql2::CONFORMANCE);
    if asked.format()? == Format::Html {
        return html::conformance(cx, all.copied()).await;
    }
    let links = links::forms(cx, "/conformance", JSON, Format::Json, |form| format!("?f={form}"));
    Ok(answer::json(JSON, &json!({ "links": links, "conformsTo": all.collect::<Vec<_>>() })))
}

/// Show where the map's features are.
#[utoipa::path(get, path = "/ogc", operation_id = "show_ogc_landing", tag = "ogc",
    description = "The landing page of OGC API – Features.",
    params(("f" = Option<String>, Query, description = "`json` or `html`; without it the header Accept says", example = "json")),
    responses((status = 200, description = "Links to everything", content((Object = "application/json",
        example = json!({ "title": "Da Nang: map features", "links": [{ "href": "http://127.0.0.1:8080/ogc/collections", "rel": "data",
            "type": "application/json" }] })), (String = "text/html")))))]
pub async fn handler(cx: Cx, asked: Asked) -> Response {
    let answer = landing(&cx, &asked).await;
    asked.answer(answer)
}

/// Show which parts of the standard are kept to.
#[utoipa::path(get, path = "/ogc/conformance", operation_id = "show_ogc_conformance", tag = "ogc",
    params(("f" = Option<String>, Query, description = "`json` or `html`; without it the header Accept says", example = "json")),
    responses((status = 200, description = "The classes of requirements", content((Object = "application/json",
        example = json!({ "conformsTo": ["http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core"] })),
        (String = "text/html")))))]
pub async fn conformance_handler(cx: Cx, asked: Asked) -> Response {
    let answer = conformance(&cx, &asked).await;
    asked.answer(answer)
}
