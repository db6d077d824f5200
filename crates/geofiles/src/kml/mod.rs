//! KML and KMZ (OGC 12-007r2). All placemarks of a file are one layer; the folder that one lies in is an attribute. Looks
//! (styles, pictures, views) and what lies elsewhere (network links) are not read.

mod geometry;
mod read;
mod write;

use std::path::Path;

use crate::infer::{self, Raw};
use crate::loss::Losses;
use crate::sink::{Plan, Push};
use crate::source::{Opened, open_file, stem};
use crate::unzip::{Zip, ends_with};
use crate::{Fatal, Format, LayerInfo, Options};

fn raw(path: &Path, format: Format, options: &Options) -> Result<Box<dyn Raw>, Fatal> {
    let file = match format {
        Format::Kmz => {
            let mut zip = Zip::open(path, &options.limits)?;
            // Clause 7.1 and annex C: the first KML file at the root, mostly doc.kml.
            let files: Vec<(usize, String)> = zip.names().map(|(index, name)| (index, name.to_owned())).collect();
            let found = files.iter().filter(|(_, name)| ends_with(name, ".kml"));
            let main = found.min_by_key(|(index, name)| (name.matches('/').count(), *index));
            let (index, _) = main.ok_or_else(|| Fatal::Zip("it holds no .kml".into()))?;
            // The open file outlives its name.
            open_file(&zip.unpack(*index)?)?
        }
        _ => open_file(path)?,
    };
    Ok(Box::new(read::Reader::new(file, format, &options.limits)))
}

pub fn layer(path: &Path, format: Format, options: &Options) -> Result<LayerInfo, Fatal> {
    infer::layer(|| raw(path, format, options), &stem(path), &options.limits)
}

pub fn open(path: &Path, format: Format, options: &Options) -> Result<Opened, Fatal> {
    infer::open(|| raw(path, format, options), &stem(path), options)
}

pub fn create(path: &Path, format: Format, plan: &Plan<'_>, losses: &mut Losses) -> Result<Box<dyn Push>, Fatal> {
    Ok(Box::new(write::Writer::create(path, format, plan, losses)?))
}
