//! Bản đồ số: the city's layers, declared in its folder; imported from the formats of the field, edited with history,
//! served by OGC API Features and as vector tiles.
//!
//! Owns the tables `map_layers`, `map_bases`, `map_troubles`, `map_features`. Emits [`LayerChanged`]; watches it too, for
//! the picture of each layer that a process holds in memory. What always holds:
//! - a layer is whole: an import is seen all at once or not at all, whatever ends it;
//! - each change of a feature is a version with who, when and why; what a layer was on any day is still there;
//! - a geometry is repaired or refused with the reason, never dropped in silence;
//! - who may not read a feature learns nothing of it by any way: items, tiles, counts, history, downloads;
//! - a tile shows the generation under which it was asked for, or a later one.

mod basemap;
mod download;
mod edit;
mod events;
mod feature;
mod layer;
mod ogc;
mod ops;
mod places;
mod properties;
pub mod reading;
mod shape;
mod snapshot;
mod store;
mod styles;
#[cfg(test)]
mod tests;
mod tiles;
mod view;

use songhan_app::Module;
use songhan_base::Lang;
use songhan_city::DeclarationKind;
use songhan_db::Migration;

pub use basemap::{Pack, Packed, pack};
pub use edit::{Edited, Of, Refused, Seen, Wish};
pub use events::LayerChanged;
pub use feature::Change;
pub use layer::{
    Anchors, Attribute, Class, FullLabel, Kind, Layer, LayerGroup, LayerGroups, Layers, Reach, Rights, Shape, Style,
};
pub use ops::change_feature::{Changing, change_feature};
pub use ops::fill::fill as fill_from_folder;
pub use ops::import_layer::{Import, Imported, import_layer, troubles};
pub use places::{Place, find as find_places};
pub use snapshot::warm;
pub use view::View;

const MIGRATIONS: &[Migration] = &[
    Migration { module: "maps", number: 1, name: "maps", sql: include_str!("../migrations/0001_maps.sql") },
    Migration { module: "maps", number: 2, name: "edits", sql: include_str!("../migrations/0002_edits.sql") },
];

pub fn module() -> Module {
    let mut routes = ogc::routes();
    routes.extend(tiles::routes());
    routes.extend(download::routes());
    routes.extend(styles::routes());
    routes.extend(basemap::routes());
    routes.extend(places::routes());
    Module {
        name: "maps",
        migrations: MIGRATIONS,
        routes,
        schedules: ops::schedules(),
        watchers: vec![snapshot::watch],
        declarations: vec![
            DeclarationKind::of::<Layers>(),
            DeclarationKind::of::<LayerGroups>(),
            DeclarationKind::of::<View>(),
        ],
        templates: ogc::TEMPLATES,
        texts: &[(Lang::Vi, include_str!("../locales/vi.ftl")), (Lang::En, include_str!("../locales/en.ftl"))],
        ..Module::default()
    }
}
