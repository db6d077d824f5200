//! `layer-groups.toml`: the groups of the catalogue of layers, as the tree beside the map shows them.

use serde::Deserialize;
use songhan_base::Text;
use songhan_city::{Folder, List, Listed, Placed, Report};

/// Nhóm lớp dữ liệu.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayerGroup {
    pub id: Placed<String>,
    pub title: Text,
}

/// The groups in the order in which they are shown.
pub type LayerGroups = List<LayerGroup>;

impl Listed for LayerGroup {
    const WHAT: &'static str = "group of layers";
    const FILE: &'static str = "layer-groups.toml";

    fn id(&self) -> &Placed<String> {
        &self.id
    }

    fn read(folder: &Folder, report: &mut Report) -> Vec<Self> {
        folder.toml_if_present::<File>(Self::FILE, report).map_or_else(Vec::new, |file| file.group)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    group: Vec<LayerGroup>,
}
