//! What the element `<city-map>` is told, as JSON inside it: which style, where it begins, which layers there are, and
//! every word that it says.

use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Value, json};
use songhan_app::Cx;
use songhan_base::Internal;
use songhan_maps::reading::Item;
use songhan_maps::{Layer, View};

use crate::asked::query;
use crate::tree::{self, Entry, Group};

/// Where the map asks for places.
const PLACES: &str = "/api/v1/places";
const PLACES_AT: &str = "/api/v1/places/at";
/// The box that takes what is drawn.
pub const GEOMETRY_BOX: &str = "f-geometry";

/// The words that maps say: the key of each in the locale files begins with `atlas-say-`.
const TEXTS: [&str; 38] = [
    "measure_length",
    "measure_area",
    "measure_clear",
    "search_none",
    "load_failed",
    "webgl_missing",
    "vertex_added",
    "snap_on",
    "undo_point",
    "redo_point",
    "draw_again",
    "geometry_wrong",
    "sources",
    "finish",
    "cancel",
    "north",
    "simulated",
    "thinned",
    "north_up",
    "zoom_in",
    "zoom_out",
    "at_now",
    "close",
    "map",
    "keys",
    "measure_help",
    "draw_help",
    "pick_help",
    "choose",
    "nothing_here",
    "locate_failed",
    "divider",
    "remove_point",
    "shape_point",
    "shape_line",
    "shape_polygon",
    "zoom_to_see",
    "panel",
];

/// What the map is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    Full,
    Card,
    Edit,
    Print,
    Compare,
    Embed,
}

/// What `<city-map>` reads.
#[derive(Debug, Serialize)]
pub struct Config {
    mode: Mode,
    styles: Value,
    center: [f64; 2],
    zoom: f64,
    bounds: Option<[f64; 4]>,
    lang: &'static str,
    layers: Vec<Entry>,
    groups: Vec<Value>,
    at: Option<Date>,
    and: Option<Date>,
    feature: Option<Value>,
    #[serde(rename = "placesUrl")]
    places: &'static str,
    #[serde(rename = "placesAtUrl")]
    places_at: &'static str,
    input: Option<&'static str>,
    shape: &'static str,
    texts: serde_json::Map<String, Value>,
}

impl Config {
    /// A map of these layers as of a day.
    pub fn new(cx: &Cx, mode: Mode, groups: &[Group], at: Option<Date>) -> Self {
        let view = cx.city.get::<View>();
        let texts = TEXTS.iter().map(|name| ((*name).to_owned(), json!(cx.t(&format!("atlas-say-{name}")))));
        Self {
            mode,
            styles: styles(cx, groups, at),
            center: view.center,
            zoom: view.zoom,
            bounds: None,
            lang: cx.lang.tag(),
            layers: groups.iter().flat_map(|group| group.layers.clone()).collect(),
            groups: groups.iter().map(|group| json!({ "id": group.id, "title": group.title })).collect(),
            at,
            and: None,
            feature: None,
            places: PLACES,
            places_at: PLACES_AT,
            input: None,
            shape: "any",
            texts: texts.collect(),
        }
    }

    #[must_use]
    pub fn view(mut self, center: Option<[f64; 2]>, zoom: Option<f64>) -> Self {
        self.center = center.unwrap_or(self.center);
        self.zoom = zoom.unwrap_or(self.zoom);
        self
    }

    /// The other day of a comparison.
    #[must_use]
    pub fn and(mut self, day: Option<Date>) -> Self {
        self.and = day;
        self
    }

    /// A feature that the map is about: seen whole, and marked.
    pub fn about(mut self, layer: &Layer, item: &Item) -> Result<Self, Internal> {
        self.bounds = item.bounds();
        self.feature = Some(json!({ "layer": layer.code, "id": item.number, "geometry": item.geojson()? }));
        Ok(self)
    }

    /// Drawing fills the box of the form.
    #[must_use]
    pub fn drawing(mut self, layer: &Layer) -> Self {
        self.input = Some(GEOMETRY_BOX);
        self.shape = layer.shape.as_str();
        if self.feature.is_none() {
            self.feature = Some(json!({ "layer": layer.code, "id": null, "geometry": null }));
        }
        self
    }
}

fn styles(cx: &Cx, groups: &[Group], at: Option<Date>) -> Value {
    let (codes, at) = (tree::codes(groups), at.map(|at| at.to_string()).unwrap_or_default());
    // Named even where nothing is shown: an address without layers means all.
    let codes = if codes.is_empty() { "layers=".to_owned() } else { format!("layers={codes}") };
    let rest = query(&[("at", &at), ("lang", cx.lang.tag())]).replacen('?', "&", 1);
    json!({ "day": format!("/styles/day.json?{codes}{rest}"), "dark": format!("/styles/dark.json?{codes}{rest}") })
}
