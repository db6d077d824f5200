//! Show a tile: the features of some layers that lie in one square of the map, as a Mapbox Vector Tile.

use std::sync::Arc;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use songhan_app::{Cx, IntoProblem, Path, Problem};
use songhan_base::Internal;
use songhan_geo::tile::{self, FeatureView, Options, Value};

use super::cache::{Cache, Kept, Key};
use super::{BUDGET_BYTES, BUDGET_ZOOM, ZOOM_MAX};
use crate::layer::{Layer, Layers, Reach};
use crate::snapshot::{self, Snapshot};

/// Layers of one tile at most.
const LAYERS_MAX: usize = 32;
const MEDIA_TYPE: &str = "application/vnd.mapbox-vector-tile";
/// Says of how many features how many stand in the tile, where not all do: `kept=900, of=12000`.
const THINNED: HeaderName = HeaderName::from_static("tile-thinned");

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("there is no layer {0}, or it is not yours to read")]
    Unknown(String),
    #[error("more than {LAYERS_MAX} layers; ask for them in several tiles")]
    TooMany,
    #[error("there is no tile {0}; zooms go from 0 to {ZOOM_MAX}, columns and rows from 0 to 2^zoom - 1")]
    Address(String),
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        match self {
            Self::Unknown(_) => Problem::not_found("layer"),
            Self::TooMany => Problem::bad_request(self.to_string()),
            Self::Address(_) => Problem::new(StatusCode::NOT_FOUND, "tile_unknown", self.to_string()),
            Self::Internal(error) => error.into(),
        }
    }
}

/// One of the layers of a tile, and what of it the asker reaches.
struct Part {
    layer: Arc<Layer>,
    reach: Reach,
    snapshot: Option<Arc<Snapshot>>,
}

/// Where a tile lies.
#[derive(Clone, Copy)]
struct Address {
    z: u8,
    x: u32,
    y: u32,
}

/// The layers by their codes, each only if the asker may read some of it.
async fn parts(cx: &Cx, codes: &str) -> Result<Vec<Part>, Rejection> {
    let layers = cx.city.get::<Layers>();
    let mut parts = Vec::new();
    for code in codes.split(',') {
        let layer = layers.get(code).ok_or_else(|| Rejection::Unknown(code.to_owned()))?;
        let reach = layer.rights.reads(cx);
        if reach.is_nothing() {
            return Err(Rejection::Unknown(code.to_owned()));
        }
        if parts.len() == LAYERS_MAX {
            return Err(Rejection::TooMany);
        }
        parts.push(Part { layer: layer.clone(), reach, snapshot: snapshot::of(cx, layer).await? });
    }
    Ok(parts)
}

fn address(z: &str, x: &str, y: &str) -> Result<Address, Rejection> {
    let named = || Rejection::Address(format!("{z}/{x}/{y}"));
    let z: u8 = z.parse().map_err(|_| named())?;
    // Programs that know tiles by their files' names end them so.
    let y = y.strip_suffix(".mvt").or_else(|| y.strip_suffix(".pbf")).unwrap_or(y);
    let (x, y): (u32, u32) = (x.parse().map_err(|_| named())?, y.parse().map_err(|_| named())?);
    let side = 1_u32.checked_shl(u32::from(z)).filter(|_| z <= ZOOM_MAX).ok_or_else(named)?;
    if x < side && y < side { Ok(Address { z, x, y }) } else { Err(named()) }
}

/// The tile of some layers; what everyone sees of one layer at a low zoom is kept.
fn tile(cx: &Cx, parts: &[Part], at: Address) -> Kept {
    let key = match parts {
        [Part { layer, reach: Reach::Everything, snapshot: Some(snapshot) }] if at.z <= BUDGET_ZOOM => {
            Some(Key { layer: layer.code.clone(), generation: snapshot.generation, z: at.z, x: at.x, y: at.y })
        }
        _ => None,
    };
    let cache = cx.memory.get_or(Cache::default);
    if let Some(kept) = key.as_ref().and_then(|key| cache.get(key)) {
        return kept;
    }
    let made = encode(parts, at);
    if let Some(key) = key {
        cache.put(key, made.clone());
    }
    made
}

fn encode(parts: &[Part], at: Address) -> Kept {
    let shown = |part: &&Part| part.snapshot.is_some() && part.layer.style.min_zoom <= at.z;
    let filters: Vec<_> = parts.iter().filter(shown).map(filter).collect();
    let layers: Vec<_> = parts
        .iter()
        .filter(shown)
        .zip(&filters)
        .filter_map(|(part, filter)| {
            let options = Options { filter: filter.as_deref(), ..Options::default() };
            Some((&*part.snapshot.as_ref()?.tiles, options))
        })
        .collect();
    let budget = (at.z <= BUDGET_ZOOM).then_some(BUDGET_BYTES);
    let tile = tile::encode_layers(&layers, at.z, at.x, at.y, budget);
    Kept { bytes: Bytes::from(tile.bytes), thinned: tile.thinned.map(|thinned| (thinned.kept, thinned.of)) }
}

type Filter<'a> = Box<dyn Fn(FeatureView<'_>) -> bool + 'a>;

/// What of a layer lies in the asker's areas.
fn filter(part: &Part) -> Option<Filter<'_>> {
    let Reach::Areas(areas) = &part.reach else { return None };
    let attribute = part.layer.rights.area.as_ref().and_then(|name| part.layer.attribute(name)).map(|(at, _)| at);
    Some(Box::new(move |feature| match attribute.map(|at| feature.value(at)) {
        Some(Value::Text(area)) => areas.iter().any(|one| *one == *area),
        _ => false,
    }))
}

/// Names the generations; what somebody reaches is part of it, since two people may see different tiles.
fn etag(parts: &[Part]) -> String {
    let each = parts.iter().map(|part| {
        let generation = part.snapshot.as_ref().map_or(0, |snapshot| snapshot.generation);
        match &part.reach {
            Reach::Areas(areas) => format!("{generation}~{}", areas.join("~")),
            _ => generation.to_string(),
        }
    });
    format!("\"{}\"", each.collect::<Vec<_>>().join("."))
}

/// Show a tile.
#[utoipa::path(get, path = "/tiles/{layers}/{z}/{x}/{y}", operation_id = "show_tile", tag = "maps",
    description = "Mapbox Vector Tile 2.1 on the grid WebMercatorQuad (EPSG:3857), one layer of the tile for each layer asked \
        for. At low zooms a tile weighs 500,000 bytes at most; the header `Tile-Thinned` says how many features of how many \
        stand in it then. The ETag is that of the layers' generations: an edit is in the next tile.",
    params(("layers" = String, Path, description = "Codes of layers, with commas between them", example = "trees"),
        ("z" = String, Path, description = "Zoom, 0 to 16", example = "14"),
        ("x" = String, Path, description = "Column, from the west", example = "13116"),
        ("y" = String, Path, description = "Row, from the north; `.mvt` or `.pbf` may follow", example = "7451")),
    responses(
        (status = 200, description = "The tile", body = Vec<u8>, content_type = "application/vnd.mapbox-vector-tile"),
        (status = 204, description = "Nothing lies there"),
        (status = 304, description = "The tile that the caller holds is still right"),
        (status = 404, description = "No such layer, or not yours to read, or no such tile"),
    ))]
pub async fn handler(
    cx: Cx,
    Path((layers, z, x, y)): Path<(String, String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let at = address(&z, &x, &y).map_err(IntoProblem::into_problem)?;
    let parts = parts(&cx, &layers).await.map_err(IntoProblem::into_problem)?;
    let etag = etag(&parts);
    let public = parts.iter().all(|part| part.layer.rights.is_public());
    let held = headers.get(header::IF_NONE_MATCH).is_some_and(|held| held.as_bytes() == etag.as_bytes());
    let mut answer = if held {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let tile = tile(&cx, &parts, at);
        let thinned = tile.thinned;
        let mut answer = if tile.bytes.is_empty() {
            StatusCode::NO_CONTENT.into_response()
        } else {
            ([(header::CONTENT_TYPE, MEDIA_TYPE)], tile.bytes).into_response()
        };
        if let Some((kept, of)) = thinned {
            let said = HeaderValue::from_str(&format!("kept={kept}, of={of}")).map_err(Internal::new)?;
            answer.headers_mut().insert(THINNED, said);
        }
        answer
    };
    let said = answer.headers_mut();
    said.insert(header::ETAG, HeaderValue::from_str(&etag).map_err(Internal::new)?);
    let kept = if public { "public, no-cache" } else { "private, no-cache" };
    said.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    Ok(answer)
}
