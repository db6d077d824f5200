//! What happens to layers, as others hear it. No attribute and no place is told.

use serde::{Deserialize, Serialize};
use songhan_db::Event;

/// A layer is not as it was: some of its features changed, or an import put another base in its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayerChanged {
    pub layer: String,
    /// Rises by one with each change.
    pub generation: i64,
    /// The features that changed; none where all of them may have.
    pub features: Option<Vec<i64>>,
}

impl Event for LayerChanged {
    const KIND: &'static str = "maps.layer_changed";

    fn subject(&self) -> String {
        format!("layer:{}", self.layer)
    }
}
