//! List the functions that filters may call (part 3, requirements class "Functions").

use axum::response::Response;
use serde_json::{Value, json};
use songhan_app::{Cx, Problem};
use songhan_geo::cql2::{FUNCTIONS, Function, Kind};

use super::answer::{self, Asked, Format, JSON};
use super::html;

const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "string",
        Kind::Integer => "integer",
        Kind::Number => "number",
        Kind::Boolean => "boolean",
        Kind::Date | Kind::Timestamp => "datetime",
        Kind::Geometry => "geometry",
        Kind::Array => "array",
    }
}

fn function(function: &Function) -> Value {
    let parameters = function.parameters.iter().map(|one| json!({ "title": one.name, "type": [kind(one.kind)] }));
    json!({ "name": function.name, "description": function.description, "returns": [kind(function.returns)],
        "arguments": parameters.collect::<Vec<_>>() })
}

async fn run(cx: &Cx, asked: &Asked) -> Result<Response, Problem> {
    asked.check(&[], &[])?;
    if asked.format()? == Format::Html {
        let rows = FUNCTIONS.iter().map(|one| {
            let parameters: Vec<&str> = one.parameters.iter().map(|parameter| parameter.name).collect();
            (format!("{}({})", one.name, parameters.join(", ")), one.description.to_owned())
        });
        return html::functions(cx, rows).await;
    }
    Ok(answer::json(JSON, &json!({ "functions": FUNCTIONS.iter().map(function).collect::<Vec<_>>() })))
}

/// List the functions of filters.
#[utoipa::path(get, path = "/ogc/functions", operation_id = "list_filter_functions", tag = "ogc",
    params(("f" = Option<String>, Query, description = "`json` or `html`; without it the header Accept says", example = "json")),
    responses((status = 200, description = "What a filter may call", content((Object = "application/json",
        example = json!({ "functions": [{ "name": "lower", "description": "The text in lower case.", "returns": ["string"],
            "arguments": [{ "title": "text", "type": ["string"] }] }] })), (String = "text/html")))))]
pub async fn handler(cx: Cx, asked: Asked) -> Response {
    let answer = run(&cx, &asked).await;
    asked.answer(answer)
}
