//! OGC API – Tiles part 1 (OGC 20-057): the tiles of a collection, on each grid, beside its features.

use std::sync::Arc;

use axum::Json;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use songhan_app::{Cx, IntoProblem, Path, Problem, Query};

use super::grid::Grid;
use super::matrix_sets;
use super::part::{self, Address, MEDIA_TYPE, Rejection};
use super::{past, show_tile::Input};
use crate::layer::{Layer, Layers, Shape};
use crate::styles::answer;

const SCHEME: &str = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme";

/// A layer of which the asker reads something.
fn collection(cx: &Cx, code: &str) -> Result<Arc<Layer>, Problem> {
    let layer = cx.city.get::<Layers>().get(code).filter(|layer| !layer.rights.reads(cx).is_nothing());
    layer.cloned().ok_or_else(|| Problem::not_found("collection"))
}

/// A set of tiles: in the list of them with what is needed to choose one, by itself with what it holds.
fn tileset(cx: &Cx, layer: &Layer, grid: Grid, whole: bool) -> Result<Value, Problem> {
    let set = grid.set()?;
    let own = cx.url(&format!("/ogc/collections/{}/tiles/{}", layer.code, set.id()));
    let mut told = json!({
        "title": layer.title.get(cx.lang),
        "dataType": "vector",
        "crs": set.crs(),
        "links": [
            { "rel": "self", "type": "application/json", "href": own },
            { "rel": SCHEME, "type": "application/json", "href": cx.url(&format!("/ogc/tileMatrixSets/{}", set.id())) },
            { "rel": "item", "type": MEDIA_TYPE, "href": format!("{own}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"),
                "templated": true },
        ],
    });
    if let Some(uri) = matrix_sets::uri(grid) {
        told["tileMatrixSetURI"] = json!(uri);
    }
    if whole {
        let dimension = match layer.shape {
            Shape::Point => Some(0),
            Shape::Line => Some(1),
            Shape::Polygon => Some(2),
            Shape::Any => None,
        };
        told["description"] = json!(layer.description.get(cx.lang));
        told["attribution"] = json!(layer.source.get(cx.lang));
        told["license"] = json!(layer.licence);
        told["layers"] = json!([{ "id": layer.code, "title": layer.title.get(cx.lang), "dataType": "vector",
            "minTileMatrix": grid.zoom_min(layer).to_string(), "maxTileMatrix": grid.zoom_max().to_string() }]);
        if let Some(dimension) = dimension {
            told["layers"][0]["geometryDimension"] = json!(dimension);
        }
    }
    Ok(told)
}

fn list(cx: &Cx, code: &str) -> Result<Response, Problem> {
    let layer = collection(cx, code)?;
    let mut sets = Vec::new();
    for grid in Grid::ALL {
        sets.push(tileset(cx, &layer, grid, false)?);
    }
    let own = cx.url(&format!("/ogc/collections/{}/tiles", layer.code));
    let links = json!([
        { "rel": "self", "type": "application/json", "href": own },
        { "rel": "describedby", "type": "application/json", "title": "TileJSON",
            "href": cx.url(&format!("/tiles/{}", layer.code)) },
    ]);
    Ok(kept(&layer, json!({ "tilesets": sets, "links": links })))
}

fn one(cx: &Cx, code: &str, grid: &str) -> Result<Response, Problem> {
    let layer = collection(cx, code)?;
    let grid = Grid::named(grid).ok_or_else(matrix_sets::unknown)?;
    Ok(kept(&layer, tileset(cx, &layer, grid, true)?))
}

fn kept(layer: &Layer, told: Value) -> Response {
    ([(header::CACHE_CONTROL, answer::keeping(layer.rights.is_public()))], Json(told)).into_response()
}

/// List the tiles of a collection.
#[utoipa::path(get, path = "/ogc/collections/{collection}/tiles", operation_id = "list_collection_tilesets", tag = "ogc",
    description = "One set of vector tiles on each grid.",
    params(("collection" = String, Path, description = "Code of a layer", example = "trees")),
    responses(
        (status = 200, description = "The sets", body = Object, example = json!({ "tilesets": [{ "dataType": "vector",
            "crs": "http://www.opengis.net/def/crs/EPSG/0/3857", "links": [] }] })),
        (status = 404, description = "No such collection, or not yours to read"),
    ))]
pub async fn list_handler(cx: Cx, Path(code): Path<String>, headers: HeaderMap) -> Response {
    answer::told(&headers, list(&cx, &code))
}

/// Show a set of tiles of a collection.
#[utoipa::path(get, path = "/ogc/collections/{collection}/tiles/{grid}", operation_id = "show_collection_tileset", tag = "ogc",
    params(("collection" = String, Path, description = "Code of a layer", example = "trees"),
        ("grid" = String, Path, description = "Id of a grid", example = "WebMercatorQuad")),
    responses(
        (status = 200, description = "The set", body = Object, example = json!({ "dataType": "vector",
            "crs": "http://www.opengis.net/def/crs/EPSG/0/3857", "layers": [{ "id": "trees", "dataType": "vector" }], "links": [] })),
        (status = 404, description = "No such collection, or not yours to read, or no such grid"),
    ))]
pub async fn one_handler(cx: Cx, Path((code, grid)): Path<(String, String)>, headers: HeaderMap) -> Response {
    answer::told(&headers, one(&cx, &code, &grid))
}

async fn tile(cx: &Cx, path: [&str; 5], input: &Input, headers: &HeaderMap) -> Result<Response, Problem> {
    let [code, grid, z, row, col] = path;
    let layer = collection(cx, code)?;
    let grid = Grid::named(grid).ok_or_else(matrix_sets::unknown)?;
    let at = Address::read(grid, z, col, row).map_err(IntoProblem::into_problem)?;
    let day = past::day(cx, input.at()).map_err(|wrong| Rejection::from(wrong).into_problem())?;
    let parts = part::parts(cx, &layer.code, grid, day).await.map_err(IntoProblem::into_problem)?;
    part::answered(cx, &parts, at, headers)
}

/// Show a tile of a collection.
#[utoipa::path(get, path = "/ogc/collections/{collection}/tiles/{grid}/{matrix}/{row}/{col}",
    operation_id = "show_collection_tile", tag = "ogc",
    description = "Mapbox Vector Tile 2.1. The row stands before the column.",
    params(("collection" = String, Path, description = "Code of a layer", example = "trees"),
        ("grid" = String, Path, description = "Id of a grid", example = "WebMercatorQuad"),
        ("matrix" = String, Path, description = "Zoom", example = "14"),
        ("row" = String, Path, description = "Row, from the north", example = "7451"),
        ("col" = String, Path, description = "Column, from the west", example = "13116"),
        ("at" = Option<String>, Query, description = "As of the end of a day of the city, `YYYY-MM-DD`", example = "2026-11-20")),
    responses(
        (status = 200, description = "The tile", body = Vec<u8>, content_type = "application/vnd.mapbox-vector-tile"),
        (status = 204, description = "Nothing lies there"),
        (status = 304, description = "The tile that the caller holds is still right"),
        (status = 404, description = "No such collection, or not yours to read, or no such grid or tile"),
    ))]
pub async fn tile_handler(
    cx: Cx,
    Path((code, grid, z, row, col)): Path<(String, String, String, String, String)>,
    input: Result<Query<Input>, Problem>,
    headers: HeaderMap,
) -> Response {
    let answer = match input {
        Ok(Query(input)) => tile(&cx, [&code, &grid, &z, &row, &col], &input, &headers).await,
        Err(problem) => Err(problem),
    };
    answer::told(&headers, answer)
}
