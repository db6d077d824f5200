//! `songhan import KIND FILE`: data of others brought into the city, beside a running server. What was done is told on
//! standard output, its last line a contract; everything else on standard error.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use flate2::bufread::MultiGzDecoder;
use songhan_maps::{Import, Layers, import_layer, troubles};
use songhan_procedures::ops::import_procedures::{Imported, import_procedures};

use crate::open;
use crate::settings::Settings;

/// How a gzipped file begins.
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// Refused lines that are told one by one.
const TOLD_MAX: usize = 100;

/// Imports the national catalogue of procedures.
pub async fn procedures(settings: Settings, path: &Path) -> Result<()> {
    let file = lines(path)?;
    let server = open::system(&settings, String::new()).await?;
    eprintln!("reading {} …", path.display());
    let cx = server.app.system("command");
    let imported = import_procedures(&cx, file, |lines| eprintln!("{lines} lines read")).await?;
    tell(&imported);
    println!("{imported}");
    server.app.db.close().await;
    Ok(())
}

/// Imports a statement and reconciles it; the differences wait on the accountant's pages.
pub async fn statement(settings: Settings, path: &Path) -> Result<()> {
    let bytes = std::fs::read(path).context("cannot read it")?;
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let server = open::system(&settings, String::new()).await?;
    let cx = server.app.system("command");
    let imported = songhan_ledger::import_statement(&cx, &name, &bytes).await?;
    println!("{imported}");
    server.app.db.close().await;
    Ok(())
}

/// Which layer is imported, from what.
#[derive(clap::Args, Debug)]
pub struct LayerFile {
    /// Code of the layer: the name of its file in layers/
    code: String,
    /// GeoJSON, GeoPackage, Shapefile (zipped or .shp), FlatGeobuf, CSV, KML, KMZ, GPX or .osm.pbf
    pub file: PathBuf,
    /// Which layer of the file; its first otherwise
    #[arg(long)]
    layer: Option<String>,
    /// Reference system, where the file does not say it: EPSG:5899
    #[arg(long)]
    crs: Option<String>,
    /// Why, as the layer's history shows it
    #[arg(long, default_value = "command line")]
    reason: String,
}

/// Imports a layer of the map.
pub async fn layer(settings: Settings, wanted: &LayerFile) -> Result<()> {
    let server = open::system(&settings, String::new()).await?;
    let cx = server.app.system("command");
    let layers = cx.city.get::<Layers>();
    let Some(layer) = layers.get(&wanted.code).cloned() else {
        let known: Vec<&str> = layers.iter().map(|layer| layer.code.as_str()).collect();
        bail!("the city has no layer {}; it has {}", wanted.code, known.join(", "));
    };
    let crs = wanted.crs.as_deref().map(str::parse).transpose()?;
    let name = wanted.file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let import = Import {
        layer: &layer,
        path: &wanted.file,
        file: &name,
        file_layer: wanted.layer.as_deref(),
        crs,
        reason: &wanted.reason,
    };
    let imported = import_layer(&cx, import, |read| eprintln!("{read} features read")).await?;
    for trouble in troubles(&cx, imported.base, TOLD_MAX).await? {
        eprintln!("{trouble}");
    }
    println!("{imported}");
    server.app.db.close().await;
    Ok(())
}

/// The file's lines, unpacked where it is packed.
fn lines(path: &Path) -> Result<Box<dyn BufRead + Send>> {
    let mut file = File::open(path).context("cannot open it")?;
    let mut begin = Vec::new();
    file.by_ref().take(GZIP.len() as u64).read_to_end(&mut begin).context("cannot read it")?;
    file.rewind().context("cannot read it")?;
    let file = BufReader::new(file);
    Ok(if begin == GZIP { Box::new(BufReader::new(MultiGzDecoder::new(file))) } else { Box::new(file) })
}

/// What an operator may want to see to.
fn tell(imported: &Imported) {
    for (line, reason) in imported.refused.iter().take(TOLD_MAX) {
        eprintln!("line {line} refused: {reason}");
    }
    if imported.refused.len() > TOLD_MAX {
        eprintln!("and {} more lines refused", imported.refused.len() - TOLD_MAX);
    }
    for (field, count) in &imported.unmapped {
        let what = format!("the field {field:?} ({count} procedures) is not mapped");
        eprintln!("{what}; add it to catalogue.toml of the city's folder");
    }
    if imported.declared > 0 {
        eprintln!("{} of them stand in the city's folder too, which counts before the import", imported.declared);
    }
}
