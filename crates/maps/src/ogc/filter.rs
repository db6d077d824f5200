//! Filters (part 3): what may be asked of a layer, and its features as the filter language sees them. Properties are
//! parsed and shapes decoded when a filter first looks at them.

use std::borrow::Cow;
use std::cell::OnceCell;

use geo_types::{Geometry, Rect};
use serde_json::{Map, Value as Json, json};
use songhan_app::{Cx, Problem};
use songhan_base::Internal;
use songhan_geo::cql2::{self, Checked, Filter, Queryable, Schema, Value};

use super::answer::{Asked, shortened};
use super::system::System;
use crate::feature::Feature;
use crate::layer::{Attribute, Kind, Layer};
use crate::properties;
use crate::shape;

/// How filters call the place of a feature.
pub const GEOMETRY: &str = "geometry";

/// The conditions of a request, all of which a feature must fulfil.
#[derive(Clone, Debug, Default)]
pub struct Conditions {
    pub all: Vec<Checked>,
    /// Bytes in which they were written: how much each feature costs.
    pub weight: usize,
}

/// The queryables: the layer's attributes in their order, then its geometry.
pub fn schema(cx: &Cx, layer: &Layer) -> Result<Schema, Internal> {
    let attributes = layer.attributes.iter().map(|attribute| Queryable::new(&attribute.name, kind(attribute.kind)));
    let queryables = attributes.chain([Queryable::new(GEOMETRY, cql2::Kind::Geometry)]).collect();
    let schema = Schema::new(queryables).map_err(Internal::new)?;
    let bounds = Rect::new((-180.0, -90.0), (180.0, 90.0));
    Ok(schema.with_offset(cx.zone.to_offset(cx.now())).with_bounds(bounds))
}

const fn kind(kind: Kind) -> cql2::Kind {
    match kind {
        Kind::Text => cql2::Kind::Text,
        Kind::Integer => cql2::Kind::Integer,
        Kind::Number => cql2::Kind::Number,
        Kind::Boolean => cql2::Kind::Boolean,
        Kind::Date => cql2::Kind::Date,
        Kind::Timestamp => cql2::Kind::Timestamp,
    }
}

/// What `filter` and the attributes named as parameters ask for.
pub fn conditions(cx: &Cx, layer: &Layer, asked: &Asked) -> Result<Conditions, Problem> {
    let mut conditions = Conditions::default();
    let written = filter(asked)?;
    let equal = equalities(layer, asked)?;
    if written.is_none() && equal.is_none() {
        return Ok(conditions);
    }
    let schema = schema(cx, layer)?;
    if let Some(filter) = written {
        conditions.weight += asked.get("filter").map_or(0, str::len);
        conditions.all.push(filter.check(&schema).map_err(|error| Problem::bad_request(format!("filter: {error}")))?);
    }
    if let Some(equal) = equal {
        conditions.weight += equal.to_string().len();
        let filter = cql2::parse_json_value(&equal).and_then(|filter| filter.check(&schema));
        conditions
            .all
            .push(filter.map_err(|error| Problem::bad_request(format!("a parameter of the query: {error}")))?);
    }
    Ok(conditions)
}

fn filter(asked: &Asked) -> Result<Option<Filter>, Problem> {
    let lang = asked.get("filter-lang").unwrap_or("cql2-text");
    let system = System::read("filter-crs", asked.get("filter-crs"))?;
    let parse = match lang {
        "cql2-text" => cql2::parse_text,
        "cql2-json" => cql2::parse_json,
        other => {
            let told = format!("filter-lang={} is not offered; write cql2-text or cql2-json", shortened(other));
            return Err(Problem::bad_request(told));
        }
    };
    let Some(text) = asked.get("filter") else { return Ok(None) };
    let mut filter = parse(text).map_err(|error| {
        let hint = if lang == "cql2-text" && text.trim_start().starts_with('{') {
            "; a filter in JSON needs filter-lang=cql2-json"
        } else {
            ""
        };
        Problem::bad_request(format!("filter: {error}{hint}"))
    })?;
    if system != System::DEFAULT {
        let heard = |at| system.heard(at).ok();
        filter = filter.transformed(heard).map_err(|error| Problem::bad_request(format!("filter: {error}")))?;
    }
    Ok(Some(filter))
}

/// `?species=Bàng`: the attribute has this value.
fn equalities(layer: &Layer, asked: &Asked) -> Result<Option<Json>, Problem> {
    let mut equal = Vec::new();
    for attribute in &layer.attributes {
        let Some(text) =
            asked.get(&attribute.name).filter(|_| !super::list_features::KNOWN.contains(&&*attribute.name))
        else {
            continue;
        };
        let value = properties::fit(attribute, &Json::from(text)).map_err(Problem::bad_request)?;
        equal.push(json!({ "op": "=", "args": [{ "property": attribute.name }, literal(attribute, value)] }));
    }
    Ok(match equal.len() {
        0 => None,
        1 => equal.pop(),
        _ => Some(json!({ "op": "and", "args": equal })),
    })
}

fn literal(attribute: &Attribute, value: Json) -> Json {
    match attribute.kind {
        Kind::Date => json!({ "date": value }),
        Kind::Timestamp => json!({ "timestamp": value }),
        _ => value,
    }
}

/// A feature of the database, as filters see it.
pub struct Row<'a> {
    layer: &'a Layer,
    feature: &'a Feature,
    properties: OnceCell<Map<String, Json>>,
    geometry: OnceCell<Option<Geometry<f64>>>,
}

impl<'a> Row<'a> {
    pub fn new(layer: &'a Layer, feature: &'a Feature) -> Self {
        Self { layer, feature, properties: OnceCell::new(), geometry: OnceCell::new() }
    }

    fn properties(&self) -> &Map<String, Json> {
        self.properties.get_or_init(|| serde_json::from_str(&self.feature.properties).unwrap_or_default())
    }
}

impl cql2::Feature for Row<'_> {
    fn value(&self, property: usize) -> Value<'_> {
        let Some(attribute) = self.layer.attributes.get(property) else { return Value::Null };
        let Some(value) = self.properties().get(&attribute.name) else { return Value::Null };
        let text = |text: &'_ str| match attribute.kind {
            Kind::Date => text.parse().map(Value::Date).ok(),
            Kind::Timestamp => text.parse().map(Value::Timestamp).ok(),
            _ => None,
        };
        match value {
            Json::String(written) if attribute.kind == Kind::Text => Value::Text(Cow::Borrowed(written)),
            Json::String(written) => text(written).unwrap_or(Value::Null),
            Json::Bool(value) => Value::Boolean(*value),
            Json::Number(number) if attribute.kind == Kind::Integer => {
                number.as_i64().map_or(Value::Null, Value::Integer)
            }
            Json::Number(number) => number.as_f64().map_or(Value::Null, Value::Number),
            _ => Value::Null,
        }
    }

    fn geometry(&self) -> Option<&Geometry<f64>> {
        let decode = || {
            let stored = shape::stored(self.feature.geometry.as_deref()?);
            // Writing it out tells of it as an error; a filter has it as no place.
            stored.ok().map(|placed| placed.geometry)
        };
        self.geometry.get_or_init(decode).as_ref()
    }
}
