//! What a layer looks like: the style layers of its areas, lines and points, from the few things that it declares.

use serde_json::{Map, Value, json};
use songhan_base::Lang;

use super::theme::Theme;
use super::{expression, sprites};
use crate::layer::{Class, Layer, Shape};

/// At this zoom lines and points have the width that is declared.
const FULL: u8 = 16;

/// One layer being drawn.
pub struct Pen<'a> {
    pub layer: &'a Layer,
    pub theme: Theme,
    pub lang: Lang,
    pub visible: bool,
}

impl Pen<'_> {
    /// The fill of polygons.
    pub fn areas(&self) -> Vec<Value> {
        if !self.has(Shape::Polygon) || self.layer.style.fill_opacity <= 0.0 {
            return Vec::new();
        }
        let paint = json!({ "fill-color": self.color(), "fill-opacity": self.layer.style.fill_opacity });
        let id = if self.layer.shape == Shape::Any { "-area" } else { "" };
        vec![self.drawn(id, "fill", &[Shape::Polygon], json!({}), paint)]
    }

    /// The edges of polygons.
    pub fn edges(&self) -> Vec<Value> {
        if !self.has(Shape::Polygon) {
            return Vec::new();
        }
        let mut paint = json!({ "line-color": self.color(), "line-width": self.width(0.5, 1.6),
            "line-opacity": if self.layer.style.class_by.is_some() { 0.75 } else { 0.9 } });
        self.dash(&mut paint);
        let id = if self.layer.shape == Shape::Any { "-edge" } else { "-line" };
        vec![self.drawn(id, "line", &[Shape::Polygon], json!({ "line-join": "round" }), paint)]
    }

    /// Lines, above an edge of their own where they have one.
    pub fn lines(&self) -> Vec<Value> {
        if !self.has(Shape::Line) {
            return Vec::new();
        }
        let round = json!({ "line-join": "round", "line-cap": if self.layer.style.dashed { "butt" } else { "round" } });
        let mut layers = Vec::new();
        if self.layer.style.casing {
            let edge = self.by_class(|class| {
                let color = class
                    .map_or(Some((&self.layer.style.color, self.layer.style.color_dark.as_deref())), |class| {
                        class.color.as_ref().map(|color| (color, class.color_dark.as_deref()))
                    });
                color.map(|(day, dark)| Value::from(self.theme.casing(&self.theme.color(day, dark))))
            });
            let paint = json!({ "line-color": edge, "line-width": self.width_and(2.0, 0.3, 4.0) });
            layers.push(self.drawn("-casing", "line", &[Shape::Line], round.clone(), paint));
        }
        let mut paint = json!({ "line-color": self.color(), "line-width": self.width(0.3, 4.0) });
        self.dash(&mut paint);
        let id = if self.layer.shape == Shape::Any { "-line" } else { "" };
        layers.push(self.drawn(id, "line", &[Shape::Line], round, paint));
        layers
    }

    /// Points as dots, from a nearer zoom on with their icon in them.
    pub fn points(&self) -> Vec<Value> {
        if !self.has(Shape::Point) {
            return Vec::new();
        }
        let style = &self.layer.style;
        let icon = self.icon();
        let on_mark = self.theme.palette().on_mark;
        let radius = if icon.is_some() {
            let from = f64::from(self.icon_zoom());
            let stops = [(f64::from(style.min_zoom), 0.55), (from - 0.01, 1.0)];
            let mut stops: Vec<(f64, Value)> =
                stops.into_iter().map(|(zoom, times)| (zoom, self.times(times, 0.0))).collect();
            stops.extend([(from, json!(8.5)), (from + 4.0, json!(12.5))]);
            expression::by_zoom(1.2, stops)
        } else {
            self.width(0.55, 2.2)
        };
        let edge =
            expression::by_zoom(1.0, vec![(f64::from(style.min_zoom), json!(0.6)), (f64::from(FULL), json!(1.5))]);
        let paint = json!({ "circle-color": self.color(), "circle-radius": radius, "circle-stroke-color": on_mark,
            "circle-stroke-width": edge });
        let marked = self.unmarked().map(|codes| json!(["!", codes]));
        let mut dots = self.drawn("", "circle", &[Shape::Point], json!({}), paint);
        expression::also(&mut dots, marked.clone());
        let mut layers = vec![dots];
        if let Some(icon) = icon {
            let from = f64::from(self.icon_zoom());
            let size = expression::by_zoom(1.0, vec![(from, json!(0.62)), (from + 4.0, json!(0.92))]);
            let layout = json!({ "icon-image": icon, "icon-size": size, "icon-allow-overlap": true,
                "icon-ignore-placement": true });
            let mut icons = self.drawn("-icon", "symbol", &[Shape::Point], layout, json!({}));
            icons["minzoom"] = json!(self.icon_zoom());
            expression::also(&mut icons, marked);
            layers.push(icons);
        }
        layers
    }

    /// A style layer of this layer. `shapes` are those that it draws, where the layer has others too.
    pub fn drawn(&self, suffix: &str, kind: &str, shapes: &[Shape], layout: Value, paint: Value) -> Value {
        let Layer { code, title, style, .. } = self.layer;
        let mut metadata = json!({ "layer": code, "title": title.get(self.lang) });
        if style.always {
            metadata["always"] = json!(true);
        }
        let mut layout = layout;
        layout["visibility"] = json!(if self.visible { "visible" } else { "none" });
        let mut told = json!({ "id": format!("{code}{suffix}"), "type": kind, "metadata": metadata, "source": code,
            "source-layer": code, "minzoom": style.min_zoom, "layout": layout, "paint": paint });
        if self.layer.shape == Shape::Any {
            let kinds: Vec<&str> = shapes.iter().flat_map(|shape| kinds(*shape)).copied().collect();
            expression::also(&mut told, Some(json!(["in", ["geometry-type"], ["literal", kinds]])));
        }
        let from = style.zoom_by.as_ref().map(|by| json!(["<=", ["number", ["get", by], 0], ["zoom"]]));
        expression::also(&mut told, from);
        told
    }

    /// Those of the classes whose names always stand, and which have no mark of their own.
    pub fn unmarked(&self) -> Option<Value> {
        let codes: Vec<&str> = self.classes().filter(|class| class.label_always).map(|class| &*class.code).collect();
        let by = self.layer.style.class_by.as_ref().filter(|_| !codes.is_empty())?;
        Some(json!(["in", ["get", by], ["literal", codes]]))
    }

    /// From here on points have their icon.
    pub fn icon_zoom(&self) -> u8 {
        (self.layer.style.min_zoom + 2).max(15)
    }

    pub fn has(&self, shape: Shape) -> bool {
        self.layer.shape == shape || self.layer.shape == Shape::Any
    }

    /// Whether points have an icon.
    pub fn icon(&self) -> Option<Value> {
        let named = |icon: &String| match self.theme {
            Theme::Day => json!(icon),
            Theme::Dark => json!(format!("{icon}{}", sprites::DARK)),
        };
        let any = self.layer.style.icon.is_some() || self.classes().any(|class| class.icon.is_some());
        let none = json!("");
        any.then(|| {
            self.by_class(|class| match class {
                None => Some(self.layer.style.icon.as_ref().map_or(none.clone(), named)),
                Some(class) => class.icon.as_ref().map(named),
            })
        })
    }

    fn classes(&self) -> impl Iterator<Item = &Class> {
        self.layer.style.classes.iter()
    }

    /// What the layer has, with what its classes have otherwise: asked of each class, and without one of the layer.
    fn by_class(&self, what: impl Fn(Option<&Class>) -> Option<Value>) -> Value {
        let usual = what(None).unwrap_or(Value::Null);
        let Some(by) = &self.layer.style.class_by else { return usual };
        let cases: Vec<(&str, Value)> =
            self.classes().filter_map(|class| Some((&*class.code, what(Some(class))?))).collect();
        expression::by_value(by, cases, usual)
    }

    fn color(&self) -> Value {
        let style = &self.layer.style;
        self.by_class(|class| match class {
            None => Some(json!(self.theme.color(&style.color, style.color_dark.as_deref()))),
            Some(class) => {
                class.color.as_ref().map(|color| json!(self.theme.color(color, class.color_dark.as_deref())))
            }
        })
    }

    /// The declared width so many times, and so many pixels more.
    fn times(&self, times: f64, more: f64) -> Value {
        let rounded = |width: f64| json!(((width * times + more) * 100.0).round() / 100.0);
        self.by_class(|class| match class {
            None => Some(rounded(self.layer.style.width)),
            Some(class) => class.width.map(rounded),
        })
    }

    /// Width by zoom: a share of the declared one where the layer begins, so many times it when near.
    fn width(&self, far: f64, near: f64) -> Value {
        self.width_and(0.0, far, near)
    }

    fn width_and(&self, more: f64, far: f64, near: f64) -> Value {
        let from = self.layer.style.min_zoom.min(FULL - 1);
        let stops = [(from, far, more * 0.4), (FULL, 1.0, more), (FULL + 4, near, more * 1.5)];
        let stops = stops.map(|(zoom, times, more)| (f64::from(zoom), self.times(times, more)));
        expression::by_zoom(1.5, stops.into())
    }

    fn dash(&self, paint: &mut Value) {
        if self.layer.style.dashed {
            paint["line-dasharray"] = json!([4, 2]);
        }
    }
}

const fn kinds(shape: Shape) -> &'static [&'static str] {
    match shape {
        Shape::Point => &["Point", "MultiPoint"],
        Shape::Line => &["LineString", "MultiLineString"],
        Shape::Polygon => &["Polygon", "MultiPolygon"],
        Shape::Any => &[],
    }
}

/// The land of every map: what of the base lies under all layers. No switch reaches it.
pub fn land(layer: &Layer, theme: Theme, source: &str) -> [Value; 2] {
    let palette = theme.palette();
    let of = |id: &str, kind: &str, paint: Value| {
        let mut told: Map<String, Value> = Map::new();
        told.insert("id".into(), json!(id));
        told.insert("type".into(), json!(kind));
        told.insert("source".into(), json!(source));
        told.insert("source-layer".into(), json!(layer.code));
        told.insert("paint".into(), paint);
        Value::Object(told)
    };
    let shore = expression::by_zoom(1.3, vec![(4.0, json!(0.5)), (10.0, json!(1.2)), (16.0, json!(2.4))]);
    [
        of(&format!("land-{}", layer.code), "fill", json!({ "fill-color": palette.land })),
        of(
            &format!("shore-{}", layer.code),
            "line",
            json!({ "line-color": palette.shore, "line-width": shore, "line-opacity": 0.8 }),
        ),
    ]
}
