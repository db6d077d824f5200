//! Nhãn: the names of features on the map, in the reader's language, with a halo that keeps them apart from the ground.

use serde_json::{Value, json};
use songhan_base::Lang;

use super::draw::Pen;
use super::expression;
use super::theme::{REGULAR, SEMIBOLD, Theme, mixed};
use crate::layer::{Attribute, Layer, Shape};

/// Whether the names of a layer stand at places in polygons, and those are a source of their own: of a polygon each tile
/// has a piece, of its place one tile alone.
pub fn has_places(layer: &Layer) -> bool {
    layer.shape == Shape::Polygon && layer.label().is_some()
}

/// The name of that source.
pub fn places(layer: &Layer) -> String {
    format!("{}-names", layer.code)
}

impl Pen<'_> {
    /// The names, and apart from them those that stand whatever lies there too.
    pub fn labels(&self) -> Vec<Value> {
        let Some(text) = self.text() else { return Vec::new() };
        let style = &self.layer.style;
        let always = self.unmarked();
        let mut layers = Vec::new();
        if self.has(Shape::Line) && !self.has(Shape::Point) {
            layers.push(self.along(&text));
        } else {
            let mut usual = self.beside(&text);
            expression::also(&mut usual, always.clone().map(|codes| json!(["!", codes])));
            layers.push(usual);
        }
        for layer in &mut layers {
            layer["minzoom"] = json!(style.label_zoom.max(style.min_zoom));
        }
        if let Some(codes) = always {
            let mut standing = self.standing(&text);
            expression::also(&mut standing, Some(codes));
            layers.push(standing);
        }
        layers
    }

    /// What a feature is called.
    fn text(&self) -> Option<Value> {
        let short = named(self.layer, self.layer.label()?, self.lang);
        let full = self.layer.style.full_label.as_ref();
        let long = full.and_then(|full| Some((full.zoom, self.layer.attribute(&full.attribute)?.1)));
        Some(match long {
            Some((zoom, attribute)) => {
                json!(["step", ["zoom"], short, zoom, named(self.layer, attribute, self.lang)])
            }
            None => short,
        })
    }

    /// Along a line.
    fn along(&self, text: &Value) -> Value {
        let size = expression::by_zoom(1.0, vec![(14.0, json!(10.5)), (18.0, json!(13.5))]);
        let layout = json!({ "symbol-placement": "line", "text-field": text, "text-font": [REGULAR], "text-size": size,
            "text-letter-spacing": 0.02, "symbol-spacing": 320, "text-max-angle": 35 });
        self.drawn("-label", "symbol", &[Shape::Line], layout, self.inked(self.ink(0.65), 1.4))
    }

    /// Beside a point, or in the middle of a polygon.
    fn beside(&self, text: &Value) -> Value {
        let zoom = f64::from(self.layer.style.label_zoom);
        let mut layout =
            json!({ "text-field": text, "text-max-width": 8, "text-line-height": 1.15, "text-padding": 4 });
        if self.has(Shape::Point) {
            layout["text-font"] = json!([REGULAR]);
            layout["text-size"] = expression::by_zoom(1.0, vec![(zoom, json!(11)), (zoom + 4.0, json!(13.5))]);
            layout["text-variable-anchor"] = json!(["top", "left", "right", "bottom"]);
            layout["text-radial-offset"] = json!(if self.icon().is_some() { 1.1 } else { 0.7 });
            layout["text-justify"] = json!("auto");
        } else {
            layout["text-font"] = json!([SEMIBOLD]);
            layout["text-size"] = expression::by_zoom(1.0, vec![(zoom, json!(11.5)), (zoom + 5.0, json!(16))]);
        }
        let shapes = [Shape::Point, Shape::Line, Shape::Polygon];
        let mut told = self.drawn("-label", "symbol", &shapes, layout, self.inked(self.ink(0.45), 1.6));
        if has_places(self.layer) {
            told["source"] = json!(places(self.layer));
        }
        told
    }

    /// Whatever lies there too.
    fn standing(&self, text: &Value) -> Value {
        let palette = self.theme.palette();
        // Small where the world is small: both archipelagos and the sea have room between them.
        let sizes = [(0.0, 8.5), (3.0, 10.0), (5.0, 13.0), (8.0, 16.0), (12.0, 18.0)];
        let size = expression::by_zoom(1.0, sizes.map(|(zoom, size)| (zoom, json!(size))).into());
        let mut layout = json!({ "text-field": text, "text-font": [SEMIBOLD], "text-size": size, "text-max-width": 30,
            "text-letter-spacing": 0.04, "text-allow-overlap": true, "text-ignore-placement": true });
        if let Some(anchors) = &self.layer.style.anchors {
            let put = |codes: &[String], anchor: &str| -> Vec<(String, Value)> {
                codes.iter().map(|code| (code.clone(), json!(anchor))).collect()
            };
            // A name above a place has its foot there.
            let cases = [put(&anchors.above, "bottom"), put(&anchors.below, "top")].concat();
            let cases = cases.iter().map(|(code, anchor)| (&**code, anchor.clone())).collect();
            layout["text-anchor"] = expression::by_value(&anchors.by, cases, json!("center"));
        }
        let paint =
            json!({ "text-color": palette.water_ink, "text-halo-color": palette.water_halo, "text-halo-width": 1.6 });
        self.drawn("-label-always", "symbol", &[Shape::Point], layout, paint)
    }

    /// The layer's colour drawn towards ink, so that it is read.
    fn ink(&self, share: f64) -> String {
        let style = &self.layer.style;
        let own = self.theme.color(&style.color, style.color_dark.as_deref());
        mixed(&own, self.theme.palette().ink, share)
    }

    fn inked(&self, color: String, halo: f64) -> Value {
        let palette = self.theme.palette();
        let ground = match self.theme {
            Theme::Day => palette.halo,
            Theme::Dark => palette.water_halo,
        };
        json!({ "text-color": color, "text-halo-color": ground, "text-halo-width": halo, "text-halo-blur": 0.3 })
    }
}

/// The text of an attribute: in English where the layer has it so, and in words where its values are codes.
fn named(layer: &Layer, attribute: &Attribute, lang: Lang) -> Value {
    let own = json!(["to-string", ["get", attribute.name]]);
    if !attribute.domain.is_empty() {
        let cases = attribute.domain.iter().map(|value| (&*value.code, json!(value.title.get(lang)))).collect();
        return expression::by_value(&attribute.name, cases, own);
    }
    let english = format!("{}_en", attribute.name);
    match lang {
        Lang::En if layer.attribute(&english).is_some() => {
            json!(["coalesce", ["get", english], ["get", attribute.name], ""])
        }
        _ => own,
    }
}
