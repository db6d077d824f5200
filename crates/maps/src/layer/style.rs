//! Cách thể hiện: how a layer is drawn, in the few things a civil servant chooses; the style for map programs is made
//! from it.

use serde::{Deserialize, Serialize};

use super::{Attribute, Kind, Shape};
use crate::styles::sprites;

/// Cách thể hiện.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Style {
    /// `#rrggbb` by day, and on a dark map.
    pub color: String,
    pub color_dark: Option<String>,
    /// Width of a line or of a polygon's edge, and half the size of a point, in pixels.
    pub width: f64,
    /// From 0, not seen, to 1.
    pub fill_opacity: f64,
    /// The first zoom at which it shows.
    pub min_zoom: u8,
    /// The first zoom at which features carry their names.
    pub label_zoom: u8,
    /// Whether the map shows it without being asked.
    pub shown: bool,
    /// Luôn hiện: it stands above all else in every style, whatever is asked for, and nobody switches it off.
    pub always: bool,
    /// Đất liền: its polygons are the land of every map, against the sea.
    pub land: bool,
    /// Lines and edges are broken, as for what is not exact.
    pub dashed: bool,
    /// Lines have an edge of their own, as roads do.
    pub casing: bool,
    /// Of two layers of one shape the higher lies above the other; without it what shows from far lies below.
    pub order: i32,
    /// Biểu tượng: the icon of its points.
    pub icon: Option<String>,
    /// The attribute by whose values features are drawn differently.
    pub class_by: Option<String>,
    #[serde(rename = "class")]
    pub classes: Vec<Class>,
    /// The attribute that says from which zoom a feature shows.
    pub zoom_by: Option<String>,
    /// Points that lie close to each other have their names above or below them.
    pub anchors: Option<Anchors>,
    /// The name in full, from a zoom on.
    pub full_label: Option<FullLabel>,
}

/// How features with one value of an attribute are drawn; what is left out is as the layer has it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Class {
    /// A code of the attribute's domain.
    pub code: String,
    pub color: Option<String>,
    pub color_dark: Option<String>,
    pub width: Option<f64>,
    pub icon: Option<String>,
    /// The name stands at every zoom at which the feature lies, whatever lies there too, and without a mark.
    pub label_always: bool,
}

/// Where names stand that would lie on each other, by the values of an attribute.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Anchors {
    pub by: String,
    pub above: Vec<String>,
    pub below: Vec<String>,
}

/// Tên đầy đủ.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FullLabel {
    pub attribute: String,
    pub zoom: u8,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            color: "#0f6e6e".to_owned(),
            color_dark: None,
            width: 2.0,
            fill_opacity: 0.2,
            min_zoom: 8,
            label_zoom: 14,
            shown: false,
            always: false,
            land: false,
            dashed: false,
            casing: false,
            order: 0,
            icon: None,
            class_by: None,
            classes: Vec::new(),
            zoom_by: None,
            anchors: None,
            full_label: None,
        }
    }
}

type Mistakes = Vec<(String, &'static str)>;

impl Style {
    /// What is wrong with it, with its remedy.
    pub(super) fn mistakes(&self, shape: Shape, attributes: &[&Attribute]) -> Mistakes {
        let mut wrong = self.wrong_looks();
        if self.land && !matches!(shape, Shape::Polygon) {
            wrong.push(("only polygons are land".to_owned(), "remove `land`"));
        }
        if self.always && self.min_zoom > 0 {
            wrong.push(("what always shows has a first zoom".to_owned(), "write min_zoom = 0"));
        }
        self.wrong_attributes(attributes, &mut wrong);
        wrong
    }

    fn wrong_looks(&self) -> Mistakes {
        let mut wrong = Vec::new();
        let of_classes = self.classes.iter().flat_map(|class| [class.color.as_ref(), class.color_dark.as_ref()]);
        for color in [Some(&self.color), self.color_dark.as_ref()].into_iter().chain(of_classes).flatten() {
            let digits = color.strip_prefix('#').unwrap_or_default();
            if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                wrong.push((format!("`{color}` is no colour"), "write it as #0f6e6e"));
            }
        }
        if !(0.0..=1.0).contains(&self.fill_opacity) {
            wrong.push((format!("fill_opacity cannot be {}", self.fill_opacity), "write a number from 0 to 1"));
        }
        for width in self.classes.iter().filter_map(|class| class.width).chain([self.width]) {
            if !(0.1..=40.0).contains(&width) {
                wrong.push((format!("width cannot be {width}"), "write a number of pixels from 0.1 to 40"));
            }
        }
        let full = self.full_label.as_ref().map_or(0, |full| full.zoom);
        if self.min_zoom > 22 || self.label_zoom > 22 || full > 22 {
            wrong.push(("there is no zoom beyond 22".to_owned(), "write a number from 0 to 22"));
        }
        for icon in self.classes.iter().filter_map(|class| class.icon.as_ref()).chain(&self.icon) {
            if !sprites::has(icon) {
                wrong.push((format!("there is no icon `{icon}`"), "choose one of those under assets/icons, or none"));
            }
        }
        wrong
    }

    fn wrong_attributes(&self, attributes: &[&Attribute], wrong: &mut Mistakes) {
        let of = |name: &str| attributes.iter().copied().find(|attribute| attribute.name == name);
        let full = self.full_label.as_ref().map(|full| full.attribute.as_str());
        let anchors = self.anchors.as_ref().map(|anchors| anchors.by.as_str());
        for (name, kind) in [
            (self.class_by.as_deref(), Kind::Text),
            (full, Kind::Text),
            (anchors, Kind::Text),
            (self.zoom_by.as_deref(), Kind::Integer),
        ] {
            if let Some(name) = name.filter(|name| of(name).is_none_or(|attribute| attribute.kind != kind)) {
                let told = format!("the style names `{name}`, which is no {} attribute", kind.as_str());
                wrong.push((told, "name an attribute of the layer"));
            }
        }
        if self.class_by.is_none() && !self.classes.is_empty() {
            wrong.push(("classes of a style need an attribute".to_owned(), "name it in class_by"));
        }
        let Some(by) = self.class_by.as_deref().and_then(of) else { return };
        for class in &self.classes {
            if !by.domain.iter().any(|value| value.code == class.code) {
                let told = format!("`{}` has no value `{}`", by.name, class.code);
                wrong.push((told, "name a code of its domain"));
            }
        }
    }
}
