//! A whole style: what it draws from where, in the order of a map: land, areas, lines, points, names, and above all what
//! always stands there.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};
use songhan_app::Cx;

use super::draw::{self, Pen};
use super::labels;
use super::theme::{self, Theme};
use crate::layer::Layer;
use crate::tiles::ZOOM_MAX;
use crate::tiles::part::NAMES;

/// What is asked of a style.
pub struct Wanted {
    pub theme: Theme,
    /// The layers that are in it, each with whether it shows.
    pub layers: Vec<(Arc<Layer>, bool)>,
    /// Layers whose polygons are the land of the map, each with whether the packed base map has it.
    pub land: Vec<(Arc<Layer>, bool)>,
    /// As of a day, as addresses of tiles say it.
    pub at: Option<String>,
}

/// The name of the source that is the packed base map.
const BASEMAP: &str = "basemap";

pub fn compose(cx: &Cx, wanted: &Wanted) -> Value {
    let theme = wanted.theme;
    let city = cx.city.manifest().name.get(cx.lang);
    let mut told = Map::new();
    told.insert("version".into(), json!(8));
    told.insert("name".into(), json!(cx.text(cx.lang, "map-style-name", &[("city", city)])));
    told.insert("metadata".into(), json!({ "theme": theme.as_str(), "lang": cx.lang.tag(), "at": wanted.at }));
    told.insert("sprite".into(), json!(cx.url("/sprites/map")));
    let font = |source: &str| songhan_pages::assets::url(source).map(|path| cx.url(&path));
    if let Some(faces) = theme::font_faces(font) {
        told.insert("font-faces".into(), faces);
    }
    told.insert("sources".into(), Value::Object(sources(cx, wanted)));
    told.insert("layers".into(), layers(cx, wanted).into());
    Value::Object(told)
}

fn sources(cx: &Cx, wanted: &Wanted) -> Map<String, Value> {
    let mut told = Map::new();
    let packed: Vec<&Layer> = wanted.land.iter().filter(|(_, packed)| *packed).map(|(layer, _)| &**layer).collect();
    if !packed.is_empty() {
        let url = format!("pmtiles://{}", cx.url("/basemap.pmtiles"));
        let whose: Vec<String> = packed.iter().map(|layer| attribution(cx, layer)).collect();
        told.insert(BASEMAP.into(), json!({ "type": "vector", "url": url, "attribution": whose.join("; ") }));
    }
    for (layer, _) in &wanted.layers {
        told.insert(layer.code.clone(), tiles(cx, layer, "", wanted.at.as_deref()));
        if labels::has_places(layer) {
            told.insert(labels::places(layer), tiles(cx, layer, NAMES, wanted.at.as_deref()));
        }
    }
    for (layer, _) in wanted.land.iter().filter(|(_, packed)| !*packed) {
        told.insert(ground(layer), tiles(cx, layer, "", None));
    }
    told
}

/// The source of a land, which is there whichever day is asked for and whichever layers.
fn ground(layer: &Layer) -> String {
    format!("land-{}", layer.code)
}

/// Tiles of a layer; what always stands on a map stands there as of any day.
fn tiles(cx: &Cx, layer: &Layer, what: &str, at: Option<&str>) -> Value {
    let at = at.filter(|_| !layer.style.always).map(|at| format!("?at={at}")).unwrap_or_default();
    let tiles = cx.url(&format!("/tiles/{}{what}/{{z}}/{{x}}/{{y}}{at}", layer.code));
    json!({ "type": "vector", "tiles": [tiles], "minzoom": layer.style.min_zoom, "maxzoom": ZOOM_MAX,
        "attribution": attribution(cx, layer) })
}

/// Whose data it is and under which licence, where that has a name; a sentence about it stands in the catalogue. Map
/// programs show it as HTML.
fn attribution(cx: &Cx, layer: &Layer) -> String {
    let (source, licence) = (layer.source.get(cx.lang), layer.licence.trim());
    let told = if licence.contains(' ') { source.to_owned() } else { format!("{source} ({licence})") };
    told.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The parts of a map from the ground up.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Height {
    Area,
    Edge,
    Line,
    Point,
    Label,
    Always,
}

fn layers(cx: &Cx, wanted: &Wanted) -> Vec<Value> {
    let palette = wanted.theme.palette();
    let mut told =
        vec![json!({ "id": "ground", "type": "background", "paint": { "background-color": palette.ground } })];
    for (layer, packed) in &wanted.land {
        let source = if *packed { BASEMAP.to_owned() } else { ground(layer) };
        told.extend(draw::land(layer, wanted.theme, &source));
    }
    let mut heights: BTreeMap<Height, Vec<Value>> = BTreeMap::new();
    let mut sorted: Vec<&(Arc<Layer>, bool)> = wanted.layers.iter().collect();
    sorted.sort_by_key(|(layer, _)| (layer.style.order, layer.style.min_zoom, layer.code.clone()));
    for (layer, visible) in &sorted {
        let pen = Pen { layer, theme: wanted.theme, lang: cx.lang, visible: *visible };
        for (height, part) in [
            (Height::Area, pen.areas()),
            (Height::Edge, pen.edges()),
            (Height::Line, pen.lines()),
            (Height::Point, pen.points()),
        ] {
            let height = if layer.style.always { Height::Always } else { height };
            heights.entry(height).or_default().extend(part);
        }
    }
    // Of two names the upper one has the place: that of what shows from afar.
    for (layer, visible) in sorted.iter().rev() {
        let pen = Pen { layer, theme: wanted.theme, lang: cx.lang, visible: *visible };
        let height = if layer.style.always { Height::Always } else { Height::Label };
        heights.entry(height).or_default().extend(pen.labels());
    }
    told.extend(heights.into_values().flatten());
    told
}
