//! Who is behind a request: one query by the hash of its secret. Ending a session counts with the next request.

use std::time::Duration;

use jiff::SignedDuration;
use songhan_app::{App, Authenticator, BoxFuture, Credentials};
use songhan_base::{Internal, Person};

use crate::session::{SessionKind, expiry, secret_hash};
use crate::settings::Settings;
use crate::store;

/// Knows people by their sessions.
pub struct Sessions;

/// How exactly it is known when a session was last used.
const SEEN_EVERY: SignedDuration = SignedDuration::from_secs(60);
/// How long a request waits for that.
const PATIENCE: Duration = Duration::from_millis(500);

impl Authenticator for Sessions {
    fn authenticate<'a>(
        &'a self,
        app: &'a App,
        credentials: &'a Credentials,
    ) -> BoxFuture<'a, Result<Option<Person>, Internal>> {
        Box::pin(async move {
            let (Credentials::Cookie(secret) | Credentials::Bearer(secret)) = credentials;
            let Some(hash) = secret_hash(secret) else { return Ok(None) };
            let now = app.now();
            let Some(mut known) = store::known(&app.db, &hash, now, app.today()).await? else { return Ok(None) };
            let settings = Settings::of(app);
            if now.duration_since(known.seen_at.0) >= SEEN_EVERY {
                note_use(app, &settings, &known, now).await;
            }
            // A role that must be held with a second factor sleeps in a session without one.
            known.grants.retain(|grant| known.second_factor || !settings.require_totp.contains(&grant.role));
            let store::Known { account, session, name, grants, .. } = known;
            Ok(Some(Person { account, session, name, grants }))
        })
    }
}

/// Writes the time of use, once a minute. A request is not refused, nor kept waiting, because that could not be written.
async fn note_use(app: &App, settings: &Settings, known: &store::Known, now: jiff::Timestamp) {
    let before = now.checked_sub(SEEN_EVERY).unwrap_or(now);
    let slides = known.kind == SessionKind::Browser;
    let expires = slides.then(|| expiry(settings, known.kind, known.created_at.0, now));
    let noted = store::touch(&app.db, known.session, now, before, expires);
    match tokio::time::timeout(PATIENCE, noted).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "the use of a session was not noted"),
        Err(_) => tracing::warn!("the database was too busy to note the use of a session"),
    }
}
