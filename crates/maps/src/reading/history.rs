//! What a feature has been: when it was changed, how and why; by whom, to those who may change it themselves.

use jiff::Timestamp;
use songhan_app::Cx;
use songhan_base::Internal;

use super::{Item, Readable};
use crate::feature::{Change, Version};
use crate::layer::Reach;
use crate::store::{features, layers};

/// A version of a feature.
#[derive(Clone, Debug, PartialEq)]
pub struct Past {
    pub base: i64,
    pub change: Change,
    /// From when it was so.
    pub at: Timestamp,
    /// Until when; none of what is so now.
    pub until: Option<Timestamp>,
    pub reason: String,
    pub by: By,
    pub item: Item,
}

/// Who did it, as far as the reader may know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// By name, for those who may change the feature.
    Person(String),
    /// Someone who may change the layer.
    Editor,
    /// An import, or the system itself.
    System,
}

impl By {
    /// The name, for those who may know it.
    pub fn name(self) -> Option<String> {
        match self {
            Self::Person(name) => Some(name),
            _ => None,
        }
    }
}

impl Past {
    pub(super) fn of(base: i64, version: Version, edits: &Reach) -> Result<Self, Internal> {
        let by = if edits.holds(version.is.area.as_deref()) {
            By::Person(version.changed_by_name)
        } else if version.changed_by.starts_with("system:") {
            By::System
        } else {
            By::Editor
        };
        Ok(Self {
            base,
            change: version.change,
            at: *version.valid_from,
            until: version.valid_to.map(|until| *until),
            reason: version.reason,
            by,
            item: Item::of(&version.is)?,
        })
    }
}

/// The versions that the actor may read, newest first: since the layer was last imported, of what was removed too.
pub async fn history(cx: &Cx, of: &Readable, number: i64, limit: i64) -> Result<Vec<Past>, Internal> {
    let standing = layers::standing(&cx.db, &of.layer.code).await?;
    let Some(base) = standing.and_then(|standing| standing.base) else { return Ok(Vec::new()) };
    let edits = of.layer.rights.edits(cx);
    let versions = features::history(&cx.db, base, number, limit).await?;
    let readable = versions.into_iter().filter(|version| of.reach.holds(version.is.area.as_deref()));
    readable.map(|version| Past::of(base, version, &edits)).collect()
}
