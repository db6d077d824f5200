//! Promises that the portal is told of a dossier: one message waits for each, and a job for each time that it is tried.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use songhan_app::Cx;
use songhan_base::{Id, Internal};
use songhan_db::{NewJob, Tx, enqueue};

use crate::settings::Settings;
use crate::store::messages;

/// Kind of the job.
pub const JOB: &str = "national.tell";

/// A dossier has changed. The message that waits gathers it; where none does, one is promised after a moment.
pub async fn changed(tx: &mut Tx, cx: &Cx, settings: &Settings, case: Id, code: &str) -> Result<(), Internal> {
    let gather = SignedDuration::try_from(settings.gather()).map_err(Internal::new)?;
    let at = tx.now().checked_add(gather).map_err(Internal::new)?;
    let (id, revision) = messages::gather(tx, cx.env.id(), case, code, at).await?;
    if revision == 1 { try_at(tx, cx, id, at).await } else { Ok(()) }
}

/// Someone wants it sent now, whatever the portal knows. Answers the message that will be.
pub async fn again(tx: &mut Tx, cx: &Cx, case: Id, code: &str) -> Result<Id, Internal> {
    let now = tx.now();
    let id = messages::force(tx, cx.env.id(), case, code, now).await?;
    try_at(tx, cx, id, now).await?;
    Ok(id)
}

/// Promises a job that sends the message.
pub async fn try_at(tx: &mut Tx, cx: &Cx, id: Id, at: Timestamp) -> Result<(), Internal> {
    let dedupe = Some(format!("{JOB}:{id}:{}", at.as_microsecond()));
    enqueue(tx, NewJob { id: cx.env.id(), kind: JOB, payload: json!({ "message": id }), run_at: Some(at), dedupe })
        .await
}
