//! Thuộc tính: what is known of each feature of a layer.

use serde::{Deserialize, Serialize};
use songhan_base::Text;

/// Thuộc tính.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attribute {
    pub name: String,
    pub title: Text,
    pub kind: Kind,
    /// Đơn vị tính, as it stands behind a number: `m`, `m²`, `đ/m²`.
    #[serde(default)]
    pub unit: Option<String>,
    /// Miền giá trị: the only values there are, each with its meaning.
    #[serde(default)]
    pub domain: Vec<Domain>,
    #[serde(default)]
    pub required: bool,
    /// Features are called by it; by several, in their order, where one alone says too little.
    #[serde(default)]
    pub label: bool,
}

/// Kiểu dữ liệu.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Text,
    Integer,
    Number,
    Boolean,
    /// 2026-11-23
    Date,
    /// RFC 3339, in UTC.
    Timestamp,
}

impl Kind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Timestamp => "timestamp",
        }
    }
}

/// Một giá trị của miền.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Domain {
    pub code: String,
    pub title: Text,
}
