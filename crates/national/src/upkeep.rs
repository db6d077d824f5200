//! Looks after the messages: what was put off goes when the portal is back, what lost its job gets another, what is old
//! is forgotten.

use jiff::SignedDuration;
use songhan_app::Cx;
use songhan_base::Internal;

use crate::promise;
use crate::settings::Settings;
use crate::store::{heard, known, messages};

/// Messages that are hastened in one turn: a portal that is just back is not run over.
const AT_ONCE: i64 = 200;
/// A message whose time is so long over has lost its job.
const LOST: SignedDuration = SignedDuration::from_mins(15);
/// Rows deleted in one statement.
const FORGET_AT_ONCE: i64 = 1_000;

/// The schedule of every minute.
pub async fn look_after(cx: Cx) -> Result<(), Internal> {
    if Settings::of(&cx).is_none() {
        return Ok(());
    }
    let is_up = known::connection(&cx.db).await?.is_up() == Some(true);
    let mut tx = cx.begin().await?;
    let now = tx.now();
    let mut due = messages::forgotten(&mut tx, now - LOST, AT_ONCE).await?;
    if is_up {
        due.extend(messages::put_off(&mut tx, AT_ONCE).await?);
    }
    for (id, _) in due {
        messages::due_at(&mut tx, id, now).await?;
        promise::try_at(&mut tx, &cx, id, now).await?;
    }
    tx.commit().await
}

/// The schedule of every day.
pub async fn forget(cx: Cx) -> Result<(), Internal> {
    let Some(settings) = Settings::of(&cx) else { return Ok(()) };
    let kept = SignedDuration::from_hours(24 * settings.keep_days as i64);
    let before = cx.now() - kept;
    while messages::forget(&cx.db, before, FORGET_AT_ONCE).await? == FORGET_AT_ONCE as u64 {}
    while heard::forget(&cx.db, before, FORGET_AT_ONCE).await? == FORGET_AT_ONCE as u64 {}
    Ok(())
}
