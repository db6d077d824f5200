//! One feature (RFC 7946, section 3.2), or a shape that stands by itself. Members may come in any order.

use std::fmt;

use geo_types::{Geometry, GeometryCollection};
use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::coords::{self, Coords};
use crate::limits::Gauge;
use crate::loss::{LossKind, Losses};
use crate::problem::Halt;
use crate::{Feature, Id, Limits, Reason, Value};

use super::read::Columns;

/// What reading a feature needs beside its bytes.
struct Cx<'a> {
    limits: &'a Limits,
    columns: &'a mut Columns,
    losses: &'a mut Losses,
    gauge: Gauge,
    reason: Option<Reason>,
}

pub fn read(json: &[u8], limits: &Limits, columns: &mut Columns, losses: &mut Losses) -> Result<Feature, Halt> {
    let mut cx = Cx { limits, columns, losses, gauge: Gauge::new(limits), reason: None };
    let mut parser = serde_json::Deserializer::from_slice(json);
    let mut parts = Parts::default();
    let outcome = parser.deserialize_map(Members { cx: &mut cx, parts: &mut parts }).and_then(|()| parser.end());
    let id = parts.id.as_ref().map(ToString::to_string);
    let refuse = |reason| Halt::Feature { id: id.clone(), reason };
    if let Err(error) = outcome {
        return Err(refuse(cx.reason.unwrap_or_else(|| Reason::Syntax(error.to_string()))));
    }
    let (gauge, losses) = (cx.gauge, cx.losses);
    losses.gauge(&gauge);
    let kind = parts.kind.take().unwrap_or_default();
    let geometry = match kind.as_str() {
        "Feature" => parts.geometry,
        "FeatureCollection" => {
            return Err(refuse(Reason::Syntax("a collection stands where a feature must be".into())));
        }
        "" => return Err(refuse(Reason::Syntax("it has no type".into()))),
        kind => parts.shape(kind).map_err(refuse)?,
    };
    Ok(Feature { id: parts.id, geometry, properties: parts.properties })
}

#[derive(Default)]
struct Parts {
    kind: Option<String>,
    id: Option<Id>,
    geometry: Option<Geometry<f64>>,
    properties: Vec<Value>,
    coords: Option<Coords>,
    members: Option<Vec<Geometry<f64>>>,
}

impl Parts {
    fn shape(&mut self, kind: &str) -> Result<Option<Geometry<f64>>, Reason> {
        if kind == "GeometryCollection" {
            let members = self.members.take().ok_or_else(|| Reason::Shape("it has no geometries".into()))?;
            return Ok(Some(Geometry::GeometryCollection(GeometryCollection(members))));
        }
        coords::shape(kind, self.coords.take().ok_or_else(|| Reason::Shape("it has no coordinates".into()))?)
    }
}

struct Members<'c, 'a> {
    cx: &'c mut Cx<'a>,
    parts: &'c mut Parts,
}

impl<'de> Visitor<'de> for Members<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a feature or a shape")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { cx, parts } = self;
        while let Some(key) = map.next_key::<std::borrow::Cow<'_, str>>()? {
            match key.as_ref() {
                "type" => parts.kind = Some(map.next_value()?),
                "id" => parts.id = id(map.next_value()?),
                "geometry" => parts.geometry = map.next_value_seed(Shape { cx: &mut *cx })?,
                "properties" => map.next_value_seed(Properties { cx: &mut *cx, values: &mut parts.properties })?,
                "coordinates" => {
                    let seed = coords::Seed { gauge: &mut cx.gauge, reason: &mut cx.reason };
                    parts.coords = Some(map.next_value_seed(seed)?);
                }
                "geometries" => parts.members = Some(map.next_value_seed(Shapes { cx: &mut *cx })?),
                "bbox" => {
                    map.next_value::<IgnoredAny>()?;
                }
                other => {
                    let known: String = other.chars().take(60).collect();
                    cx.losses.add(LossKind::ForeignMember, Some(&known));
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

fn id(json: serde_json::Value) -> Option<Id> {
    match json {
        serde_json::Value::String(text) => Some(Id::Text(text)),
        serde_json::Value::Number(number) => {
            Some(number.as_i64().map_or_else(|| Id::Text(number.to_string()), Id::Int))
        }
        _ => None,
    }
}

/// A shape or null.
struct Shape<'c, 'a> {
    cx: &'c mut Cx<'a>,
}

impl<'de> DeserializeSeed<'de> for Shape<'_, '_> {
    type Value = Option<Geometry<f64>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Shape<'_, '_> {
    type Value = Option<Geometry<f64>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a shape or null")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let cx = self.cx;
        let mut parts = Parts::default();
        while let Some(key) = map.next_key::<std::borrow::Cow<'_, str>>()? {
            match key.as_ref() {
                "type" => parts.kind = Some(map.next_value()?),
                "coordinates" => {
                    let seed = coords::Seed { gauge: &mut cx.gauge, reason: &mut cx.reason };
                    parts.coords = Some(map.next_value_seed(seed)?);
                }
                "geometries" => parts.members = Some(map.next_value_seed(Shapes { cx: &mut *cx })?),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        let kind = parts.kind.take().ok_or_else(|| A::Error::custom("its shape has no type"))?;
        parts.shape(&kind).map_err(|reason| noted(&mut cx.reason, reason))
    }
}

fn noted<E: Error>(place: &mut Option<Reason>, reason: Reason) -> E {
    let text = reason.to_string();
    *place = Some(reason);
    E::custom(text)
}

/// The members of a collection.
struct Shapes<'c, 'a> {
    cx: &'c mut Cx<'a>,
}

impl<'de> DeserializeSeed<'de> for Shapes<'_, '_> {
    type Value = Vec<Geometry<f64>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Shapes<'_, '_> {
    type Value = Vec<Geometry<f64>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of shapes")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let cx = self.cx;
        let mut members = Vec::new();
        cx.gauge.enter().map_err(|reason| noted(&mut cx.reason, reason))?;
        while let Some(member) = list.next_element_seed(Shape { cx: &mut *cx })? {
            // A member costs memory even if it is empty.
            cx.gauge.take(1).map_err(|reason| noted(&mut cx.reason, reason))?;
            members.extend(member);
        }
        cx.gauge.leave();
        Ok(members)
    }
}

struct Properties<'c, 'a> {
    cx: &'c mut Cx<'a>,
    values: &'c mut Vec<Value>,
}

impl<'de> DeserializeSeed<'de> for Properties<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Properties<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of properties or null")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { cx, values } = self;
        values.resize(cx.columns.len(), Value::Null);
        let mut expected = 0;
        while let Some(key) = map.next_key::<std::borrow::Cow<'_, str>>()? {
            let Some(place) = cx.columns.place(&key, expected, cx.limits.fields) else {
                return Err(noted(&mut cx.reason, Reason::TooManyFields { max: cx.limits.fields }));
            };
            expected = place + 1;
            if place >= values.len() {
                values.resize(place + 1, Value::Null);
            }
            let value: Value = map.next_value()?;
            if value.bytes() > cx.limits.text_bytes {
                let reason = Reason::TextTooLong { field: key.into_owned(), max: cx.limits.text_bytes };
                return Err(noted(&mut cx.reason, reason));
            }
            values[place] = value;
        }
        Ok(())
    }
}

impl Value {
    fn bytes(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Json(json) => json.to_string().len(),
            _ => 0,
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Plain)
    }
}

struct Plain;

impl<'de> Visitor<'de> for Plain {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, yes: bool) -> Result<Value, E> {
        Ok(Value::Bool(yes))
    }

    fn visit_i64<E>(self, int: i64) -> Result<Value, E> {
        Ok(Value::Int(int))
    }

    /// Beyond 63 bits the digits are kept as a text: a float would lose some.
    fn visit_u64<E>(self, int: u64) -> Result<Value, E> {
        Ok(i64::try_from(int).map_or_else(|_| Value::Text(int.to_string()), Value::Int))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Value, A::Error> {
        let json = serde_json::Value::deserialize(SeqAccessDeserializer::new(list))?;
        Ok(Value::Json(Box::new(json)))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Value, A::Error> {
        let json = serde_json::Value::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Value::Json(Box::new(json)))
    }
}
