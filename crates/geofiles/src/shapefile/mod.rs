//! Shapefile (ESRI white paper J-7855, July 1998) with its dBASE III table. Read here and not by a crate, for two
//! reasons: a record that cannot be read must not end the reading, which needs the record cut out before it is looked at;
//! and a table's fields must keep their order.

mod bundle;
mod dbf;
mod encoding;
mod names;
mod read;
mod shp;
mod table;
mod write;

use std::path::Path;

use crate::loss::Losses;
use crate::sink::{Plan, Push};
use crate::source::{Opened, pick};
use crate::{Fatal, Format, LayerInfo, Options};

/// The names under which a Shapefile's table holds fields: ten bytes, each its own.
pub fn column_names(names: &[&str]) -> Vec<String> {
    names::short(names)
}

fn broken(at: impl ToString, why: impl ToString) -> Fatal {
    Fatal::broken(Format::Shapefile, at, why)
}

pub fn layers(path: &Path, options: &Options) -> Result<Vec<LayerInfo>, Fatal> {
    let bundles = bundle::find(path, None, options)?;
    bundles.into_iter().map(|bundle| Ok(read::open(bundle, options)?.info)).collect()
}

pub fn open(path: &Path, layer: Option<&str>, options: &Options) -> Result<Opened, Fatal> {
    let mut bundles = bundle::find(path, layer, options)?;
    let wanted = pick(&bundles, |bundle| &bundle.name, layer)?.name.clone();
    bundles.retain(|bundle| bundle.name == wanted);
    match bundles.into_iter().next() {
        Some(bundle) => read::open(bundle, options),
        None => Err(Fatal::MissingPart("shp")),
    }
}

pub fn create(path: &Path, plan: &Plan<'_>, losses: &mut Losses) -> Result<Box<dyn Push>, Fatal> {
    Ok(Box::new(write::Writer::create(path, plan, losses)?))
}
