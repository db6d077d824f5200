//! What an import tells.

use serde::{Deserialize, Serialize};
use songhan_base::Id;
use songhan_db::Event;

/// An import brought new procedures, or new versions of known ones.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProceduresImported {
    pub import: Id,
    pub new: usize,
    pub changed: usize,
}

impl Event for ProceduresImported {
    const KIND: &'static str = "services.procedures_imported";

    fn subject(&self) -> String {
        "procedures".to_owned()
    }
}
