//! GeoJSON (RFC 7946), and the same one feature a line or as a text sequence (RFC 8142).

mod coords;
mod feature;
mod lines;
mod read;
mod scan;
mod write;

use std::path::Path;

use crate::infer::{self, Raw};
use crate::sink::{Plan, Push};
use crate::source::{Opened, open_file, stem};
use crate::{Fatal, Format, LayerInfo, Options};

fn raw(path: &Path, format: Format, options: &Options) -> Result<Box<dyn Raw>, Fatal> {
    let file = open_file(path)?;
    Ok(match format {
        Format::GeoJsonSeq => Box::new(lines::Lines::new(file, &options.limits)),
        _ => Box::new(read::Collection::new(file, &options.limits)),
    })
}

pub fn layer(path: &Path, format: Format, options: &Options) -> Result<LayerInfo, Fatal> {
    infer::layer(|| raw(path, format, options), &stem(path), &options.limits)
}

pub fn open(path: &Path, format: Format, options: &Options) -> Result<Opened, Fatal> {
    infer::open(|| raw(path, format, options), &stem(path), options)
}

pub fn create(path: &Path, format: Format, plan: &Plan<'_>) -> Result<Box<dyn Push>, Fatal> {
    Ok(Box::new(write::Writer::create(path, format, plan)?))
}
