//! What pages show of the layers: which of them somebody reads, a page of features, one feature with its history, what
//! changed between two days; values and shapes as people read and write them. All of it goes by the rights of whoever
//! asks: a layer or feature that they may not read is not there.

mod changes;
mod geometry;
mod history;
mod item;
mod list;
pub mod words;

use std::sync::Arc;

use songhan_app::{Cx, Problem};
use songhan_base::Internal;

pub use changes::{Changes, Edit, changes, first_day};
pub use geometry::{Measure, read_geometry};
pub use history::{By, Past, history};
pub use item::{Item, feature, item};
pub use list::{Ask, Listing, Wrong, list};

use crate::layer::{Layer, LayerGroup, LayerGroups, Layers, Reach};
use crate::ogc;
use crate::store::layers;

/// Shapes as they go from a form to the engine: longitude, latitude.
pub type Geometry = geo_types::Geometry<f64>;

/// A layer, and what of it somebody reads.
#[derive(Clone, Debug)]
pub struct Readable {
    pub layer: Arc<Layer>,
    pub reach: Reach,
}

impl Readable {
    /// Whether the actor changes anything of it.
    pub fn is_edited(&self, cx: &Cx) -> bool {
        !self.layer.rights.edits(cx).is_nothing()
    }
}

/// A layer by its code; one of which the actor reads nothing is not there.
pub fn layer(cx: &Cx, code: &str) -> Result<Readable, Problem> {
    let (layer, reach) = ogc::collection(cx, code)?;
    Ok(Readable { layer, reach })
}

/// The layers that the actor reads, in the order of their groups.
pub fn layers(cx: &Cx) -> Vec<(LayerGroup, Vec<Readable>)> {
    let readable = |layer: &Arc<Layer>| match layer.rights.reads(cx) {
        Reach::Nothing => None,
        reach => Some(Readable { layer: layer.clone(), reach }),
    };
    let all: Vec<Readable> = cx.city.get::<Layers>().iter().filter_map(readable).collect();
    let within = |group: &LayerGroup| {
        let mut own: Vec<Readable> = all.iter().filter(|one| *one.layer.group == *group.id).cloned().collect();
        own.sort_by_key(|one| one.layer.style.min_zoom);
        (group.clone(), own)
    };
    cx.city.get::<LayerGroups>().iter().map(within).filter(|(_, own)| !own.is_empty()).collect()
}

/// The moment as of which somebody asks: a day means its end in the city, one that lies ahead means now (`None`).
pub fn as_of(cx: &Cx, day: jiff::civil::Date) -> Result<Option<jiff::Timestamp>, Problem> {
    ogc::moment::read(&day.to_string(), &cx.zone, cx.now())
}

/// How many features the layer has, where the actor reads all of them.
pub async fn count(cx: &Cx, readable: &Readable) -> Result<Option<i64>, Internal> {
    if readable.reach != Reach::Everything {
        return Ok(None);
    }
    let standing = layers::standing(&cx.db, &readable.layer.code).await?;
    Ok(Some(standing.map_or(0, |standing| standing.features)))
}
