//! Show a tile: the features of some layers that lie in one square of the map, as a Mapbox Vector Tile.

use axum::http::HeaderMap;
use axum::response::Response;
use songhan_app::{Cx, IntoProblem, Path, Problem, Query};

use super::grid::Grid;
use super::part::{self, Address, Rejection};
use super::past;
use crate::styles::answer;

/// Programs add parameters of their own, as keys of caches; they say nothing to us.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Input {
    at: Option<String>,
}

impl Input {
    pub fn at(&self) -> Option<&str> {
        self.at.as_deref()
    }
}

async fn show(
    cx: &Cx,
    layers: &str,
    address: [&str; 3],
    input: &Input,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let [z, x, y] = address;
    // Programs that know tiles by their files' names end them so.
    let y = y.strip_suffix(".mvt").or_else(|| y.strip_suffix(".pbf")).unwrap_or(y);
    let at = Address::read(Grid::WebMercator, z, x, y).map_err(IntoProblem::into_problem)?;
    let day = past::day(cx, input.at()).map_err(|wrong| Rejection::from(wrong).into_problem())?;
    let parts = part::parts(cx, layers, at.grid, day).await.map_err(IntoProblem::into_problem)?;
    part::answered(cx, &parts, at, headers)
}

/// Show a tile.
#[utoipa::path(get, path = "/tiles/{layers}/{z}/{x}/{y}", operation_id = "show_tile", tag = "maps",
    description = "Mapbox Vector Tile 2.1 on the grid WebMercatorQuad (EPSG:3857), one layer of the tile for each layer asked \
        for. At low zooms a tile weighs 500,000 bytes at most; the header `Tile-Thinned` says how many features of how many \
        stand in it then. The ETag is that of the layers' generations: an edit is in the next tile.",
    params(("layers" = String, Path, description = "Codes of layers, with commas between them; behind a \
            code `.names` stands for the places of its polygons' names instead of their shapes", example = "trees"),
        ("z" = String, Path, description = "Zoom, 0 to 16", example = "14"),
        ("x" = String, Path, description = "Column, from the west", example = "13116"),
        ("y" = String, Path, description = "Row, from the north; `.mvt` or `.pbf` may follow", example = "7451"),
        ("at" = Option<String>, Query, description = "As of the end of a day of the city, `YYYY-MM-DD`; today and later \
            mean now", example = "2026-11-20")),
    responses(
        (status = 200, description = "The tile", body = Vec<u8>, content_type = "application/vnd.mapbox-vector-tile"),
        (status = 204, description = "Nothing lies there"),
        (status = 304, description = "The tile that the caller holds is still right"),
        (status = 404, description = "No such layer, or not yours to read, or no such tile"),
    ))]
pub async fn handler(
    cx: Cx,
    Path((layers, z, x, y)): Path<(String, String, String, String)>,
    input: Result<Query<Input>, Problem>,
    headers: HeaderMap,
) -> Response {
    let answer = match input {
        Ok(Query(input)) => show(&cx, &layers, [&z, &x, &y], &input, &headers).await,
        Err(problem) => Err(problem),
    };
    answer::told(&headers, answer)
}
