//! List the grids of tiles, and show one (OGC 17-083r4, and OGC API – Tiles part 1 §A.10).

use axum::Json;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use songhan_app::{Cx, Path, Problem};
use songhan_base::Internal;

use super::grid::Grid;
use crate::styles::answer;

/// The standard's own name of a grid that it defines.
pub fn uri(grid: Grid) -> Option<&'static str> {
    match grid {
        Grid::WebMercator => Some("http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"),
        Grid::Vn2000 => None,
    }
}

fn title(cx: &Cx, grid: Grid) -> String {
    cx.t(match grid {
        Grid::WebMercator => "map-grid-web",
        Grid::Vn2000 => "map-grid-vn2000",
    })
}

fn definition(cx: &Cx, grid: Grid) -> Result<Value, Internal> {
    let mut told = grid.set()?.definition(grid.zoom_max());
    told["title"] = json!(title(cx, grid));
    if let Some(uri) = uri(grid) {
        told["uri"] = json!(uri);
    }
    Ok(told)
}

fn list(cx: &Cx) -> Result<Response, Problem> {
    let mut sets = Vec::new();
    for grid in Grid::ALL {
        let set = grid.set()?;
        let href = cx.url(&format!("/ogc/tileMatrixSets/{}", set.id()));
        let mut told = json!({ "id": set.id(), "title": title(cx, grid), "crs": set.crs(),
            "links": [{ "rel": "self", "type": "application/json", "href": href }] });
        if let Some(uri) = uri(grid) {
            told["uri"] = json!(uri);
        }
        sets.push(told);
    }
    let own = json!({ "rel": "self", "type": "application/json", "href": cx.url("/ogc/tileMatrixSets") });
    Ok(Json(json!({ "tileMatrixSets": sets, "links": [own] })).into_response())
}

/// List the grids of tiles.
#[utoipa::path(get, path = "/ogc/tileMatrixSets", operation_id = "list_tile_matrix_sets", tag = "ogc",
    responses((status = 200, description = "The grids on which tiles are served", body = Object,
        example = json!({ "tileMatrixSets": [{ "id": "WebMercatorQuad", "links": [] }] }))))]
pub async fn handler(cx: Cx, headers: HeaderMap) -> Response {
    answer::told(&headers, list(&cx))
}

/// Show a grid of tiles.
#[utoipa::path(get, path = "/ogc/tileMatrixSets/{grid}", operation_id = "show_tile_matrix_set", tag = "ogc",
    description = "Reference system, origin, and of each zoom the scale, the width of a cell and the number of tiles.",
    params(("grid" = String, Path, description = "`WebMercatorQuad`, or `VN2000Quad5899` in VN-2000 / TM-3 107-45",
        example = "VN2000Quad5899")),
    responses(
        (status = 200, description = "The grid", body = Object, example = json!({ "id": "WebMercatorQuad",
            "crs": "http://www.opengis.net/def/crs/EPSG/0/3857", "tileMatrices": [{ "id": "0",
                "scaleDenominator": 559_082_264.028_717, "matrixWidth": 1, "matrixHeight": 1 }] })),
        (status = 404, description = "No such grid"),
    ))]
pub async fn one_handler(cx: Cx, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let answer = match Grid::named(&id) {
        Some(grid) => definition(&cx, grid).map(|told| Json(told).into_response()).map_err(Problem::from),
        None => Err(unknown()),
    };
    answer::told(&headers, answer)
}

pub fn unknown() -> Problem {
    let told = "there is no such grid of tiles; /ogc/tileMatrixSets lists them";
    Problem::new(StatusCode::NOT_FOUND, "grid_unknown", told)
}
