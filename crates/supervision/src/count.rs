//! Counting: what each event adds is written as it comes, or for all events again.

use songhan_app::{BoxFuture, Cx};
use songhan_base::Internal;
use songhan_db::{Position, Recorded, Tx, advance_cursor, lock_cursor};
use songhan_ledger::ChargePaid;

use crate::figures::{change, paid as of_payment};
use crate::store;

/// The subscriber's name, and so its cursor's.
pub const SUBSCRIBER: &str = "services.supervision";

/// Counts an event.
pub fn hear<'a>(cx: &'a Cx, tx: &'a mut Tx, event: &'a Recorded) -> BoxFuture<'a, Result<(), Internal>> {
    Box::pin(async move {
        if let Some(change) = change(event, &cx.zone) {
            return store::add(tx, &change).await;
        }
        if let Some(paid) = event.read::<ChargePaid>()
            && let Some(dossier) = songhan_services::dossier_of_charge(tx, paid.charge).await?
        {
            return store::add(tx, &of_payment(event, paid.channel, &dossier, &cx.zone)).await;
        }
        Ok(())
    })
}

/// Forgets the figures and begins to count from the first event; `false` while the counting is under way in another
/// process. Until the subscriber has caught up the figures are those of the past.
pub async fn restate(cx: &Cx) -> Result<bool, Internal> {
    let mut tx = cx.begin().await?;
    if lock_cursor(&mut tx, SUBSCRIBER).await?.is_none() {
        return Ok(false);
    }
    store::clear(&mut tx).await?;
    advance_cursor(&mut tx, SUBSCRIBER, Position::default()).await?;
    tx.audit("services.restate_supervision", "supervision", serde_json::json!({})).await?;
    tx.commit().await?;
    Ok(true)
}
