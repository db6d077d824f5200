//! The few expressions of the MapLibre style specification that our styles are made of.

use serde_json::{Value, json};

/// A value by the zoom: stops in rising order, those that do not rise left out.
pub fn by_zoom(base: f64, stops: Vec<(f64, Value)>) -> Value {
    let how = if (base - 1.0).abs() < f64::EPSILON { json!(["linear"]) } else { json!(["exponential", base]) };
    let mut told = vec![json!("interpolate"), how, json!(["zoom"])];
    let mut last = f64::NEG_INFINITY;
    for (zoom, value) in stops {
        if zoom > last {
            told.extend([json!(zoom), value]);
            last = zoom;
        }
    }
    Value::Array(told)
}

/// A value by the value of an attribute.
pub fn by_value(attribute: &str, cases: Vec<(&str, Value)>, otherwise: Value) -> Value {
    if cases.is_empty() {
        return otherwise;
    }
    let mut told = vec![json!("match"), json!(["get", attribute])];
    for (code, value) in cases {
        told.extend([json!(code), value]);
    }
    told.push(otherwise);
    Value::Array(told)
}

/// Narrows the filter of a style layer.
pub fn also(layer: &mut Value, filter: Option<Value>) {
    let Some(filter) = filter else { return };
    layer["filter"] = match layer.get("filter").cloned() {
        None => filter,
        Some(before) => json!(["all", before, filter]),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stops_rise() {
        let told = by_zoom(1.0, vec![(15.0, json!(1)), (15.0, json!(2)), (18.0, json!(3))]);
        assert_eq!(told, json!(["interpolate", ["linear"], ["zoom"], 15.0, 1, 18.0, 3]));
    }

    #[test]
    fn what_has_no_cases_is_what_it_is_otherwise() {
        assert_eq!(by_value("use", Vec::new(), json!("#fff")), json!("#fff"));
        assert_eq!(by_value("use", vec![("a", json!(1))], json!(2)), json!(["match", ["get", "use"], "a", 1, 2]));
    }

    #[test]
    fn filters_add_up() {
        let mut layer = json!({});
        also(&mut layer, None);
        assert!(layer.get("filter").is_none());
        also(&mut layer, Some(json!(["a"])));
        also(&mut layer, Some(json!(["b"])));
        assert_eq!(layer["filter"], json!(["all", ["a"], ["b"]]));
    }
}
