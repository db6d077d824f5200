//! GPX 1.1: waypoints, routes and tracks, each a layer. Heights and times of single track points are not read; of a
//! waypoint they are attributes.

mod read;
mod write;

use std::path::Path;

use crate::infer::{self, Raw};
use crate::sink::{Plan, Push};
use crate::source::{Opened, open_file, pick};
use crate::{Fatal, Format, LayerInfo, Options};

/// A layer and the element its features are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layer {
    Waypoints,
    Routes,
    Tracks,
}

const LAYERS: [Layer; 3] = [Layer::Waypoints, Layer::Routes, Layer::Tracks];

impl Layer {
    fn name(self) -> &'static str {
        match self {
            Self::Waypoints => "waypoints",
            Self::Routes => "routes",
            Self::Tracks => "tracks",
        }
    }

    fn element(self) -> &'static str {
        match self {
            Self::Waypoints => "wpt",
            Self::Routes => "rte",
            Self::Tracks => "trk",
        }
    }
}

fn raw(path: &Path, layer: Layer, options: &Options) -> Result<Box<dyn Raw>, Fatal> {
    Ok(Box::new(read::Reader::new(open_file(path)?, layer, &options.limits)))
}

/// The layers that hold anything; all three if none does.
pub fn layers(path: &Path, options: &Options) -> Result<Vec<LayerInfo>, Fatal> {
    let all = LAYERS.into_iter().map(|layer| infer::layer(|| raw(path, layer, options), layer.name(), &options.limits));
    let all = all.collect::<Result<Vec<_>, _>>()?;
    let filled: Vec<LayerInfo> = all.iter().filter(|info| info.count != Some(0)).cloned().collect();
    Ok(if filled.is_empty() { all } else { filled })
}

/// Without a name the first layer that holds anything.
pub fn open(path: &Path, layer: Option<&str>, options: &Options) -> Result<Opened, Fatal> {
    let holds = |layer: &Layer| raw(path, *layer, options).is_ok_and(|mut raw| !matches!(raw.pull(), Ok(None)));
    let layer = match layer {
        Some(_) => *pick(&LAYERS, |layer| layer.name(), layer)?,
        None => LAYERS.into_iter().find(holds).unwrap_or(Layer::Waypoints),
    };
    infer::open(|| raw(path, layer, options), layer.name(), options)
}

pub fn create(path: &Path, plan: &Plan<'_>) -> Result<Box<dyn Push>, Fatal> {
    if !plan.srs.is_wgs84_or_unknown() {
        let what = "places that are not longitude and latitude on WGS 84".into();
        return Err(Fatal::NotHeld { format: Format::Gpx, what });
    }
    Ok(Box::new(write::Writer::create(path, plan)?))
}
