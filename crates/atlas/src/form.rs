//! The form of a feature: a field for each attribute, filled with what is known, and what somebody typed made into values
//! again. What fits is for the engine to say; here its refusals find their fields and their words.

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde_json::{Map, Value, json};
use songhan_app::Cx;
use songhan_base::{FieldError, Lang, clean_line};
use songhan_maps::reading::{Geometry, Item, read_geometry};
use songhan_maps::{Attribute, Kind, Layer, Reach};

/// Characters of a reason.
pub const REASON_MAX: usize = 500;
/// Longer texts have more than one line.
const LINE: usize = 100;
/// A moment in its box.
const MOMENT: &str = "%Y-%m-%dT%H:%M";

/// What somebody sent.
#[derive(Clone, Debug, Default)]
pub struct Sent(Vec<(String, String)>);

impl Sent {
    pub fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }

    /// A box as it was filled, with the line ends of ours.
    pub fn typed(&self, name: &str) -> String {
        self.get(name).replace("\r\n", "\n").trim().to_owned()
    }

    pub fn set(&mut self, name: &str, value: String) {
        self.0.retain(|(known, _)| known != name);
        self.0.push((name.to_owned(), value));
    }

    /// Why it is changed, which every change must say.
    pub fn reason(&self, cx: &Cx) -> Result<String, FieldError> {
        let reason = clean_line(self.get("reason"));
        if reason.is_empty() {
            return Err(FieldError::new("reason", "missing", cx.t("atlas-reason-missing")));
        }
        if reason.chars().count() > REASON_MAX {
            return Err(FieldError::new("reason", "too_long", cx.t("atlas-reason-long")));
        }
        Ok(reason)
    }
}

/// The name of an attribute's field.
pub fn field(attribute: &Attribute) -> String {
    format!("p-{}", attribute.name)
}

/// What stands in the field of a value.
pub fn shown(cx: &Cx, attribute: &Attribute, value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::Bool(yes)) => (if *yes { "yes" } else { "no" }).to_owned(),
        Some(Value::Number(number)) => {
            let plain = number.to_string();
            let plain = plain.strip_suffix(".0").unwrap_or(&plain);
            if cx.lang == Lang::Vi { plain.replace('.', ",") } else { plain.to_owned() }
        }
        Some(Value::String(text)) if attribute.kind == Kind::Timestamp => {
            let moment = text.parse::<Timestamp>().ok();
            moment.map_or_else(|| text.clone(), |at| at.to_zoned(cx.zone.clone()).strftime(MOMENT).to_string())
        }
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(other) => other.to_string(),
    }
}

/// The value that somebody typed; what cannot be one stays a text, which the engine refuses by name.
pub fn value(cx: &Cx, attribute: &Attribute, typed: &str) -> Value {
    if typed.is_empty() {
        return Value::Null;
    }
    match attribute.kind {
        Kind::Boolean => match typed {
            "yes" => Value::Bool(true),
            "no" => Value::Bool(false),
            other => json!(other),
        },
        Kind::Number | Kind::Integer => {
            // `1.234,5` and `1234.5` are both meant as they are read.
            let plain = if typed.contains(',') { typed.replace('.', "").replace(',', ".") } else { typed.to_owned() };
            plain.parse::<i64>().map_or_else(|_| json!(plain), |whole| json!(whole))
        }
        Kind::Timestamp => {
            let local = typed.parse::<DateTime>().ok().and_then(|local| local.to_zoned(cx.zone.clone()).ok());
            json!(local.map_or_else(|| typed.to_owned(), |at| at.timestamp().to_string()))
        }
        _ => json!(typed),
    }
}

/// All values of a new feature.
pub fn values(cx: &Cx, layer: &Layer, sent: &Sent) -> Map<String, Value> {
    let each = layer.attributes.iter().map(|one| (one.name.clone(), value(cx, one, &sent.typed(&field(one)))));
    each.filter(|(_, value)| !value.is_null()).collect()
}

/// What of a feature somebody changed.
pub fn changed(cx: &Cx, layer: &Layer, item: &Item, sent: &Sent) -> Map<String, Value> {
    let mut changed = Map::new();
    for attribute in &layer.attributes {
        let typed = sent.typed(&field(attribute));
        if typed != shown(cx, attribute, item.properties.get(&attribute.name)) {
            changed.insert(attribute.name.clone(), value(cx, attribute, &typed));
        }
    }
    changed
}

/// The form filled with what is known.
pub fn filled(cx: &Cx, layer: &Layer, item: &Item) -> Sent {
    let each = layer.attributes.iter().map(|one| (field(one), shown(cx, one, item.properties.get(&one.name))));
    Sent(each.chain([("geometry".to_owned(), item.wkt())]).collect())
}

/// The shape that stands in the form.
pub fn geometry(cx: &Cx, sent: &Sent) -> Result<Option<Geometry>, FieldError> {
    read_geometry(&sent.typed("geometry")).map_err(|what| geometry_error(cx, &what))
}

fn geometry_error(cx: &Cx, what: &str) -> FieldError {
    FieldError::new("geometry", "invalid", cx.text(cx.lang, "atlas-geometry-wrong", &[("what", what)]))
}

/// The engine's refusals, each at its field and in the words of the page.
pub fn errors(cx: &Cx, layer: &Layer, refused: &[FieldError]) -> Vec<FieldError> {
    let one = |error: &FieldError| {
        let attribute = error.field.strip_prefix("properties.").and_then(|name| layer.attribute(name));
        let Some((_, attribute)) = attribute else { return geometry_error(cx, &error.message) };
        let title = attribute.title.get(cx.lang);
        let key = match (error.code, attribute.kind) {
            ("missing", _) => "atlas-wrong-missing",
            (_, Kind::Text) if !attribute.domain.is_empty() => "atlas-wrong-domain",
            (_, Kind::Text) => "atlas-wrong-text",
            (_, Kind::Integer) => "atlas-wrong-integer",
            (_, Kind::Number) => "atlas-wrong-number",
            (_, Kind::Boolean) => "atlas-wrong-domain",
            (_, Kind::Date) => "atlas-wrong-date",
            (_, Kind::Timestamp) => "atlas-wrong-timestamp",
        };
        FieldError::new(field(attribute), "invalid", cx.text(cx.lang, key, &[("title", title)]))
    };
    refused.iter().map(one).collect()
}

/// The fields as the template draws them.
pub fn fields(cx: &Cx, layer: &Layer, sent: &Sent) -> Vec<Value> {
    let each = layer.attributes.iter().map(|attribute| {
        let (options, value) = (options(cx, layer, attribute), sent.typed(&field(attribute)));
        let kind = match attribute.kind {
            _ if !options.is_empty() => "select",
            Kind::Text if value.contains('\n') || value.chars().count() > LINE => "long",
            Kind::Text => "text",
            Kind::Integer | Kind::Number => "number",
            Kind::Boolean => "select",
            Kind::Date => "date",
            Kind::Timestamp => "datetime-local",
        };
        json!({
            "name": field(attribute),
            "label": attribute.title.get(cx.lang),
            "kind": kind,
            "value": value,
            "unit": attribute.unit,
            "whole": attribute.kind == Kind::Integer,
            "required": attribute.required,
            "options": options,
        })
    });
    each.collect()
}

/// What there is to choose from: the values of a domain, yes and no, the areas in which somebody may change things.
fn options(cx: &Cx, layer: &Layer, attribute: &Attribute) -> Vec<Value> {
    let option = |value: &str, label: &str| json!({ "value": value, "label": label });
    if attribute.kind == Kind::Boolean {
        return vec![option("yes", &cx.t("yes")), option("no", &cx.t("no"))];
    }
    if layer.rights.area.as_ref() == Some(&attribute.name) && attribute.domain.is_empty() {
        let (today, reach) = (cx.today(), layer.rights.edits(cx));
        let areas = cx.city.areas();
        return match &reach {
            Reach::Areas(codes) => {
                let named = codes.iter().map(|code| (code, areas.at(code, today)));
                named.map(|(code, area)| option(code, area.map_or(code, |area| area.name.get(cx.lang)))).collect()
            }
            _ => areas.communes(today).iter().map(|area| option(&area.code, area.name.get(cx.lang))).collect(),
        };
    }
    attribute.domain.iter().map(|one| option(&one.code, one.title.get(cx.lang))).collect()
}
