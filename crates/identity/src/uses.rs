//! When sessions were last used: gathered and written for many at once, so that no request waits for the disk.

use std::collections::HashMap;
use std::mem;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use songhan_app::{App, BoxFuture};
use songhan_base::{Id, Internal};

use crate::session::{SessionKind, expiry};
use crate::settings::Settings;
use crate::store;

/// How exactly it is known when a session was last used.
const SEEN_EVERY: SignedDuration = SignedDuration::from_secs(60);

/// Uses of this process that are not written yet.
#[derive(Default)]
struct Uses(Mutex<HashMap<Id, Use>>);

#[derive(Clone, Copy)]
struct Use {
    at: Timestamp,
    /// The new end of a session that slides.
    expires: Option<Timestamp>,
}

impl Uses {
    fn add(&self, session: Id, one: Use) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(session, one);
    }

    fn take(&self) -> HashMap<Id, Use> {
        mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Notes that a session is used now, at most once a minute.
pub fn note(app: &App, settings: &Settings, known: &store::Known, now: Timestamp) {
    if now.duration_since(known.seen_at.0) < SEEN_EVERY {
        return;
    }
    let slides = known.kind == SessionKind::Browser;
    let expires = slides.then(|| expiry(settings, known.kind, known.created_at.0, now));
    app.memory.get_or(Uses::default).add(known.session, Use { at: now, expires });
}

/// Writes them, in one commit. What cannot be written is noted again with the next use of each session, because its last
/// one stands in the database.
pub fn write(app: &App) -> BoxFuture<'_, Result<(), Internal>> {
    Box::pin(write_all(app, app.memory.get_or(Uses::default).take()))
}

async fn write_all(app: &App, uses: HashMap<Id, Use>) -> Result<(), Internal> {
    if uses.is_empty() {
        return Ok(());
    }
    // Always in one order, so that two processes cannot wait for each other's rows.
    let mut uses: Vec<_> = uses.into_iter().collect();
    uses.sort_unstable_by_key(|(session, _)| *session);
    let mut tx = app.system("sessions").begin().await?;
    for (session, Use { at, expires }) in uses {
        let before = at.checked_sub(SEEN_EVERY).unwrap_or(at);
        store::touch(&mut tx, session, at, before, expires).await?;
    }
    tx.commit().await
}
