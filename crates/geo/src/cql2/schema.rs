//! What a filter may ask for: the queryables of a layer, and the features it is evaluated over.

use std::borrow::Cow;
use std::collections::HashMap;

use geo_types::{Geometry, Rect};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

use super::fold::normal;

/// The type of a queryable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Integer,
    Number,
    Boolean,
    Date,
    Timestamp,
    Geometry,
    /// Of values of any kinds.
    Array,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Integer => "integer",
            Kind::Number => "number",
            Kind::Boolean => "boolean",
            Kind::Date => "date",
            Kind::Timestamp => "timestamp",
            Kind::Geometry => "geometry",
            Kind::Array => "array",
        }
    }
}

/// A property that filters may name, composed or decomposed. Trường tra cứu được.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queryable {
    pub name: String,
    pub kind: Kind,
}

impl Queryable {
    pub fn new(name: impl Into<String>, kind: Kind) -> Self {
        Self { name: name.into(), kind }
    }
}

/// The queryables of a layer. What a user may not see is left out: a filter that names it is refused as unknown.
#[derive(Clone, Debug)]
pub struct Schema {
    queryables: Vec<Queryable>,
    by_name: HashMap<String, usize>,
    pub(super) offset: Offset,
    pub(super) bounds: Option<Rect<f64>>,
}

/// Queryables that do not make a schema.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    #[error("queryable {index} has no name: name it")]
    Unnamed { index: usize },
    #[error("queryable `{name}` is declared twice: rename one")]
    Twice { name: String },
    #[error("queryable `{name}` is a second geometry: a layer has one")]
    SecondGeometry { name: String },
}

impl Schema {
    pub fn new(queryables: Vec<Queryable>) -> Result<Self, SchemaError> {
        let mut by_name = HashMap::with_capacity(queryables.len());
        let mut geometry = false;
        for (index, Queryable { name, kind }) in queryables.iter().enumerate() {
            if name.is_empty() {
                return Err(SchemaError::Unnamed { index });
            }
            if *kind == Kind::Geometry && std::mem::replace(&mut geometry, true) {
                return Err(SchemaError::SecondGeometry { name: name.clone() });
            }
            if by_name.insert(normal(name).into_owned(), index).is_some() {
                return Err(SchemaError::Twice { name: name.clone() });
            }
        }
        Ok(Self { queryables, by_name, offset: Offset::UTC, bounds: None })
    }

    /// Where days begin and end when a date meets a timestamp; UTC unless said otherwise.
    #[must_use]
    pub fn with_offset(mut self, offset: Offset) -> Self {
        self.offset = offset;
        self
    }

    /// Where coordinates of the layer's reference system are valid: geometries of filters beyond are refused, and a
    /// `BBOX` whose west is greater than its east goes round through these bounds.
    #[must_use]
    pub fn with_bounds(mut self, bounds: Rect<f64>) -> Self {
        self.bounds = Some(bounds);
        self
    }

    pub fn queryables(&self) -> &[Queryable] {
        &self.queryables
    }

    pub(super) fn find(&self, name: &str) -> Option<(usize, Kind)> {
        let index = *self.by_name.get(normal(name).as_ref())?;
        Some((index, self.queryables[index].kind))
    }

    /// What to write instead of an unknown name.
    pub(super) fn remedy(&self, name: &str) -> String {
        let same = |q: &&Queryable| q.name.to_lowercase() == name.to_lowercase();
        if let Some(meant) = self.queryables.iter().find(same) {
            return format!("write `{}`", meant.name);
        }
        let names: Vec<_> = self.queryables.iter().take(20).map(|q| q.name.as_str()).collect();
        let more = if self.queryables.len() > names.len() { ", …" } else { "" };
        format!("the queryables are {}{more}", names.join(", "))
    }
}

/// A value of a feature's property, or of an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    Null,
    Boolean(bool),
    Integer(i64),
    Number(f64),
    Text(Cow<'a, str>),
    Date(Date),
    Timestamp(Timestamp),
    Geometry(Cow<'a, Geometry<f64>>),
    Array(Vec<Value<'a>>),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Value::Text(Cow::Borrowed(text))
    }
}

/// What a filter is evaluated over. Đối tượng.
pub trait Feature {
    /// The value of the queryable with this index in the schema; never asked for the geometry.
    fn value(&self, property: usize) -> Value<'_>;

    /// A valid shape, as [`crate::repair`] leaves it; of another the relations mean nothing.
    fn geometry(&self) -> Option<&Geometry<f64>>;
}
