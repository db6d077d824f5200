//! Show the API of `/ogc` alone as OpenAPI 3.0: the whole server's document is 3.1, which QGIS and GDAL do not follow.

use axum::response::Response;
use serde_json::{Value, json};
use songhan_app::{Cx, Problem};

use super::answer::{self, Asked};
use super::links;

pub const OPENAPI: &str = "application/vnd.oai.openapi+json;version=3.0";

/// A parameter that several addresses take.
fn parameter(name: &str) -> Value {
    json!({ "$ref": format!("#/components/parameters/{name}") })
}

fn answers(kind: &str) -> Value {
    let problem = json!({ "application/problem+json": { "schema": { "type": "object" } } });
    let mut content = json!({ "text/html": { "schema": { "type": "string" } } });
    content[kind] = json!({ "schema": { "type": "object" } });
    json!({ "200": { "description": "what was asked for", "content": content },
        "400": { "description": "a parameter that is not known or cannot be read", "content": problem.clone() },
        "404": { "description": "there is no such thing, or it is not yours to read", "content": problem } })
}

fn get(id: &str, summary: &str, parameters: &[&str], kind: &str) -> Value {
    let parameters: Vec<Value> = parameters.iter().chain(&["f"]).map(|name| parameter(name)).collect();
    json!({ "get": { "operationId": id, "summary": summary, "parameters": parameters, "responses": answers(kind) } })
}

fn paths() -> Value {
    let items = ["collectionId", "limit", "bbox", "bbox-crs", "datetime", "crs", "filter", "filter-lang", "filter-crs"];
    json!({
        "/": get("getLandingPage", "landing page", &[], answer::JSON),
        "/conformance": get("getConformance", "parts of the standard that are kept to", &[], answer::JSON),
        "/collections": get("getCollections", "the collections", &[], answer::JSON),
        "/collections/{collectionId}": get("describeCollection", "a collection", &["collectionId"], answer::JSON),
        "/collections/{collectionId}/queryables":
            get("getQueryables", "what filters may name", &["collectionId"], answer::SCHEMA),
        "/collections/{collectionId}/items": get("getFeatures", "features of a collection", &items, answer::GEOJSON),
        "/collections/{collectionId}/items/{featureId}":
            get("getFeature", "one feature", &["collectionId", "featureId", "crs", "datetime"], answer::GEOJSON),
    })
}

fn parameters() -> Value {
    let path = |name: &str| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } });
    let query = |name: &str, schema: Value| json!({ "name": name, "in": "query", "required": false, "schema": schema, "style": "form", "explode": false });
    let uri = json!({ "type": "string", "format": "uri" });
    json!({
        "collectionId": path("collectionId"),
        "featureId": path("featureId"),
        "limit": query("limit", json!({ "type": "integer", "minimum": 1, "maximum": 10_000, "default": 10 })),
        "bbox": query("bbox", json!({ "type": "array", "minItems": 4, "maxItems": 6, "items": { "type": "number" } })),
        "datetime": query("datetime", json!({ "type": "string" })),
        "bbox-crs": query("bbox-crs", uri.clone()),
        "crs": query("crs", uri.clone()),
        "filter": query("filter", json!({ "type": "string" })),
        "filter-lang": query("filter-lang",
            json!({ "type": "string", "enum": ["cql2-text", "cql2-json"], "default": "cql2-text" })),
        "filter-crs": query("filter-crs", uri),
        "f": query("f", json!({ "type": "string", "enum": ["json", "html"] })),
    })
}

fn run(cx: &Cx, asked: &Asked) -> Result<Response, Problem> {
    asked.check(&[], &[])?;
    let city = cx.city.manifest().name.get(cx.lang);
    let title = cx.text(cx.lang, "ogc-title", &[("city", city)]);
    let whole = cx.url("/api/openapi.json");
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": title, "version": env!("CARGO_PKG_VERSION"),
            "description": format!("OGC API – Features. What changes features is described in {whole}.") },
        "servers": [{ "url": links::at(cx, "") }],
        "externalDocs": { "description": "the whole server", "url": whole },
        "paths": paths(),
        "components": { "parameters": parameters() },
    });
    Ok(answer::json(OPENAPI, &document))
}

/// Show the API of the map's features.
#[utoipa::path(get, path = "/ogc/api", operation_id = "show_ogc_api", tag = "ogc",
    description = "OpenAPI 3.0 of what reads features, for the programs of the field.",
    params(("f" = Option<String>, Query, description = "`json`; there is no page", example = "json")),
    responses((status = 200, description = "The document", body = Object, content_type = "application/vnd.oai.openapi+json;version=3.0",
        example = json!({ "openapi": "3.0.3", "paths": {} }))))]
pub async fn handler(cx: Cx, asked: Asked) -> Response {
    asked.answer(run(&cx, &asked))
}
