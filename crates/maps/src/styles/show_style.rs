//! Show a style: how a map program draws the city's layers, by day or on a dark screen.

use std::sync::Arc;

use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use songhan_app::{Cx, IntoProblem, Path, Problem, Query};
use songhan_base::Internal;

use super::answer::{self, Held};
use super::compose::{Wanted, compose};
use super::theme::Theme;
use crate::basemap::Archive;
use crate::layer::{Layer, Layers};
use crate::store::layers;
use crate::tiles::past;

#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Input {
    /// Codes of layers with commas between them: these and no others, shown. Without it all that the caller may read,
    /// those shown which the map shows without being asked. What always stands on a map is in it either way.
    #[param(example = "trees,roads")]
    layers: Option<String>,
    /// As of a day of the city, `YYYY-MM-DD`.
    #[param(example = "2026-11-20")]
    at: Option<String>,
    /// `vi` or `en`
    #[serde(rename = "lang")]
    #[param(rename = "lang", example = "vi")]
    _lang: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("there is no style {0}; write day.json or dark.json")]
    Theme(String),
    #[error("there is no layer {0}, or it is not yours to read")]
    Unknown(String),
    #[error(transparent)]
    At(#[from] past::Wrong),
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        match self {
            Self::Theme(_) => Problem::new(StatusCode::NOT_FOUND, "style_unknown", self.to_string()),
            Self::Unknown(_) => Problem::not_found("layer"),
            Self::At(wrong) => wrong.into_problem(),
            Self::Internal(error) => error.into(),
        }
    }
}

/// Codes in an address at most; more are no city's.
const CODES_MAX: usize = 200;

async fn wanted(cx: &Cx, file: &str, input: &Input) -> Result<Wanted, Rejection> {
    let name = file.strip_suffix(".json").unwrap_or(file);
    let theme = Theme::named(name).ok_or_else(|| Rejection::Theme(file.chars().take(40).collect()))?;
    let at = past::day(cx, input.at.as_deref())?;
    let all = cx.city.get::<Layers>();
    let readable: Vec<&Arc<Layer>> = all.iter().filter(|layer| !layer.rights.reads(cx).is_nothing()).collect();
    let named: Option<Vec<&str>> = input
        .layers
        .as_deref()
        .map(|codes| codes.split(',').map(str::trim).filter(|code| !code.is_empty()).take(CODES_MAX).collect());
    if let Some(unknown) = named.iter().flatten().find(|code| !readable.iter().any(|layer| layer.code == ***code)) {
        return Err(Rejection::Unknown((*unknown).to_owned()));
    }
    let shows = |layer: &Layer| match &named {
        Some(named) => named.contains(&&*layer.code) || layer.style.always,
        None => layer.style.shown || layer.style.always,
    };
    let layers = readable.iter().filter(|layer| named.is_none() || shows(layer));
    let layers = layers.map(|layer| (Arc::clone(layer), shows(layer))).collect();
    let archive = if at.is_none() { Archive::of(cx).await? } else { None };
    let mut land = Vec::new();
    for layer in readable.iter().filter(|layer| layer.style.land) {
        land.push((Arc::clone(layer), packed(cx, archive.as_deref(), layer).await?));
    }
    Ok(Wanted { theme, layers, land, at: at.map(|day| day.to_string()) })
}

/// Whether the packed base map has the layer as it is now.
async fn packed(cx: &Cx, archive: Option<&Archive>, layer: &Layer) -> Result<bool, Internal> {
    let Some(archive) = archive.filter(|_| layer.rights.is_public()) else { return Ok(false) };
    let standing = layers::standing(&cx.db, &layer.code).await?;
    Ok(archive.holds(&layer.code, standing.map(|standing| standing.generation)))
}

async fn show(cx: &Cx, file: &str, input: &Input, headers: &HeaderMap) -> Result<Response, Problem> {
    let wanted = wanted(cx, file, input).await.map_err(IntoProblem::into_problem)?;
    let bytes = compose(cx, &wanted).to_string().into_bytes();
    // Which layers are in it hangs on who asks.
    Held::of(&bytes).answer(headers, "application/json", bytes.into(), false)
}

/// Show a style of the map.
#[utoipa::path(get, path = "/styles/{style}", operation_id = "show_style", tag = "maps",
    description = "A style of the MapLibre style specification, version 8: the layers that the caller may read, from vector \
        tiles, with icons and fonts of this server. Layers of the style that draw the layer CODE are called `CODE`, \
        `CODE-line`, `CODE-label` and so on, and say so in `metadata.layer`. The names of both archipelagos and of the sea \
        are in every style and at every zoom.",
    params(("style" = String, Path, description = "`day.json` or `dark.json`", example = "day.json"), Input),
    responses(
        (status = 200, description = "The style", body = Object, example = json!({ "version": 8, "name": "Da Nang",
            "sources": { "trees": { "type": "vector", "tiles": ["http://127.0.0.1:8080/tiles/trees/{z}/{x}/{y}"] } },
            "layers": [{ "id": "trees", "type": "circle", "source": "trees", "source-layer": "trees",
                "metadata": { "layer": "trees" } }] })),
        (status = 304, description = "The style that the caller holds is still right"),
        (status = 404, description = "No such style, or no such layer, or not yours to read"),
    ))]
pub async fn handler(
    cx: Cx,
    Path(file): Path<String>,
    input: Result<Query<Input>, Problem>,
    headers: HeaderMap,
) -> Response {
    let answer = match input {
        Ok(Query(input)) => show(&cx, &file, &input, &headers).await,
        Err(problem) => Err(problem),
    };
    answer::told(&headers, answer)
}
