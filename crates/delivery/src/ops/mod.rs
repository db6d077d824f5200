//! Operations on parcels that move no case, one a file.

pub mod list_parcels;
pub mod show_manifest;

use songhan_app::Cx;
use songhan_base::{Id, Internal, Role};

/// Somebody's address was read.
pub const READ: &str = "delivery.read_address";

/// The units where the actor hands results over; `None` is the whole city.
pub fn units(cx: &Cx) -> Option<Vec<String>> {
    let units = cx.actor.units(&[Role::Officer, Role::Leader]);
    units.into_iter().map(|unit| unit.map(str::to_owned)).collect()
}

/// Whether the actor hands results of this unit over.
fn is_of(cx: &Cx, unit: &str) -> bool {
    [Role::Officer, Role::Leader].into_iter().any(|role| cx.actor.has_at(role, unit))
}

/// Reading addresses stands in the audit log, so that people can be told who read theirs.
async fn log_reading(cx: &Cx, read: &[(Id, &str)]) -> Result<(), Internal> {
    if read.is_empty() {
        return Ok(());
    }
    let mut tx = cx.begin().await?;
    for (account, code) in read {
        tx.audit(READ, &format!("account:{account}"), serde_json::json!({ "dossier": code })).await?;
    }
    tx.commit().await
}
