//! Đối tượng bản đồ: one feature of a layer as it is or was, who made it so, when and why.

use serde::{Deserialize, Serialize};
use songhan_db::At;

/// One version of a feature, as the database holds it.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
#[expect(clippy::struct_field_names, reason = "the names of its columns")]
pub struct Feature {
    pub feature: i64,
    pub version: i64,
    /// WKB in WGS 84.
    pub geometry: Option<Vec<u8>>,
    /// A JSON object, in the order of the layer's attributes.
    pub properties: String,
    /// Code of the area in which it lies, where the layer's rights go by area.
    pub area: Option<String>,
}

/// A version beside the others: who, when, why.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Version {
    #[sqlx(flatten)]
    pub is: Feature,
    pub valid_from: At,
    pub valid_to: Option<At>,
    #[sqlx(try_from = "String")]
    pub change: Change,
    pub changed_by: String,
    pub changed_by_name: String,
    pub reason: String,
}

/// How a version came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = MapChange)]
pub enum Change {
    Imported,
    Created,
    Replaced,
    Updated,
    Removed,
    /// It is again as an earlier version was.
    Undone,
}

impl Change {
    const ALL: [Self; 6] = [Self::Imported, Self::Created, Self::Replaced, Self::Updated, Self::Removed, Self::Undone];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Imported => "imported",
            Self::Created => "created",
            Self::Replaced => "replaced",
            Self::Updated => "updated",
            Self::Removed => "removed",
            Self::Undone => "undone",
        }
    }
}

impl TryFrom<String> for Change {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::ALL.into_iter().find(|change| change.as_str() == text).ok_or_else(|| format!("{text} is no change"))
    }
}
