//! Tells the portal of a dossier: a job for each try. The message is made now, of the dossier as it is now, and noted
//! after it was sent.

use std::sync::Arc;

use jiff::SignedDuration;
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use songhan_app::Cx;
use songhan_base::{Id, Internal, Lang};
use songhan_db::Tx;

use crate::codes::Codes;
use crate::message::{Row, State};
use crate::payload::{self, Facts};
use crate::portal::{self, Failure};
use crate::settings::Settings;
use crate::store::known::{self, Known};
use crate::store::messages::{self, Tried};
use crate::store::refused;
use crate::{gather, heard, promise};

/// No other worker takes a message up for so long: longer than the calls for it can take, shorter than a job's lease.
const BUSY: SignedDuration = SignedDuration::from_secs(180);
const MINUTE: i64 = 60;
/// Pauses between tries, in seconds; the last one stays, because the portal must hear of every dossier some day.
const PAUSES_S: [i64; 7] = [30, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, 60 * MINUTE, 180 * MINUTE, 360 * MINUTE];

/// What a try found out.
struct Outcome {
    known: Known,
    status: i64,
    /// Steps that the portal was told.
    steps: i64,
    end: End,
}

enum End {
    Sent,
    Unchanged,
    Failed(Failure),
}

/// The job.
pub async fn run(cx: Cx, payload: Value) -> Result<(), Internal> {
    let id: Id = serde_json::from_value(payload["message"].clone()).map_err(Internal::new)?;
    let Some(settings) = Settings::of(&cx) else { return Ok(()) };
    let mut tx = cx.begin().await?;
    let until = tx.now().checked_add(BUSY).map_err(Internal::new)?;
    let taken = messages::take(&mut tx, id, until).await?;
    tx.commit().await?;
    // Ended, put off, or in the hands of another worker.
    let Some(message) = taken else { return Ok(()) };
    let told = tell(&cx, &settings, &message).await;
    if told.is_err() {
        messages::leave(&cx.db, id).await?;
    }
    told
}

/// Sends one message that was taken up, and notes what came of it.
pub async fn tell(cx: &Cx, settings: &Arc<Settings>, message: &Row) -> Result<(), Internal> {
    let before = known::of(&cx.db, message.case_id).await?;
    let Some(facts) = gather::facts(cx, message.case_id).await? else {
        return note_gone(cx, message).await;
    };
    let mut outcome = send(cx, settings, message, &facts, before).await?;
    if let End::Failed(Failure::Refused { told, .. } | Failure::Unreachable(told)) = &mut outcome.end {
        *told = portal::masked(told, &facts.holder_name);
    }
    note(cx, message, &outcome).await
}

/// Sends what the portal does not know yet.
async fn send(
    cx: &Cx,
    settings: &Arc<Settings>,
    message: &Row,
    facts: &Facts,
    before: Known,
) -> Result<Outcome, Internal> {
    let codes = cx.city.get::<Codes>();
    let dossier = payload::dossier(facts, codes, &cx.zone);
    let progress = payload::progress(facts, before.steps, &cx.zone);
    let last = facts.steps.last().map_or(0, |step| step.seq);
    let digest = digest(&dossier)?;
    let whole = digest_of_all(&digest, &progress)?;
    let mut outcome = Outcome { known: before, status: facts.status, steps: 0, end: End::Sent };
    let known = &mut outcome.known;
    let has_dossier = !known.is_taken || known.digest.as_ref() != Some(&digest);
    let is_refused_already = known.refused_digest.as_ref() == Some(&whole);
    if !message.forced && (is_refused_already || (!has_dossier && progress.is_empty())) {
        outcome.end = End::Unchanged;
        return Ok(outcome);
    }
    let told = async {
        if has_dossier || message.forced {
            let is_there = known.is_taken || is_known_there(cx, settings, &facts.code).await?;
            let flag = if is_there { "True" } else { "False" };
            let body = json!({ "isUpdating": flag, "data": [dossier] });
            portal::call(cx, settings, "DongBoHoSoMC", body).await?;
            (known.is_taken, known.digest) = (true, Some(digest));
        }
        if !progress.is_empty() {
            portal::call(cx, settings, "CapNhatTienDoHoSoMC", json!({ "data": progress })).await?;
            outcome.steps = progress.len() as i64;
        }
        known.steps = last;
        Ok::<(), Failure>(())
    };
    match told.await {
        Ok(()) => known.refused_digest = None,
        Err(failure) => {
            if matches!(failure, Failure::Refused { .. }) {
                known.refused_digest = Some(whole);
            }
            outcome.end = End::Failed(failure);
        }
    }
    Ok(outcome)
}

/// Whether the portal has a dossier that we do not know to be there: told before a crash, or by another system.
async fn is_known_there(cx: &Cx, settings: &Arc<Settings>, code: &str) -> Result<bool, Failure> {
    match portal::call(cx, settings, "TraCuuHoSo", json!({ "mahoso": code })).await {
        Ok(found) => Ok(found["result"].as_array().is_some_and(|found| !found.is_empty())),
        // Some answer so where there is none.
        Err(Failure::Refused { .. }) => Ok(false),
        Err(failure) => Err(failure),
    }
}

fn digest(of: &impl Serialize) -> Result<String, Internal> {
    let text = serde_json::to_vec(of).map_err(Internal::new)?;
    Ok(data_encoding::HEXLOWER.encode(&Sha256::digest(text)))
}

fn digest_of_all(dossier: &str, progress: &[payload::Progress]) -> Result<String, Internal> {
    digest(&(dossier, progress))
}

async fn note_gone(cx: &Cx, message: &Row) -> Result<(), Internal> {
    let gone = Tried { state: State::Gone, next_at: None, status: None, steps: 0, answer_code: None, answer: None };
    let mut tx = cx.begin().await?;
    messages::note(&mut tx, message.id, &gone).await?;
    refused::clear(&mut tx, message.case_id).await?;
    tx.commit().await
}

/// Notes what became of a try, and promises what follows.
async fn note(cx: &Cx, message: &Row, outcome: &Outcome) -> Result<(), Internal> {
    let mut tx = cx.begin().await?;
    // Nobody else ends a message; that it is gone would mean that somebody wrote to the table by hand.
    let Some(revision) = messages::revision(&mut tx, message.id).await? else { return Ok(()) };
    let next_at = match &outcome.end {
        End::Failed(Failure::Unreachable(_)) => {
            let pause = PAUSES_S[usize::try_from(message.attempts).unwrap_or(0).min(PAUSES_S.len() - 1)];
            Some(tx.now().checked_add(SignedDuration::from_secs(pause)).map_err(Internal::new)?)
        }
        _ => None,
    };
    let (state, answer_code, answer) = match &outcome.end {
        End::Sent => (State::Sent, Some("0"), None),
        End::Unchanged => (State::Unchanged, None, None),
        End::Failed(Failure::Refused { code, told }) => (State::Refused, Some(code.as_str()), Some(told.as_str())),
        End::Failed(Failure::Unreachable(told)) => (State::Waiting, None, Some(told.as_str())),
    };
    let tried = Tried { state, next_at, status: Some(outcome.status), steps: outcome.steps, answer_code, answer };
    messages::note(&mut tx, message.id, &tried).await?;
    known::set(&mut tx, message.case_id, &message.code, &outcome.known).await?;
    tell_office(&mut tx, cx, message.case_id, &outcome.end).await?;
    match next_at {
        Some(at) => promise::try_at(&mut tx, cx, message.id, at).await?,
        // What changed while it was being sent is for another message.
        None if revision != message.revision => {
            let now = tx.now();
            let (id, _) = messages::gather(&mut tx, cx.env.id(), message.case_id, &message.code, now).await?;
            promise::try_at(&mut tx, cx, id, now).await?;
        }
        None => {}
    }
    tx.commit().await?;
    metrics::counter!("songhan_national_messages_total", "state" => state.as_str()).increment(1);
    if let Some(answer) = answer {
        tracing::warn!(message = %message.id, dossier = message.code, state = state.as_str(), answer, "not taken");
    }
    Ok(())
}

/// That the portal refuses a dossier stands in its timeline, for the office alone: when it begins, and when it is over.
async fn tell_office(tx: &mut Tx, cx: &Cx, case: Id, end: &End) -> Result<(), Internal> {
    let text = match end {
        End::Failed(Failure::Refused { code, told }) => {
            if refused::note(tx, case, code, told).await? > 1 {
                return Ok(());
            }
            cx.text(Lang::Vi, "national-step-refused", &[("code", code), ("answer", told)])
        }
        End::Sent => match refused::clear(tx, case).await? {
            0 => return Ok(()),
            times => cx.text(Lang::Vi, "national-step-taken", &[("times", &times.to_string())]),
        },
        _ => return Ok(()),
    };
    songhan_cases::remark(tx, cx, case, heard::BY, &text).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_a_worker_is_not_overtaken() {
        assert!(PAUSES_S.is_sorted());
        assert!(BUSY < SignedDuration::from_secs(300), "shorter than the lease of a job");
        // Log in, look up, send, log in again, send, tell the steps: 15 seconds each at most, with a repetition of each.
        assert!(BUSY >= SignedDuration::from_secs(15 * 12));
    }
}
