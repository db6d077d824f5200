//! Which tags make a feature of which layer (OSM wiki, "Map features").

use crate::osm::block::Tags;
use crate::{Field, FieldKind, GeometryKind, Value};

pub struct Layer {
    pub name: &'static str,
    pub kind: GeometryKind,
    pub nodes: bool,
    pub lines: bool,
    pub areas: bool,
    /// An area is taken by its middle.
    pub as_points: bool,
    /// Keys that make a feature, with the values that do; none for every value.
    classes: &'static [(&'static str, Option<&'static [&'static str]>)],
    /// Keys that are fields of their own, beside the name.
    keys: &'static [&'static str],
}

const WATERWAYS: &[&str] = &["river", "stream", "canal", "drain", "ditch"];
const GREEN: &[&str] =
    &["park", "garden", "nature_reserve", "pitch", "playground", "golf_course", "stadium", "sports_centre", "common"];
const COVER: &[&str] = &["wood", "scrub", "heath", "grassland", "beach", "sand", "bare_rock", "wetland", "cliff"];

pub static LAYERS: [Layer; 6] = [
    Layer {
        name: "roads",
        kind: GeometryKind::MultiLine,
        nodes: false,
        lines: true,
        areas: false,
        as_points: false,
        classes: &[("highway", None)],
        keys: &["ref", "oneway", "lanes", "surface", "maxspeed", "bridge", "tunnel", "layer", "access"],
    },
    Layer {
        name: "buildings",
        kind: GeometryKind::MultiPolygon,
        nodes: false,
        lines: false,
        areas: true,
        as_points: false,
        classes: &[("building", None)],
        keys: &["addr:housenumber", "addr:street", "building:levels", "height"],
    },
    Layer {
        name: "water",
        kind: GeometryKind::Any,
        nodes: false,
        lines: true,
        areas: true,
        as_points: false,
        classes: &[
            ("natural", Some(&["water"])),
            ("waterway", Some(&["riverbank", "dock", "river", "stream", "canal", "drain", "ditch"])),
            ("landuse", Some(&["reservoir", "basin"])),
        ],
        keys: &["water", "intermittent", "tunnel", "layer", "width"],
    },
    Layer {
        name: "places",
        kind: GeometryKind::Point,
        nodes: true,
        lines: false,
        areas: false,
        as_points: false,
        classes: &[("place", None)],
        keys: &["population", "is_in", "wikidata"],
    },
    Layer {
        name: "landuse",
        kind: GeometryKind::MultiPolygon,
        nodes: false,
        lines: false,
        areas: true,
        as_points: false,
        classes: &[("landuse", None), ("leisure", Some(GREEN)), ("natural", Some(COVER))],
        keys: &["operator", "access"],
    },
    Layer {
        name: "pois",
        kind: GeometryKind::Point,
        nodes: true,
        lines: false,
        areas: true,
        as_points: true,
        classes: &[
            ("amenity", None),
            ("shop", None),
            ("tourism", None),
            ("office", None),
            ("historic", None),
            ("healthcare", None),
            ("craft", None),
            ("emergency", None),
        ],
        keys: &["addr:housenumber", "addr:street", "phone", "website", "opening_hours", "operator"],
    },
];

/// Fields before a layer's own keys.
const COMMON: [&str; 4] = ["class", "kind", "name", "name:en"];

impl Layer {
    /// The key and value that make it a feature of the layer, all others that have a field, and the rest as `tags`.
    pub fn fields(&self) -> Vec<Field> {
        let named = COMMON.iter().chain(self.keys).map(|key| Field::new(*key, FieldKind::Text));
        named.chain([Field::new("tags", FieldKind::Json)]).collect()
    }

    /// The key that makes these tags a feature of the layer, with its value.
    pub fn class(&self, tags: &Tags<'_, '_>) -> Option<(&'static str, String)> {
        if tags.is_empty() {
            return None;
        }
        self.classes.iter().find_map(|(key, values)| {
            let value = tags.get(key)?;
            let wanted = value != "no" && values.is_none_or(|values| values.contains(&value.as_ref()));
            // Water under `landuse` is of the layer of water.
            let water = self.name == "landuse" && matches!(value.as_ref(), "reservoir" | "basin");
            (wanted && !water).then(|| (*key, value.into_owned()))
        })
    }

    /// Whether a closed way of this class is an area; an open one never is.
    pub fn is_area(&self, class: &str, value: &str, tags: &Tags<'_, '_>) -> bool {
        self.areas && !(class == "waterway" && WATERWAYS.contains(&value)) && tags.get("area").as_deref() != Some("no")
    }

    /// Whether an open way, or one that is no area, is a line of the layer.
    pub fn is_line(&self, class: &str, value: &str) -> bool {
        self.lines && (class == "highway" || WATERWAYS.contains(&value))
    }

    /// One value for each field.
    pub fn values(&self, class: &str, value: &str, tags: &Tags<'_, '_>) -> Vec<Value> {
        let mut values = vec![Value::Null; COMMON.len() + self.keys.len() + 1];
        values[0] = Value::Text(class.to_owned());
        values[1] = Value::Text(value.to_owned());
        let mut rest = serde_json::Map::new();
        for (key, text) in tags.all().filter(|(key, _)| *key != class) {
            let fields = COMMON.iter().skip(2).chain(self.keys);
            match fields.into_iter().position(|own| **own == *key) {
                Some(place) => values[place + 2] = Value::Text(text.into_owned()),
                None => {
                    rest.insert(key.into_owned(), text.into_owned().into());
                }
            }
        }
        if let (Some(last), false) = (values.last_mut(), rest.is_empty()) {
            *last = Value::Json(Box::new(rest.into()));
        }
        values
    }
}
