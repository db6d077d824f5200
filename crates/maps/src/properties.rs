//! Giá trị thuộc tính: what is said of a feature, held against what the layer declares, and written in its order.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value};
use songhan_base::FieldError;

use crate::layer::{Attribute, Kind, Layer};

/// The longest text of an attribute.
pub const TEXT_BYTES_MAX: usize = 10_000;

/// The object as the database holds it: the layer's attributes in their order, those without a value left out. `false`
/// for `whole` lets required ones be missing: an update names some alone.
pub fn check(layer: &Layer, given: &Map<String, Value>, whole: bool) -> Result<Map<String, Value>, Vec<FieldError>> {
    let mut errors = Vec::new();
    for name in given.keys() {
        if layer.attribute(name).is_none() {
            let known: Vec<&str> = layer.attributes.iter().map(|attribute| attribute.name.as_str()).collect();
            let what = format!("the layer has no attribute {name}; it has {}", known.join(", "));
            errors.push(FieldError::new(format!("properties.{name}"), "unknown", what));
        }
    }
    let mut kept = Map::new();
    for attribute in &layer.attributes {
        let value = given.get(&attribute.name).filter(|value| !is_empty(value));
        match value.map(|value| fit(attribute, value)) {
            Some(Ok(value)) => drop(kept.insert(attribute.name.clone(), value)),
            Some(Err(what)) => errors.push(FieldError::new(format!("properties.{}", attribute.name), "invalid", what)),
            None if attribute.required && (whole || given.contains_key(&attribute.name)) => {
                let what = format!("{} is required; give it a value", attribute.name);
                errors.push(FieldError::new(format!("properties.{}", attribute.name), "missing", what));
            }
            None => {}
        }
    }
    if errors.is_empty() { Ok(kept) } else { Err(errors) }
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

/// The value as its attribute holds it, or what is wrong with it. Numbers and dates in a text are taken as such, since
/// many formats have texts alone.
pub fn fit(attribute: &Attribute, value: &Value) -> Result<Value, String> {
    let text = value.as_str().map(str::trim);
    let name = &attribute.name;
    match attribute.kind {
        Kind::Text => {
            let text = match value {
                Value::String(text) => songhan_base::clean_text(text),
                Value::Number(_) | Value::Bool(_) => value.to_string(),
                _ => return Err(format!("{name} is a text; write it in quotes")),
            };
            fit_text(attribute, text)
        }
        Kind::Integer => {
            let whole = |number: f64| (number.fract() == 0.0 && number.abs() < 9e15).then_some(number as i64);
            let number = value.as_i64().or_else(|| value.as_f64().and_then(whole)).or_else(|| text?.parse().ok());
            number.map(Value::from).ok_or_else(|| format!("{name} is a whole number; write it as 12"))
        }
        Kind::Number => {
            let number = value.as_f64().or_else(|| text?.parse().ok()).filter(|number| number.is_finite());
            number
                .map(|_| if value.is_number() { value.clone() } else { Value::from(number) })
                .ok_or_else(|| format!("{name} is a number; write it as 12.5"))
        }
        Kind::Boolean => match (value, text) {
            (Value::Bool(_), _) => Ok(value.clone()),
            (_, Some("true" | "1")) => Ok(Value::Bool(true)),
            (_, Some("false" | "0")) => Ok(Value::Bool(false)),
            _ if value.as_i64() == Some(1) => Ok(Value::Bool(true)),
            _ if value.as_i64() == Some(0) => Ok(Value::Bool(false)),
            _ => Err(format!("{name} is true or false")),
        },
        Kind::Date => {
            let day = |text: &str| text.split(['T', ' ']).next().and_then(|day| day.parse::<Date>().ok());
            let date = text.and_then(day);
            date.map(|date| Value::from(date.to_string()))
                .ok_or_else(|| format!("{name} is a date; write it as 2026-11-23"))
        }
        Kind::Timestamp => {
            let moment = text.and_then(|text| text.parse::<Timestamp>().ok());
            moment
                .map(|moment| Value::from(moment.to_string()))
                .ok_or_else(|| format!("{name} is a moment; write it as 2026-11-23T08:00:00+07:00"))
        }
    }
}

fn fit_text(attribute: &Attribute, text: String) -> Result<Value, String> {
    let name = &attribute.name;
    if text.len() > TEXT_BYTES_MAX {
        return Err(format!("{name} is longer than {TEXT_BYTES_MAX} bytes; shorten it"));
    }
    if text.is_empty() {
        return Err(format!("{name} holds nothing that can be seen; write it, or leave it out"));
    }
    if attribute.domain.is_empty() || attribute.domain.iter().any(|value| value.code == text) {
        return Ok(Value::String(text));
    }
    // Who fills in a table writes what the code means.
    if let Some(meant) = attribute.domain.iter().find(|value| value.title.vi == text) {
        return Ok(Value::String(meant.code.clone()));
    }
    let codes: Vec<&str> = attribute.domain.iter().map(|value| value.code.as_str()).collect();
    Err(format!("{name} cannot be {text}; it is one of {}", codes.join(", ")))
}
