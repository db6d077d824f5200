//! Import a layer: a file's features become what the layer consists of. They are written in many commits that nobody
//! sees; the last one puts them in the place of what was before. Whatever ends the import earlier leaves the layer as it
//! was.

use std::path::Path;

use songhan_app::Cx;
use songhan_base::Internal;
use songhan_geo::crs::Crs;
use songhan_geofiles::{self as files, Fatal, Source, Srs};
use tokio::sync::mpsc;

use super::reading::{Batch, Fit, Reader};
use crate::edit::{Author, tell};
use crate::events::LayerChanged;
use crate::layer::Layer;
use crate::snapshot;
use crate::store::bases::{self, Counts, NewBase, Trouble};
use crate::store::imported::{self, Made, Row};
use crate::store::layers;

/// Batches that wait to be written.
const AHEAD: usize = 2;

/// What is imported.
#[derive(Clone, Copy)]
pub struct Import<'a> {
    pub layer: &'a Layer,
    pub path: &'a Path,
    /// The file's name as it was given.
    pub file: &'a str,
    /// Which layer of the file; its first where none is named.
    pub file_layer: Option<&'a str>,
    /// Where the file does not say, or says it wrongly.
    pub crs: Option<Crs>,
    pub reason: &'a str,
}

/// What an import came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Number of the import, by which its report is asked for.
    pub base: i64,
    pub counts: Counts,
    pub told: LayerChanged,
}

impl std::fmt::Display for Imported {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Counts { read, kept, repaired, refused } = self.counts;
        let layer = &self.told.layer;
        write!(f, "layer {layer}: {read} features read, {kept} kept, {repaired} of them repaired, {refused} refused")
    }
}

/// What an import repaired and refused, in the file's order.
pub async fn troubles(cx: &Cx, base: i64, most: usize) -> Result<Vec<Trouble>, Internal> {
    bases::troubles_of(&cx.db, base, 0, most as i64).await
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("import the file: {0}")]
    File(#[from] Fatal),
    #[error("the file's reference system {0} is not known; name one with crs, such as EPSG:5899")]
    Crs(String),
    #[error("none of the {0} features fits the layer; the first was refused because: {1}")]
    Nothing(i64, String),
    #[error("the layer was changed while its file was read; import the file again")]
    Changed,
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Imports a file; `progress` hears how many features have been read.
pub async fn import_layer(cx: &Cx, import: Import<'_>, mut progress: impl FnMut(i64)) -> Result<Imported, Rejection> {
    let (source, crs) = open(import).await?;
    let format = source.format().to_string();
    let began = begin(cx, import, &format, crs).await?;
    let (batches, mut taken) = mpsc::channel(AHEAD);
    let layer = import.layer.clone();
    let reading = tokio::task::spawn_blocking(move || read(&layer, source, crs, &batches));
    let mut counts = Counts::default();
    let mut first_refused = None;
    while let Some(batch) = taken.recv().await {
        let refused = batch.troubles.iter().find(|trouble| trouble.refused);
        first_refused = first_refused.or_else(|| refused.map(|trouble| trouble.what.clone()));
        write(cx, &began, batch, import.reason, &mut counts).await?;
        progress(counts.read);
    }
    reading.await.map_err(Internal::new)??;
    if counts.kept == 0 && counts.refused > 0 {
        return Err(Rejection::Nothing(counts.read, first_refused.unwrap_or_default()));
    }
    let told = turn(cx, import.layer, &began, counts).await?;
    snapshot::shown(cx, &told).await;
    Ok(Imported { base: began.base, counts, told })
}

/// An import on its way.
struct Began {
    base: i64,
    /// Of the layer, when the import began.
    generation: i64,
    by: Author,
}

async fn open(import: Import<'_>) -> Result<(Source, Crs), Rejection> {
    let (path, name) = (import.path.to_owned(), import.file_layer.map(str::to_owned));
    // The layer says what values are; a look through the file beforehand would read it twice.
    let options = files::Options { inference: files::Inference::AsTheyStand, ..files::Options::default() };
    let opening = move || files::open(&path, name.as_deref(), &options);
    let source = tokio::task::spawn_blocking(opening).await.map_err(Internal::new)??;
    let crs = match import.crs {
        Some(crs) => crs,
        None => system(source.srs())?,
    };
    Ok((source, crs))
}

/// What the file says of itself; a file that says nothing is in WGS 84, longitude first.
fn system(srs: &Srs) -> Result<Crs, Rejection> {
    if srs.is_wgs84_or_unknown() {
        return Ok(Crs::WGS84);
    }
    let named = || srs.name.clone().or_else(|| srs.epsg.map(|code| format!("EPSG:{code}"))).unwrap_or_default();
    let code = srs.epsg.ok_or_else(|| Rejection::Crs(named()))?;
    Crs::epsg(code).map_err(|_| Rejection::Crs(named()))
}

async fn begin(cx: &Cx, import: Import<'_>, format: &str, crs: Crs) -> Result<Began, Internal> {
    let by = Author::of(cx);
    let layer = &import.layer.code;
    let generation = layers::standing(&cx.db, layer).await?.map_or(0, |standing| standing.generation);
    let mut tx = cx.begin().await?;
    let base = songhan_db::next_number(&mut tx, "maps.base").await?;
    let crs = crs.to_string();
    let new = NewBase {
        number: base,
        layer,
        file: import.file,
        format,
        crs: &crs,
        made_by: &by.label,
        made_at: cx.now(),
        reason: import.reason,
    };
    bases::begin(&mut tx, &new).await?;
    tx.commit().await?;
    Ok(Began { base, generation, by })
}

fn read(layer: &Layer, source: Source, crs: Crs, batches: &mpsc::Sender<Batch>) -> Result<(), Fatal> {
    let mut reader = Reader::new(layer, source, crs);
    loop {
        let batch = reader.batch()?;
        // Nobody takes batches any more once writing has failed.
        if batch.read == 0 || batches.blocking_send(batch).is_err() {
            return Ok(());
        }
    }
}

async fn write(cx: &Cx, began: &Began, batch: Batch, reason: &str, counts: &mut Counts) -> Result<(), Internal> {
    let refused = batch.troubles.iter().filter(|trouble| trouble.refused).count() as i64;
    let first = counts.kept + 1;
    counts.read += batch.read;
    counts.kept += batch.fits.len() as i64;
    counts.refused += refused;
    counts.repaired += batch.troubles.len() as i64 - refused;
    let made = Made { base: began.base, at: cx.now(), by: &began.by.label, by_name: &began.by.name, reason };
    let mut tx = cx.begin().await?;
    imported::insert(&mut tx, made, first, batch.fits.into_iter().map(row)).await?;
    if !batch.troubles.is_empty() {
        bases::troubles(&mut tx, began.base, &batch.troubles).await?;
    }
    bases::count(&mut tx, began.base, *counts).await?;
    tx.commit().await
}

fn row(fit: Fit) -> Row {
    let (geometry, bounds) = fit.placed.map_or((None, None), |placed| (Some(placed.wkb), placed.bounds));
    Row { geometry, bounds, properties: fit.properties, area: fit.area }
}

/// The one commit that is seen.
async fn turn(cx: &Cx, layer: &Layer, began: &Began, counts: Counts) -> Result<LayerChanged, Rejection> {
    let mut tx = cx.begin().await?;
    let mut standing = layers::lock(&mut tx, &layer.code).await?;
    if standing.generation != began.generation {
        return Err(Rejection::Changed);
    }
    bases::turn(&mut tx, &layer.code, began.base, cx.now()).await?;
    standing.base = Some(began.base);
    standing.features = counts.kept;
    standing.last_feature = counts.kept;
    let told = tell(&mut tx, layer, standing, None).await?;
    let what = serde_json::json!({ "base": began.base, "read": counts.read, "kept": counts.kept,
        "repaired": counts.repaired, "refused": counts.refused });
    tx.audit("maps.import", &format!("layer:{}", layer.code), what).await?;
    tx.commit().await?;
    Ok(told)
}
