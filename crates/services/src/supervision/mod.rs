//! Giám sát: how the agencies keep their promises, counted from events as they come and shown at any time.
//!
//! A subscriber adds what each event changes to a small table; pages and the API read that table alone. Counting all
//! events again gives the same figures ([`restate`]), so a correction of what is counted is one restatement.

mod figures;
mod months;
pub mod report;
pub mod store;

use songhan_app::{BoxFuture, Cx};
use songhan_base::Internal;
use songhan_db::{Position, Recorded, Tx, advance_cursor, lock_cursor};

pub use figures::change;
pub use months::Month;

/// The subscriber's name, and so its cursor's.
pub const SUBSCRIBER: &str = "services.supervision";

/// Counts an event.
pub fn hear<'a>(cx: &'a Cx, tx: &'a mut Tx, event: &'a Recorded) -> BoxFuture<'a, Result<(), Internal>> {
    Box::pin(async move {
        match change(event, &cx.zone) {
            Some(change) => store::add(tx, &change).await,
            None => Ok(()),
        }
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
