//! Download a layer: what of it the asker reads, as of now or a day before, within a box and a filter, as a file.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use jiff::Timestamp;
use songhan_app::{Cx, IntoProblem, Path, Problem};
use songhan_base::Internal;
use songhan_geofiles::Format;
use tokio::sync::{Semaphore, mpsc};

use super::writing::{self, Failed, Job, Written};
use super::{about, answer, file};
use crate::feature::Feature;
use crate::layer::Layer;
use crate::ogc::answer::{Asked, encoded, keeping, shortened};
use crate::ogc::filter::{self, Conditions};
use crate::ogc::system::System;
use crate::ogc::{self, bounds, moment};
use crate::store::features::{self, Bounds};
use crate::store::{bases, layers};

const KNOWN: [&str; 8] = ["format", "crs", "at", "filter", "filter-lang", "filter-crs", "bbox", "bbox-crs"];
/// Files that are written at once; others wait so long for their turn.
const WRITING_MAX: usize = 3;
const WAITED: Duration = Duration::from_secs(20);
/// Features read at once, of large ones fewer; and how many such pages wait to be written.
const PAGE: usize = 2_000;
const PAGE_FIRST: usize = 200;
const PAGE_BYTES: usize = 8 << 20;
const AHEAD: usize = 2;

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("there is no layer of this code, or it is not yours to read")]
    Unknown,
    #[error("format={0} is not offered; write one of {names}", names = names())]
    Format(String),
    #[error("{0} knows WGS 84 alone; leave crs out, or choose another format")]
    Crs(Format),
    #[error("at={0} cannot be read; write a day as 2026-11-20, or a moment as 2026-11-20T09:00:00+07:00")]
    At(String),
    #[error("{0}")]
    NotHeld(String),
    #[error("{0}")]
    Failed(Failed),
    /// What is wrong with another parameter of the query.
    #[error("{}", .0.detail())]
    Query(Problem),
    #[error("{WRITING_MAX} downloads are being written and others wait; ask again in a minute")]
    Busy,
    #[error(transparent)]
    Internal(#[from] Internal),
}

fn names() -> String {
    file::NAMES.map(|(name, _)| name).join(", ")
}

impl From<Failed> for Rejection {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Internal(error) => Self::Internal(error),
            Failed::NotHeld(what) => Self::NotHeld(what),
            other => Self::Failed(other),
        }
    }
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        match self {
            Self::Unknown => Problem::not_found("layer"),
            Self::Query(problem) => problem,
            Self::Internal(error) => error.into(),
            Self::Busy => Problem::too_many(self.to_string(), WAITED),
            Self::NotHeld(what) => Problem::new(StatusCode::BAD_REQUEST, "format_cannot_hold", what),
            other => Problem::bad_request(other.to_string()),
        }
    }
}

/// What the query says.
struct Wanted {
    format: Format,
    system: System,
    /// As of when; none is now.
    at: Option<Timestamp>,
    bounds: Option<Bounds>,
    conditions: Conditions,
}

struct Writing(Semaphore);

impl Default for Writing {
    fn default() -> Self {
        Self(Semaphore::new(WRITING_MAX))
    }
}

fn wanted(cx: &Cx, layer: &Layer, asked: &Asked) -> Result<Wanted, Rejection> {
    asked.check(&KNOWN, &[]).map_err(Rejection::Query)?;
    let name = asked.get("format").unwrap_or("geojson");
    let format = file::format(name).ok_or_else(|| Rejection::Format(shortened(name)))?;
    let read = |name| System::read(name, asked.get(name)).map_err(Rejection::Query);
    let (system, bbox_system) = (read("crs")?, read("bbox-crs")?);
    if file::is_wgs84_alone(format) && !system.is_stored() {
        return Err(Rejection::Crs(format));
    }
    let at =
        asked.get("at").map(|text| moment::read(text, &cx.zone, cx.now()).map_err(|_| Rejection::At(shortened(text))));
    let bounds = asked.get("bbox").map(|text| bounds::read(text, bbox_system)).transpose();
    let conditions = filter::conditions(cx, layer, &filter_alone(asked));
    Ok(Wanted {
        format,
        system,
        at: at.transpose()?.flatten(),
        bounds: bounds.map_err(Rejection::Query)?,
        conditions: conditions.map_err(Rejection::Query)?,
    })
}

/// An attribute may be called as a parameter is here, and is none.
fn filter_alone(asked: &Asked) -> Asked {
    let said = ["filter", "filter-lang", "filter-crs"].into_iter();
    let pairs = said.filter_map(|name| Some(format!("{name}={}", encoded(asked.get(name)?))));
    Asked::new(HeaderMap::new(), &pairs.collect::<Vec<_>>().join("&"))
}

/// Reads the rows and has them written; the counterpart of an import.
async fn write(cx: &Cx, base: Option<i64>, as_of: Timestamp, job: Job) -> Result<Written, Rejection> {
    let bounds = job.bounds;
    let (pages, taken) = mpsc::channel(AHEAD);
    let writing = tokio::task::spawn_blocking(move || writing::write(&job, taken));
    let (mut after, mut size) = (0, PAGE_FIRST);
    while let Some(base) = base {
        let page = match &bounds {
            None => features::page_at(&cx.db, base, as_of, after, size as i64).await?,
            Some(bounds) => features::box_at(&cx.db, base, as_of, bounds, after, size as i64).await?,
        };
        let Some(last) = page.last() else { break };
        after = last.feature;
        let weight = |row: &Feature| row.properties.len() + row.geometry.as_ref().map_or(0, Vec::len);
        let bytes: usize = page.iter().map(weight).sum();
        size = (PAGE_BYTES / (bytes / page.len()).max(1)).clamp(1, PAGE);
        // The writer ends early by an error, which it tells itself.
        if pages.send(page).await.is_err() {
            break;
        }
    }
    drop(pages);
    Ok(writing.await.map_err(Internal::new)??)
}

async fn download(cx: &Cx, code: &str, asked: &Asked) -> Result<Response, Rejection> {
    let (layer, reach) = ogc::collection(cx, code).map_err(|_| Rejection::Unknown)?;
    let Wanted { format, system, at, bounds, conditions } = wanted(cx, &layer, asked)?;
    let as_of = at.unwrap_or_else(|| cx.now());
    let base = match at {
        Some(at) => bases::at(&cx.db, &layer.code, at).await?,
        None => layers::standing(&cx.db, &layer.code).await?.and_then(|standing| standing.base),
    };
    let memory = cx.memory.get_or(Writing::default);
    let turn = tokio::time::timeout(WAITED, memory.0.acquire()).await.map_err(|_| Rejection::Busy)?;
    let turn = turn.map_err(Internal::new)?;
    let codes = match base {
        Some(base) => features::shape_codes(&cx.db, base).await?,
        None => Vec::new(),
    };
    let kind = file::kind(&layer, &codes);
    if let Some(why) = file::cannot_hold(format, kind) {
        return Err(Rejection::NotHeld(why));
    }
    let day = as_of.to_zoned(cx.zone.clone()).date();
    let plain = format!("{code}-{day}.{}", format.extension());
    let folder = tempfile::tempdir().map_err(Internal::new)?;
    let path = folder.path().join(&plain);
    let about = about::of(cx, &layer, system.0, as_of, asked.get("filter"));
    let crs = system.0;
    let job = Job { layer: layer.clone(), reach, bounds, conditions, format, crs, kind, about, path };
    let written = write(cx, base, as_of, job).await?;
    drop(turn);
    let mut response = answer::sent(folder, &plain).await?;
    let name = format!("{} {day}.{}", layer.title.get(cx.lang).replace('/', "-"), format.extension());
    let said = response.headers_mut();
    said.insert(header::CONTENT_TYPE, HeaderValue::from_static(file::media_type(format)));
    let value = |text: &str| HeaderValue::from_str(text).map_err(Internal::new);
    said.insert(header::CONTENT_DISPOSITION, value(&answer::disposition(&plain, &name))?);
    said.insert(header::CACHE_CONTROL, keeping(layer.rights.is_public()));
    said.insert(header::VARY, HeaderValue::from_static("accept-language, cookie, authorization"));
    said.insert(answer::FEATURES, HeaderValue::from(written.features));
    if let Some(losses) = answer::losses(&written) {
        said.insert(answer::LOSSES, value(&losses)?);
    }
    said.extend(system.header().map(|crs| (header::HeaderName::from_static("content-crs"), crs)));
    Ok(response)
}

/// Download a layer.
#[utoipa::path(get, path = "/api/v1/layers/{layer}/download", operation_id = "download_layer", tag = "maps",
    description = "What of the layer the caller reads, as a file. It names its source, licence and whether it is simulated \
        wherever its format has a place for that. What a format cannot hold is told by the header `Download-Losses`, and \
        in the README of a zipped Shapefile. In files the east stands before the north in every reference system.",
    params(("layer" = String, Path, description = "Code of a layer", example = "trees"),
        ("format" = Option<String>, Query, description = "`geojson` (if it is not said), `gpkg`, `shapefile` (a zip), \
            `flatgeobuf`, `csv`, `kml` or `gpx`; GPX holds points and lines alone", example = "gpkg"),
        ("crs" = Option<String>, Query, description = "The system of the coordinates, one of the collection's list under \
            /ogc; WGS 84 if it is not said. KML and GPX know that one alone", example = "EPSG:5899"),
        ("at" = Option<String>, Query, description = "The layer as of this day or moment", example = "2026-11-20"),
        ("filter" = Option<String>, Query, description = "CQL2 on the collection's queryables", example = "height_m > 5"),
        ("filter-lang" = Option<String>, Query, description = "`cql2-text`, if it is not said, or `cql2-json`", example = "cql2-text"),
        ("filter-crs" = Option<String>, Query, description = "The system of coordinates in the filter; CRS84 if it is not said", example = "EPSG:5899"),
        ("bbox" = Option<String>, Query, description = "What touches this box, in bbox-crs: west, south, east, north", example = "108.1,16,108.3,16.2"),
        ("bbox-crs" = Option<String>, Query, description = "The system of bbox; CRS84 if it is not said", example = "EPSG:5899"),
        ("lang" = Option<String>, Query, description = "Language of what the file says of itself, `vi` or `en`", example = "en")),
    responses(
        (status = 200, description = "The file", content((Object = "application/geo+json", example = json!({ "type": "FeatureCollection",
                    "features": [{ "type": "Feature", "id": 1, "properties": { "species": "Bàng", "height_m": 8 },
                        "geometry": { "type": "Point", "coordinates": [108.2208, 16.0678] } }] })),
                (Vec<u8> = "application/geopackage+sqlite3"), (Vec<u8> = "application/zip"), (Vec<u8> = "application/flatgeobuf"),
                (String = "text/csv"), (String = "application/vnd.google-earth.kml+xml"), (String = "application/gpx+xml")),
            headers(("Content-Disposition" = String, description = "The name of the file"),
                ("Content-Crs" = String, description = "The system of the coordinates"),
                ("Download-Features" = String, description = "How many features stand in the file"),
                ("Download-Losses" = String, description = "What the format could not hold; missing where that is nothing"))),
        (status = 404, description = "No such layer, or not yours to read"),
        (status = 429, description = "Too many downloads are being written; see Retry-After"),
    ))]
pub async fn handler(cx: Cx, Path(code): Path<String>, asked: Asked) -> Result<Response, Problem> {
    download(&cx, &code, &asked).await.map_err(IntoProblem::into_problem)
}
