//! The layers of one tile, what of each the asker reaches, and the tile made of them.

use std::sync::Arc;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use songhan_app::{Cx, IntoProblem, Problem};
use songhan_base::Internal;
use songhan_geo::tile::{self, FeatureView, Options, PreparedLayer, Value};

use super::cache::{Cache, Kept, Key};
use super::grid::{self, Drawn, Grid};
use super::{BUDGET_BYTES, past};
use crate::layer::{Layer, Layers, Reach};
use crate::snapshot;
use crate::styles::answer;

/// Layers of one tile at most.
const LAYERS_MAX: usize = 32;
/// Behind the code of a layer: of its polygons the places of their names instead of their shapes.
pub const NAMES: &str = ".names";
pub const MEDIA_TYPE: &str = "application/vnd.mapbox-vector-tile";
/// Says of how many features how many stand in the tile, where not all do: `kept=900, of=12000`.
const THINNED: HeaderName = HeaderName::from_static("tile-thinned");

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("there is no layer {0}, or it is not yours to read")]
    Unknown(String),
    #[error("more than {LAYERS_MAX} layers; ask for them in several tiles")]
    TooMany,
    #[error("there is no tile {0}; zooms go from 0 to {1}, columns and rows from 0 to 2^zoom - 1")]
    Address(String, u8),
    #[error(transparent)]
    At(#[from] past::Wrong),
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        match self {
            Self::Unknown(_) => Problem::not_found("layer"),
            Self::TooMany => Problem::bad_request(self.to_string()),
            Self::Address(..) => Problem::new(StatusCode::NOT_FOUND, "tile_unknown", self.to_string()),
            Self::At(wrong) => wrong.into_problem(),
            Self::Internal(error) => error.into(),
        }
    }
}

/// One of the layers of a tile, and what of it the asker reaches.
pub struct Part {
    layer: Arc<Layer>,
    reach: Reach,
    drawn: Drawn,
    /// Its shapes and their generation; none before the first import.
    shapes: Option<(Arc<PreparedLayer>, i64)>,
}

/// Where a tile lies.
#[derive(Clone, Copy)]
pub struct Address {
    pub grid: Grid,
    pub z: u8,
    pub x: u32,
    pub y: u32,
}

impl Address {
    pub fn read(grid: Grid, z: &str, x: &str, y: &str) -> Result<Self, Rejection> {
        let short = |text: &str| text.chars().take(24).collect::<String>();
        let named = || Rejection::Address(format!("{}/{}/{}", short(z), short(x), short(y)), grid.zoom_max());
        let z: u8 = z.parse().map_err(|_| named())?;
        let (x, y): (u32, u32) = (x.parse().map_err(|_| named())?, y.parse().map_err(|_| named())?);
        let side = 1_u32.checked_shl(u32::from(z)).filter(|_| z <= grid.zoom_max()).ok_or_else(named)?;
        if x < side && y < side { Ok(Self { grid, z, x, y }) } else { Err(named()) }
    }
}

/// The layers by their codes, each only if the asker may read some of it.
pub async fn parts(cx: &Cx, codes: &str, grid: Grid, at: Option<Date>) -> Result<Vec<Part>, Rejection> {
    let layers = cx.city.get::<Layers>();
    let mut parts = Vec::new();
    for code in codes.split(',') {
        let (code, drawn) = match code.strip_suffix(NAMES) {
            Some(code) if grid == Grid::WebMercator => (code, Drawn::Names),
            _ => (code, Drawn::Shapes(grid)),
        };
        let layer = layers.get(code).ok_or_else(|| Rejection::Unknown(code.to_owned()))?;
        let reach = layer.rights.reads(cx);
        if reach.is_nothing() {
            return Err(Rejection::Unknown(code.to_owned()));
        }
        if parts.len() == LAYERS_MAX {
            return Err(Rejection::TooMany);
        }
        let snapshot = match at.and_then(|day| past::moment(cx, day)) {
            Some(moment) => snapshot::past(cx, layer, moment).await?,
            None => snapshot::of(cx, layer).await?,
        };
        let shapes = match snapshot {
            Some(snapshot) => Some((grid::on(cx, drawn, layer, &snapshot).await?, snapshot.generation)),
            None => None,
        };
        parts.push(Part { layer: layer.clone(), reach, drawn, shapes });
    }
    Ok(parts)
}

/// The tile of some layers; what everyone sees of one layer at a low zoom is kept.
fn tile(cx: &Cx, parts: &[Part], at: Address) -> Kept {
    let key = match parts {
        [Part { layer, reach: Reach::Everything, drawn, shapes: Some((_, generation)) }]
            if at.z <= at.grid.budget_zoom() =>
        {
            let (layer, generation) = (layer.code.clone(), *generation);
            Some(Key { drawn: *drawn, layer, generation, z: at.z, x: at.x, y: at.y })
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
    let shown = |part: &&Part| part.shapes.is_some() && at.grid.zoom_min(&part.layer) <= at.z;
    let filters: Vec<_> = parts.iter().filter(shown).map(filter).collect();
    let layers: Vec<_> = parts
        .iter()
        .filter(shown)
        .zip(&filters)
        .filter_map(|(part, filter)| {
            let options = Options { filter: filter.as_deref(), ..Options::default() };
            Some((&*part.shapes.as_ref()?.0, options))
        })
        .collect();
    let budget = (at.z <= at.grid.budget_zoom()).then_some(BUDGET_BYTES);
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
        let generation = part.shapes.as_ref().map_or(0, |(_, generation)| *generation);
        match &part.reach {
            Reach::Areas(areas) => format!("{generation}~{}", areas.join("~")),
            _ => generation.to_string(),
        }
    });
    format!("\"{}\"", each.collect::<Vec<_>>().join("."))
}

/// The tile as it is answered.
pub fn answered(cx: &Cx, parts: &[Part], at: Address, headers: &HeaderMap) -> Result<Response, Problem> {
    let etag = etag(parts);
    let mut answer = if answer::is_held(headers, &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let tile = tile(cx, parts, at);
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
    let public = parts.iter().all(|part| part.layer.rights.is_public());
    let said = answer.headers_mut();
    said.insert(header::ETAG, HeaderValue::from_str(&etag).map_err(Internal::new)?);
    said.insert(header::CACHE_CONTROL, answer::keeping(public));
    Ok(answer)
}
