//! CSV (RFC 4180) with what spreadsheets make of it: semicolons and tabs, decimal commas, a byte order mark, places in two
//! columns or as well-known text in one.

mod columns;
mod read;
pub mod sniff;
mod write;

use std::path::Path;

use crate::infer::{self, Raw};
use crate::loss::Losses;
use crate::sink::{Plan, Push};
use crate::source::{Opened, stem};
use crate::{Fatal, LayerInfo, Options};

fn raw(path: &Path, options: &Options) -> Result<Box<dyn Raw>, Fatal> {
    Ok(Box::new(read::Reader::open(path, options)?))
}

pub fn layer(path: &Path, options: &Options) -> Result<LayerInfo, Fatal> {
    infer::layer(|| raw(path, options), &stem(path), &options.limits)
}

pub fn open(path: &Path, options: &Options) -> Result<Opened, Fatal> {
    infer::open(|| raw(path, options), &stem(path), options)
}

pub fn create(path: &Path, plan: &Plan<'_>, losses: &mut Losses) -> Result<Box<dyn Push>, Fatal> {
    Ok(Box::new(write::Writer::create(path, plan, losses)?))
}
