//! How the connection to the portal is: in a row for everyone, and for a moment in memory, so that a portal that is down
//! is not asked for each of a thousand dossiers.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use songhan_app::Cx;

use crate::store::known;

/// How long nobody asks again after a failure.
const REST: SignedDuration = SignedDuration::from_secs(20);
/// How often it is written down that all is well.
const NOTED: SignedDuration = SignedDuration::from_secs(30);

/// What this process knows.
#[derive(Default)]
struct Health(Mutex<Known>);

#[derive(Default)]
struct Known {
    /// Until when it counts as down, and why.
    down: Option<(Timestamp, String)>,
    noted_at: Option<Timestamp>,
}

impl Health {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why the portal need not be asked now, if it was down a moment ago.
pub fn is_known_down(cx: &Cx) -> Option<String> {
    let health = cx.memory.get_or(Health::default);
    let known = health.known();
    known.down.as_ref().filter(|(until, _)| cx.now() < *until).map(|(_, error)| error.clone())
}

/// The portal answered.
pub async fn answered(cx: &Cx) {
    let now = cx.now();
    let is_news = {
        let health = cx.memory.get_or(Health::default);
        let mut known = health.known();
        let was_down = known.down.take().is_some();
        let is_news = was_down || known.noted_at.is_none_or(|at| now >= at.saturating_add(NOTED).unwrap_or(at));
        if is_news {
            known.noted_at = Some(now);
        }
        is_news
    };
    if is_news && let Err(error) = known::note_answer(&cx.db, now).await {
        tracing::warn!(%error, "cannot note that the national portal answers");
    }
}

/// The portal did not answer.
pub async fn failed(cx: &Cx, error: &str) {
    let now = cx.now();
    {
        let health = cx.memory.get_or(Health::default);
        let until = now.saturating_add(REST).unwrap_or(now);
        health.known().down = Some((until, error.to_owned()));
    }
    tracing::warn!(error, "the national portal is not reached");
    if let Err(error) = known::note_failure(&cx.db, now, error).await {
        tracing::warn!(%error, "cannot note that the national portal does not answer");
    }
}
