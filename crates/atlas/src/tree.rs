//! The layers that somebody reads, by their groups: the tree beside a map, its legend, the list of what there is.

use serde::Serialize;
use songhan_app::Cx;
use songhan_maps::Layer;
use songhan_maps::reading::{self, Readable};

use crate::asked::Asked;

/// A group of the tree.
#[derive(Clone, Debug, Serialize)]
pub struct Group {
    pub id: String,
    pub title: String,
    pub layers: Vec<Entry>,
    /// Something of it is shown.
    pub open: bool,
}

/// A layer of the tree.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    pub code: String,
    pub title: String,
    pub description: String,
    pub group: String,
    pub shape: &'static str,
    pub color: String,
    pub fill_opacity: f64,
    pub dashed: bool,
    pub shown: bool,
    /// Nobody switches it off.
    pub always: bool,
    pub editable: bool,
    pub simulated: bool,
    pub min_zoom: u8,
    /// What its sign looks like, in a word.
    pub swatch: &'static str,
    /// The page about it.
    pub href: String,
}

impl Entry {
    fn of(cx: &Cx, readable: &Readable, shown: bool) -> Self {
        let layer = &readable.layer;
        Self {
            code: layer.code.clone(),
            title: layer.title.get(cx.lang).to_owned(),
            description: layer.description.get(cx.lang).to_owned(),
            group: layer.group.to_string(),
            shape: layer.shape.as_str(),
            color: layer.style.color.clone(),
            fill_opacity: layer.style.fill_opacity,
            dashed: layer.style.dashed,
            shown: shown || layer.style.always,
            always: layer.style.always,
            editable: readable.is_edited(cx),
            simulated: layer.simulated,
            min_zoom: layer.style.min_zoom,
            swatch: layer.shape.as_str(),
            href: path(layer),
        }
    }
}

/// The page about a layer.
pub fn path(layer: &Layer) -> String {
    format!("/map/layers/{}", layer.code)
}

/// Which of the layers a map shows: those that are asked for, else those that are shown without being asked.
pub fn groups(cx: &Cx, asked: &Asked) -> Vec<Group> {
    let wanted = asked.list("layers");
    let shown = |layer: &Layer| match &wanted {
        Some(codes) => codes.contains(&layer.code.as_str()),
        None => layer.style.shown,
    };
    chosen(cx, shown)
}

/// All that can be read, with one layer alone shown.
pub fn only(cx: &Cx, code: &str) -> Vec<Group> {
    chosen(cx, |layer| layer.code == code)
}

fn chosen(cx: &Cx, shown: impl Fn(&Layer) -> bool) -> Vec<Group> {
    let groups = reading::layers(cx).into_iter().map(|(group, layers)| {
        let entries: Vec<Entry> = layers.iter().map(|one| Entry::of(cx, one, shown(&one.layer))).collect();
        Group {
            id: group.id.to_string(),
            title: group.title.get(cx.lang).to_owned(),
            open: entries.iter().any(|entry| entry.shown),
            layers: entries,
        }
    });
    groups.collect()
}

/// The codes of what is shown, as addresses have them.
pub fn codes(groups: &[Group]) -> String {
    let shown: Vec<&str> = shown(groups).map(|entry| entry.code.as_str()).collect();
    shown.join(",")
}

pub fn shown(groups: &[Group]) -> impl Iterator<Item = &Entry> {
    groups.iter().flat_map(|group| &group.layers).filter(|entry| entry.shown)
}

/// Whether anything of what is shown is made up.
pub fn is_simulated(groups: &[Group]) -> bool {
    shown(groups).any(|entry| entry.simulated)
}
