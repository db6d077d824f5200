//! Delivers by whatever channel: a job for each attempt, until the other side has taken the message, refuses it for
//! good, or has been asked often enough.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use songhan_app::Cx;
use songhan_base::{Id, Internal};
use songhan_db::{NewJob, Tx, enqueue};

use crate::channel::{Channel, Sent, Unsent};
use crate::message::Message;
use crate::store::{self, Attempt, NewDelivery};
use crate::topic::Manners;

/// Kind of the job.
pub const JOB: &str = "notices.deliver";

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
/// Pauses between attempts, in seconds: two days in all. Then the delivery is given up.
const PAUSES_S: [u64; 9] = [30, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR];

/// Promises a delivery, in the transaction in which there is something to tell.
pub async fn promise(tx: &mut Tx, cx: &Cx, delivery: NewDelivery<'_>) -> Result<(), Internal> {
    let id = delivery.id;
    store::insert_delivery(tx, delivery).await?;
    attempt_at(tx, cx, id, "first", None).await
}

/// Promises the next attempt. `which` tells it from the one that is under way.
async fn attempt_at(tx: &mut Tx, cx: &Cx, id: Id, which: &str, run_at: Option<Timestamp>) -> Result<(), Internal> {
    let dedupe = Some(format!("notices.deliver:{id}:{which}"));
    enqueue(tx, NewJob { id: cx.env.id(), kind: JOB, payload: json!({ "delivery": id }), run_at, dedupe }).await
}

/// Sends what the delivery of this job promises, unless that was done. It leaves before that is noted: a crash between
/// the two sends it again under the same id, never not at all.
pub async fn deliver(cx: Cx, payload: Value) -> Result<(), Internal> {
    let id: Id = serde_json::from_value(payload["delivery"].clone()).map_err(Internal::new)?;
    let row = store::delivery(&cx.db, id).await?.filter(|row| row.state == "waiting");
    let Some(row) = row else { return Ok(()) };
    let is_ahead = row.next_at.is_some_and(|at| at.0 > cx.now());
    let Some(message) = Message::of(&cx, row).await? else {
        let mut tx = cx.begin().await?;
        let error = Some("there is nobody to tell any more");
        let attempt = Attempt { state: "failed", error, reference: None, next_at: None, forget: true };
        store::note_attempt(&mut tx, id, attempt).await?;
        return tx.commit().await;
    };
    // Another job waits for that time: this one is a repetition.
    if is_ahead {
        return Ok(());
    }
    if let Some(end) = quiet(&cx, &message) {
        let mut tx = cx.begin().await?;
        store::put_off(&mut tx, id, end).await?;
        attempt_at(&mut tx, &cx, id, &format!("after {end}"), Some(end)).await?;
        return tx.commit().await;
    }
    let outcome = match message.expires_at {
        Some(end) if end <= cx.now() => Err(Unsent::Refused("it is of no use any more".to_owned())),
        _ => message.channel.send(&cx, &message).await,
    };
    note(&cx, &message, outcome).await
}

/// When a telephone may ring again, if it may not now.
fn quiet(cx: &Cx, message: &Message) -> Option<Timestamp> {
    let can_wait = message.channel == Channel::Sms && !message.urgent;
    can_wait.then(|| Manners::in_city(cx).quiet.end(cx.now(), &cx.zone)).flatten()
}

/// Notes what became of an attempt, and promises the next one where there is one.
async fn note(cx: &Cx, message: &Message, outcome: Result<Sent, Unsent>) -> Result<(), Internal> {
    let (id, channel) = (message.id, message.channel);
    let next = match &outcome {
        Err(Unsent::Later { after, .. }) => next_at(cx.now(), message, *after),
        _ => None,
    };
    let error = outcome.as_ref().err().map(|error| masked(&error.to_string()));
    let state = match (&outcome, next) {
        (Ok(_), _) => "sent",
        (Err(Unsent::Later { .. }), Some(_)) => "waiting",
        (Err(Unsent::Later { .. }), None) => "given_up",
        (Err(_), _) => "failed",
    };
    let mut tx = cx.begin().await?;
    let reference = outcome.as_ref().ok().and_then(|sent| sent.reference.as_deref());
    // The demo's mailbox shows codes too.
    let forget = state != "waiting" && !cx.config.demo;
    let attempt = Attempt { state, error: error.as_deref(), reference, next_at: next, forget };
    store::note_attempt(&mut tx, id, attempt).await?;
    if let Some(at) = next {
        attempt_at(&mut tx, cx, id, &format!("attempt {}", message.attempts + 2), Some(at)).await?;
    }
    if matches!(outcome, Err(Unsent::Gone(_))) {
        forget_address(&mut tx, message).await?;
    }
    tx.commit().await?;
    metrics::counter!("songhan_deliveries_total", "channel" => channel.as_str(), "state" => state).increment(1);
    if let Some(error) = error {
        tracing::warn!(delivery = %id, channel = channel.as_str(), state, error, "a message did not leave");
    }
    Ok(())
}

/// When a delivery is tried again: after a pause that grows, and not before the other side wants it.
fn next_at(now: Timestamp, message: &Message, after: Option<Duration>) -> Option<Timestamp> {
    let pause = PAUSES_S.get(usize::try_from(message.attempts).ok()?)?;
    let pause = Duration::from_secs(*pause).max(after.unwrap_or_default());
    let at = now.checked_add(SignedDuration::try_from(pause).ok()?).ok()?;
    message.expires_at.is_none_or(|end| at < end).then_some(at)
}

/// An address that takes nothing any more is not tried again.
async fn forget_address(tx: &mut Tx, message: &Message) -> Result<(), Internal> {
    let (account, channel) = (message.account, message.channel);
    let forgotten = match channel {
        Channel::Push => match message.address.parse() {
            Ok(id) => store::delete_subscription(tx, account, id).await?,
            Err(_) => false,
        },
        Channel::Sms => store::unverify(tx, account, channel, &message.address).await?,
        Channel::InApp | Channel::Email | Channel::Zalo => false,
    };
    if forgotten {
        let detail = json!({ "channel": channel.as_str() });
        tx.audit("notices.address_gone", &format!("account:{account}"), detail).await?;
    }
    Ok(())
}

/// Error texts of the other side name addresses: what looks like one is not kept.
fn masked(error: &str) -> String {
    let hide = |word: &str| {
        let digits = word.chars().filter(char::is_ascii_digit).count();
        if word.contains('@') || digits >= 7 { "…".to_owned() } else { word.to_owned() }
    };
    let words: Vec<String> = error.split_whitespace().map(hide).collect();
    words.join(" ").chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_nobody() {
        assert_eq!(
            masked("550 5.1.1 <lan@example.com>: no such box, call +84905123456"),
            "550 5.1.1 … no such box, call …"
        );
        assert!(masked(&"x ".repeat(500)).len() <= 300);
    }

    #[test]
    fn pauses_grow() {
        assert!(PAUSES_S.is_sorted());
        let total: u64 = PAUSES_S.iter().sum();
        assert!((40 * HOUR..72 * HOUR).contains(&total));
    }
}
