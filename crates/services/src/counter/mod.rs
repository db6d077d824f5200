//! The counter (Bộ phận Một cửa): dossiers that an officer takes in, and the queue of those who wait.
//!
//! Any office takes in for any other (phi địa giới hành chính): the unit that handles a dossier is chosen, the unit that
//! took it in stays on record. What an officer has begun is a draft of the officer's own until it is taken in.

pub mod intake;
pub mod person;
pub mod queue;
pub mod store;
#[cfg(test)]
mod tests;
pub mod ticket;
pub mod wait;

use std::time::Duration;

use songhan_app::Schedule;
use songhan_base::Internal;

/// Forgets old numbers of the queue once a day.
pub fn schedule() -> Schedule {
    Schedule::new("services.sweep_queue", Duration::from_hours(24), |cx| async move {
        let kept = jiff::Span::new().days(cx.city.get::<queue::QueueRules>().kept_days);
        let before = cx.today().checked_sub(kept).map_err(Internal::new)?;
        let mut tx = cx.begin().await?;
        store::sweep(&mut tx, before).await?;
        tx.commit().await
    })
}
