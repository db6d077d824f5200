//! `songhan map …`: what an operator does with the map as a whole, beside a running server.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use songhan_maps::{Layer, Layers, Pack, pack};

use crate::open;
use crate::settings::Settings;

/// Deepest zoom that is packed without being told: programs draw deeper ones from its tiles.
const ZOOMS: &str = "0-14";

#[derive(clap::Subcommand, Debug)]
pub enum Map {
    /// Pack layers that everyone may read into one PMTiles archive; the last line says what came of it. The server serves
    /// it as its base map when it lies as basemap.pmtiles in the data folder
    Pack(PackFile),
}

#[derive(clap::Args, Debug)]
pub struct PackFile {
    /// The archive to write; one that is there is replaced
    out: PathBuf,
    /// Codes of layers with commas between them [default: all that everyone may read]
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    layers: Vec<String>,
    /// First and last zoom
    #[arg(long, value_name = "FROM-TO", default_value = ZOOMS)]
    zooms: String,
}

pub async fn run(settings: Settings, what: Map) -> Result<()> {
    match what {
        Map::Pack(wanted) => {
            let out = wanted.out.clone();
            packed(settings, wanted).await.with_context(|| format!("cannot pack {}", out.display()))
        }
    }
}

async fn packed(settings: Settings, wanted: PackFile) -> Result<()> {
    let zooms = zooms(&wanted.zooms)?;
    if let Some(folder) = wanted.out.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) {
        bail!("there is no folder {}; make it first", folder.display());
    }
    let server = open::system(&settings, String::new()).await?;
    let cx = server.app.system("command");
    let layers = layers(cx.city.get::<Layers>(), &wanted.layers)?;
    let path = absolute(&wanted.out)?;
    let done = pack(&cx, Pack { layers, zooms, path }, |done, all| eprintln!("{done} of {all} tiles")).await?;
    println!("{done}");
    server.app.db.close().await;
    Ok(())
}

fn absolute(path: &Path) -> Result<PathBuf> {
    std::path::absolute(path).context("cannot tell where that is")
}

fn zooms(text: &str) -> Result<std::ops::RangeInclusive<u8>> {
    let parts = text.split_once('-').and_then(|(from, to)| Some((from.trim().parse().ok()?, to.trim().parse().ok()?)));
    let Some((from, to)) = parts else { bail!("--zooms {text} cannot be read; write it as {ZOOMS}") };
    Ok(from..=to)
}

fn layers(all: &Layers, codes: &[String]) -> Result<Vec<Arc<Layer>>> {
    if codes.is_empty() {
        return Ok(all.iter().filter(|layer| layer.rights.is_public()).cloned().collect());
    }
    let named = codes.iter().map(|code| {
        all.get(code.trim()).cloned().with_context(|| {
            let known: Vec<&str> = all.iter().map(|layer| layer.code.as_str()).collect();
            format!("the city has no layer {code}; it has {}", known.join(", "))
        })
    });
    named.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zooms_are_two_numbers() {
        assert_eq!(zooms("0-14").unwrap(), 0..=14);
        assert_eq!(zooms("8 - 12").unwrap(), 8..=12);
        for wrong in ["", "12", "a-b", "-1-3", "0-300"] {
            assert!(zooms(wrong).is_err(), "{wrong}");
        }
    }
}
