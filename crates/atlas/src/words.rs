//! What pages say of layers and features beside their values: names of areas instead of codes, whose a layer is, how
//! long or large a shape is, what kind of change it was.

use serde_json::{Value, json};
use songhan_app::Cx;
use songhan_base::Lang;
use songhan_maps::reading::words::{day, name, number, value};
use songhan_maps::reading::{By, Item, Measure, Past};
use songhan_maps::{Attribute, Change, Kind, Layer};

/// The attribute that says of a feature that its shape is not exact.
const APPROXIMATE: &str = "approximate";

/// A value in words; a code of an area is its name.
pub fn told(cx: &Cx, layer: &Layer, attribute: &Attribute, item: &Item) -> String {
    let known = item.properties.get(&attribute.name);
    let code = known.and_then(Value::as_str).filter(|_| layer.rights.area.as_ref() == Some(&attribute.name));
    let area = code.and_then(|code| cx.city.areas().at(code, cx.today()));
    area.map_or_else(|| value(cx, attribute, known), |area| area.name.get(cx.lang).to_owned())
}

pub fn is_approximate(layer: &Layer, item: &Item) -> bool {
    let declared = layer.attribute(APPROXIMATE).is_some_and(|(_, attribute)| attribute.kind == Kind::Boolean);
    declared && item.properties.get(APPROXIMATE) == Some(&Value::Bool(true))
}

/// Whose the layer is.
pub fn owner(cx: &Cx, layer: &Layer) -> String {
    let unit = cx.city.agencies().get(&layer.owner);
    unit.map_or_else(|| layer.owner.to_string(), |unit| unit.name.get(cx.lang).to_owned())
}

/// Where the layer comes from and from when until when it stands: rows of a summary.
pub fn facts(cx: &Cx, layer: &Layer) -> Vec<Value> {
    let fact = |key: &str, value: String| json!({ "label": cx.t(key), "value": value });
    let mut facts = vec![
        fact("atlas-owner", owner(cx, layer)),
        fact("atlas-source", layer.source.get(cx.lang).to_owned()),
        fact("atlas-licence", layer.licence.clone()),
    ];
    facts.extend(layer.from.map(|from| fact("atlas-from", day(cx.lang, from))));
    facts.extend(layer.until.map(|until| fact("atlas-until", day(cx.lang, until))));
    facts
}

/// `Chiều dài`, `Diện tích` on the ground: label and value.
pub fn measure(cx: &Cx, measure: Measure) -> (String, String) {
    let rounded = |value: f64, digits: usize| number(cx.lang, &format!("{value:.digits$}"));
    match measure {
        Measure::Length(m) if m < 1_000.0 => (cx.t("atlas-length"), format!("{} m", rounded(m, 1))),
        Measure::Length(m) => (cx.t("atlas-length"), format!("{} km", rounded(m / 1_000.0, 2))),
        Measure::Area(m2) if m2 < 100_000.0 => (cx.t("atlas-area"), format!("{} m²", rounded(m2, 1))),
        Measure::Area(m2) => (cx.t("atlas-area"), format!("{} km²", rounded(m2 / 1e6, 3))),
    }
}

/// Vĩ độ, kinh độ.
pub fn place(cx: &Cx, [lon, lat]: [f64; 2]) -> String {
    let degrees = |value: f64| number(cx.lang, &format!("{value:.6}"));
    let between = if cx.lang == Lang::Vi { "; " } else { ", " };
    format!("{}{between}{}", degrees(lat), degrees(lon))
}

pub fn change(cx: &Cx, change: Change) -> String {
    cx.t(&format!("atlas-change-{}", change.as_str()))
}

/// Who did it: a name for those who may know it, to others what they are to the layer.
pub fn by(cx: &Cx, layer: &Layer, by: &By) -> String {
    match by {
        By::Person(name) => name.strip_prefix("system:").map_or_else(|| name.clone(), |_| cx.t("atlas-by-system")),
        By::System => cx.t("atlas-by-system"),
        By::Editor => {
            let roles: Vec<String> = layer.rights.edit.iter().map(|role| cx.t(&format!("role-{role}"))).collect();
            roles.join(", ")
        }
    }
}

/// What an edit was of: the feature's name.
pub fn named(cx: &Cx, layer: &Layer, past: &Past) -> String {
    name(cx, layer, &past.item)
}
