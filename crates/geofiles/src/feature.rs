//! What a map file consists of, whatever its format: features with a shape and attributes.

use std::fmt;

use geo_types::Geometry;
use jiff::Timestamp;
use jiff::civil::Date;

/// Đối tượng địa lý.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Feature {
    /// What the file itself calls the feature; formats without such a name have none.
    pub id: Option<Id>,
    /// Coordinates as in the file, heights left out.
    pub geometry: Option<Geometry<f64>>,
    /// One value for each field of the layer, in their order. Shorter than the fields if the last ones are absent.
    pub properties: Vec<Value>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Id {
    Int(i64),
    Text(String),
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(id) => id.fmt(f),
            Self::Text(id) => id.fmt(f),
        }
    }
}

/// Giá trị thuộc tính.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    #[default]
    Null,
    Bool(bool),
    Int(i64),
    Number(f64),
    Text(String),
    Date(Date),
    /// To the microsecond; the zone it was written in is not kept.
    Timestamp(Timestamp),
    /// Lists and objects.
    Json(Box<serde_json::Value>),
}

/// Trường thuộc tính.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    pub kind: FieldKind,
}

impl Field {
    pub fn new(name: impl Into<String>, kind: FieldKind) -> Self {
        Self { name: name.into(), kind }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldKind {
    Bool,
    Int,
    Number,
    Text,
    Date,
    Timestamp,
    Json,
}
