//! Packs layers that everyone may read into one PMTiles archive (version 3): for maps without a server, and as the base
//! of the server's own.

use std::collections::BTreeSet;
use std::fmt;
use std::io::{self, BufWriter};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pmtiles::{PmTilesWriter, PmtError, TileCoord, TileId, TileType};
use serde_json::{Map, Value, json};
use songhan_app::Cx;
use songhan_base::Internal;
use songhan_geo::tile::{self, Options, PreparedLayer};

use super::archive::GENERATIONS;
use crate::layer::{Kind, Layer};
use crate::snapshot::{self, Snapshot};
use crate::tiles::{BUDGET_BYTES, BUDGET_ZOOM, ZOOM_MAX};

/// What is packed, and whereto.
pub struct Pack {
    pub layers: Vec<Arc<Layer>>,
    pub zooms: RangeInclusive<u8>,
    pub path: PathBuf,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("the layer {0} is not everyone's to read, and an archive has no guard; leave it out")]
    Protected(String),
    #[error("zooms {0} to {1} cannot be packed; give two from 0 to {ZOOM_MAX}, the smaller first")]
    Zooms(u8, u8),
    #[error("there is nothing to pack; name layers that have features")]
    Nothing,
    #[error("cannot write {0}: {1}")]
    Write(String, io::Error),
    #[error("cannot pack {0}: {1}")]
    Format(String, PmtError),
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Packed {
    pub layers: usize,
    pub tiles: u64,
    /// Tiles of low zooms in which not all features have room.
    pub thinned: u64,
    pub bytes: u64,
}

impl fmt::Display for Packed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "layers={} tiles={} thinned={} bytes={}", self.layers, self.tiles, self.thinned, self.bytes)
    }
}

/// Packs layers; `told` hears how many tiles of how many are written.
pub async fn pack(cx: &Cx, wanted: Pack, told: impl Fn(u64, u64) + Send + 'static) -> Result<Packed, Rejection> {
    let (from, to) = (*wanted.zooms.start(), *wanted.zooms.end());
    if from > to || to > ZOOM_MAX {
        return Err(Rejection::Zooms(from, to));
    }
    let mut parts = Vec::new();
    for layer in &wanted.layers {
        if !layer.rights.is_public() {
            return Err(Rejection::Protected(layer.code.clone()));
        }
        let snapshot = snapshot::of(cx, layer).await?;
        parts.extend(snapshot.filter(|snapshot| !snapshot.tiles.is_empty()).map(|snapshot| (layer.clone(), snapshot)));
    }
    if parts.is_empty() {
        return Err(Rejection::Nothing);
    }
    let name = cx.city.manifest().name.get(cx.lang).to_owned();
    let work = move || write(&parts, &wanted, &name, told);
    tokio::task::spawn_blocking(work).await.map_err(Internal::new)?
}

type Part = (Arc<Layer>, Arc<Snapshot>);

/// Written beside its place and moved there whole: a server that has the old one open goes on with it.
fn write(parts: &[Part], wanted: &Pack, name: &str, told: impl Fn(u64, u64)) -> Result<Packed, Rejection> {
    let said = wanted.path.display().to_string();
    let failed = |error: io::Error| Rejection::Write(said.clone(), error);
    let odd = |error: PmtError| Rejection::Format(said.clone(), error);
    let folder = wanted.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut beside = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    let [west, south, east, north] = bounds(parts);
    let (from, to) = (*wanted.zooms.start(), *wanted.zooms.end());
    let mut archive = PmTilesWriter::new(TileType::Mvt)
        .min_zoom(from)
        .max_zoom(to)
        .bounds(west, south, east, north)
        .center(f64::midpoint(west, east), f64::midpoint(south, north))
        .center_zoom(from)
        .metadata(metadata(parts, wanted, name).to_string())
        .create(BufWriter::new(beside.as_file_mut()))
        .map_err(odd)?;
    let tiles = addresses(parts, &wanted.zooms).map_err(odd)?;
    let mut packed = Packed { layers: parts.len(), ..Packed::default() };
    let all = tiles.len() as u64;
    for (done, id) in (1_u64..).zip(tiles) {
        let at = TileCoord::from(TileId::new(id).map_err(odd)?);
        let shown = parts.iter().filter(|(layer, _)| layer.style.min_zoom <= at.z());
        let layers: Vec<(&PreparedLayer, Options<'_>)> =
            shown.map(|(_, snapshot)| (&*snapshot.tiles, Options::default())).collect();
        let budget = (at.z() <= BUDGET_ZOOM).then_some(BUDGET_BYTES);
        let tile = tile::encode_layers(&layers, at.z(), at.x(), at.y(), budget);
        archive.add_tile(at, &tile.bytes).map_err(odd)?;
        packed.tiles += u64::from(!tile.bytes.is_empty());
        packed.thinned += u64::from(tile.thinned.is_some());
        if done % 1_000 == 0 || done == all {
            told(done, all);
        }
    }
    archive.finalize().map_err(odd)?;
    beside.as_file().sync_all().map_err(failed)?;
    packed.bytes = beside.as_file().metadata().map_err(failed)?.len();
    readable(beside.path()).map_err(failed)?;
    beside.persist(&wanted.path).map_err(|error| failed(error.error))?;
    Ok(packed)
}

/// Like other files of the folder: a server under another account reads it too.
fn readable(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644))
    }
    #[cfg(not(unix))]
    std::fs::metadata(path).map(drop)
}

/// The tiles in which something may lie, in the archive's order.
fn addresses(parts: &[Part], zooms: &RangeInclusive<u8>) -> Result<BTreeSet<u64>, PmtError> {
    let mut all = BTreeSet::new();
    let mut level = vec![(0_u32, 0_u32)];
    for z in 0..=*zooms.end() {
        level.retain(|(x, y)| parts.iter().any(|(_, snapshot)| snapshot.tiles.reaches(z, *x, *y)));
        if zooms.contains(&z) {
            for (x, y) in &level {
                all.insert(TileId::from(TileCoord::new(z, *x, *y)?).value());
            }
        }
        let below = level
            .iter()
            .flat_map(|(x, y)| [(2 * x, 2 * y), (2 * x + 1, 2 * y), (2 * x, 2 * y + 1), (2 * x + 1, 2 * y + 1)]);
        level = below.collect();
    }
    Ok(all)
}

fn bounds(parts: &[Part]) -> [f64; 4] {
    let each = parts.iter().filter_map(|(_, snapshot)| snapshot.tiles.bounds_wgs84());
    let all = each.reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]);
    all.unwrap_or([-180.0, -85.0, 180.0, 85.0])
}

fn metadata(parts: &[Part], wanted: &Pack, name: &str) -> Value {
    let layers: Vec<Value> = parts
        .iter()
        .map(|(layer, _)| {
            let fields: Map<String, Value> = layer
                .attributes
                .iter()
                .map(|attribute| {
                    let kind = match attribute.kind {
                        Kind::Integer | Kind::Number => "Number",
                        Kind::Boolean => "Boolean",
                        Kind::Text | Kind::Date | Kind::Timestamp => "String",
                    };
                    (attribute.name.clone(), kind.into())
                })
                .collect();
            let first = layer.style.min_zoom.clamp(*wanted.zooms.start(), *wanted.zooms.end());
            json!({ "id": layer.code, "description": layer.title.get(songhan_base::Lang::Vi), "fields": fields,
                "minzoom": first, "maxzoom": wanted.zooms.end() })
        })
        .collect();
    let sources: BTreeSet<String> = parts
        .iter()
        .map(|(layer, _)| format!("{} ({})", layer.source.get(songhan_base::Lang::Vi), layer.licence))
        .collect();
    let generations: Map<String, Value> =
        parts.iter().map(|(layer, snapshot)| (layer.code.clone(), snapshot.generation.into())).collect();
    json!({ "name": name, "type": "baselayer", "attribution": sources.into_iter().collect::<Vec<_>>().join("; "),
        "vector_layers": layers, GENERATIONS: generations })
}
