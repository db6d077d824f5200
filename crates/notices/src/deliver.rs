//! Delivers a notice by e-mail: a job, repeated until the letter has left or is refused for good.

use serde_json::Value;
use songhan_app::Cx;
use songhan_base::{Id, Internal};

use crate::letter::Letter;
use crate::mailer::{Mailer, Unsent};
use crate::store;

/// Kind of the job.
pub const JOB: &str = "notices.deliver";

/// Sends what the delivery of this job promises, unless that was done. The letter leaves before that is noted: a crash
/// between the two sends it again under the same Message-ID, never not at all.
pub async fn deliver(cx: Cx, payload: Value) -> Result<(), Internal> {
    let id: Id = serde_json::from_value(payload["delivery"].clone()).map_err(Internal::new)?;
    let Some(letter) = letter(&cx, id).await? else { return Ok(()) };
    let mailer = Mailer::of(&cx);
    let (letter, date) = letter;
    let outcome = match letter.message(&cx, &mailer.from, date) {
        Ok(message) => mailer.send(id, message).await,
        // An address that was let in and cannot be written on an envelope.
        Err(error) => Err(Unsent::Refused(error.to_string())),
    };
    let (state, error) = match &outcome {
        Ok(()) => ("sent", None),
        Err(Unsent::Refused(error)) => ("failed", Some(error.clone())),
        Err(Unsent::Later(error)) => ("waiting", Some(error.to_string())),
    };
    let mut tx = cx.begin().await?;
    store::note_attempt(&mut tx, id, state, error.as_deref()).await?;
    tx.commit().await?;
    match outcome {
        Ok(()) => Ok(()),
        Err(Unsent::Refused(error)) => {
            tracing::warn!(delivery = %id, error, "a letter was refused");
            Ok(())
        }
        Err(Unsent::Later(error)) => Err(error),
    }
}

/// The letter of a delivery that still waits, with its date.
async fn letter(cx: &Cx, id: Id) -> Result<Option<(Letter, jiff::Timestamp)>, Internal> {
    let Some(delivery) = store::delivery(&cx.db, id).await?.filter(|delivery| delivery.state == "waiting") else {
        return Ok(None);
    };
    let Some(notice) = store::notice(&cx.db, delivery.notice).await? else { return Ok(None) };
    let Some(reader) = songhan_identity::account(&cx.db, notice.account).await? else { return Ok(None) };
    Ok(Some((Letter::new(cx, &delivery, &notice, &reader), notice.created_at.0)))
}
