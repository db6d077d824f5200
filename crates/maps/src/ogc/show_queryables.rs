//! Show what a collection's features consist of, as JSON Schema: what filters may name (part 3), and a whole feature, from
//! which programs learn of attributes that the first page happens not to have.

use axum::response::Response;
use serde_json::{Map, Value, json};
use songhan_app::{Cx, Path, Problem};

use super::answer::{self, Asked, Format, SCHEMA, encoded};
use super::{collection, filter, html, links};
use crate::layer::{Attribute, Kind, Layer, Shape};

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

fn attribute(cx: &Cx, attribute: &Attribute) -> Value {
    let (kind, format) = match attribute.kind {
        Kind::Text => ("string", None),
        Kind::Integer => ("integer", None),
        Kind::Number => ("number", None),
        Kind::Boolean => ("boolean", None),
        Kind::Date => ("string", Some("date")),
        Kind::Timestamp => ("string", Some("date-time")),
    };
    let mut schema = json!({ "title": attribute.title.get(cx.lang), "type": kind });
    if let Some(format) = format {
        schema["format"] = format.into();
    }
    if let Some(unit) = &attribute.unit {
        schema["x-ogc-unit"] = unit.as_str().into();
    }
    if !attribute.domain.is_empty() {
        let codes = attribute.domain.iter().map(|value| value.code.as_str());
        schema["enum"] = codes.collect::<Vec<_>>().into();
        let meant =
            attribute.domain.iter().map(|value| json!({ "const": value.code, "title": value.title.get(cx.lang) }));
        schema["oneOf"] = meant.collect::<Vec<_>>().into();
    }
    schema
}

fn attributes(cx: &Cx, layer: &Layer) -> Map<String, Value> {
    layer.attributes.iter().map(|one| (one.name.clone(), attribute(cx, one))).collect()
}

fn queryables(cx: &Cx, layer: &Layer, path: &str) -> Value {
    let mut properties = attributes(cx, layer);
    let format = match layer.shape {
        Shape::Point => "geometry-point-or-multipoint",
        Shape::Line => "geometry-linestring-or-multilinestring",
        Shape::Polygon => "geometry-polygon-or-multipolygon",
        Shape::Any => "geometry-any",
    };
    let geometry = json!({ "title": cx.t("ogc-geometry"), "format": format, "x-ogc-role": "primary-geometry" });
    properties.insert(filter::GEOMETRY.to_owned(), geometry);
    json!({ "$schema": DIALECT, "$id": links::at(cx, path), "type": "object", "title": layer.title.get(cx.lang),
        "description": layer.description.get(cx.lang), "properties": properties, "additionalProperties": false })
}

/// A feature as GeoJSON has it.
fn feature(cx: &Cx, layer: &Layer, path: &str) -> Value {
    let required: Vec<&str> = layer.attributes.iter().filter(|one| one.required).map(|one| one.name.as_str()).collect();
    json!({ "$schema": DIALECT, "$id": links::at(cx, path), "type": "object", "title": layer.title.get(cx.lang),
        "description": layer.description.get(cx.lang), "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": { "const": "Feature" },
            "id": { "type": "integer" },
            "geometry": { "type": ["object", "null"] },
            "properties": { "type": "object", "properties": attributes(cx, layer), "required": required },
        } })
}

async fn run(
    cx: &Cx,
    code: &str,
    asked: &Asked,
    what: &str,
    schema: fn(&Cx, &Layer, &str) -> Value,
) -> Result<Response, Problem> {
    let (layer, _) = collection(cx, code)?;
    asked.check(&[], &[])?;
    if asked.format()? == Format::Html {
        return html::queryables(cx, &layer).await;
    }
    let path = format!("/collections/{}/{what}", encoded(&layer.code));
    Ok(answer::json(SCHEMA, &schema(cx, &layer, &path)))
}

/// Show what filters of a collection may name.
#[utoipa::path(get, path = "/ogc/collections/{collection}/queryables", operation_id = "show_queryables", tag = "ogc",
    description = "JSON Schema 2020-12: attributes with their titles in the language of the request, units (`x-ogc-unit`) and domains.",
    params(("collection" = String, Path, description = "Code of a layer", example = "trees"),
        ("f" = Option<String>, Query, description = "`json` or `html`; without it the header Accept says", example = "json")),
    responses((status = 200, description = "The schema", content((Object = "application/schema+json",
        example = json!({ "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "properties": {
            "height_m": { "title": "Chiều cao", "type": "number", "x-ogc-unit": "m" } } })), (String = "text/html"))),
        (status = 404, description = "No such collection, or not yours to read")))]
pub async fn handler(cx: Cx, Path(code): Path<String>, asked: Asked) -> Response {
    let answer = run(&cx, &code, &asked, "queryables", queryables).await;
    asked.answer(answer)
}

/// Show the schema of a collection's features.
#[utoipa::path(get, path = "/ogc/collections/{collection}/schema", operation_id = "show_feature_schema", tag = "ogc",
    description = "JSON Schema 2020-12 of a feature in GeoJSON.",
    params(("collection" = String, Path, description = "Code of a layer", example = "trees"),
        ("f" = Option<String>, Query, description = "`json` or `html`; without it the header Accept says", example = "json")),
    responses((status = 200, description = "The schema", content((Object = "application/schema+json",
        example = json!({ "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "properties": {
            "properties": { "type": "object", "properties": { "height_m": { "type": "number" } } } } })), (String = "text/html"))),
        (status = 404, description = "No such collection, or not yours to read")))]
pub async fn schema_handler(cx: Cx, Path(code): Path<String>, asked: Asked) -> Response {
    let answer = run(&cx, &code, &asked, "schema", feature).await;
    asked.answer(answer)
}
