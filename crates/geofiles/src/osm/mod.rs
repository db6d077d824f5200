//! OpenStreetMap extracts (`.osm.pbf`, as the OSM wiki describes the format), read in layers that a city map wants.
//!
//! Read here and not by a crate: one that fills structures by protobuf's generated code lets a block of 32 MB swell to
//! gigabytes, while here a block is walked through where it lies. A way knows its nodes by number only, so the nodes that
//! a layer needs are gathered first ([`crate::Limits::osm_nodes`]); the file is gone through up to five times, each time
//! over the blocks only that hold what is wanted.

mod assemble;
mod blob;
mod block;
mod gather;
mod nodes;
mod read;
mod rules;
mod wire;

use std::path::Path;

use crate::source::{Opened, pick};
use crate::{Fatal, Format, LayerInfo, Options, Srs};

fn broken(at: impl ToString, why: impl ToString) -> Fatal {
    Fatal::broken(Format::OsmPbf, at, why)
}

/// The same six for every file.
pub fn layers() -> Vec<LayerInfo> {
    rules::LAYERS.iter().map(info).collect()
}

fn info(layer: &rules::Layer) -> LayerInfo {
    LayerInfo {
        name: layer.name.to_owned(),
        kind: layer.kind,
        fields: layer.fields(),
        count: None,
        srs: Srs::wgs84(),
        bounds: None,
    }
}

pub fn open(path: &Path, layer: Option<&str>, options: &Options) -> Result<Opened, Fatal> {
    let layer = pick(&rules::LAYERS, |layer| layer.name, layer)?;
    Ok(Opened { pull: Box::new(read::Reader::new(path, layer, &options.limits)?), info: info(layer) })
}
