//! Who is behind a request: one query by the hash of its secret. Ending a session counts with the next request.

use songhan_app::{App, Authenticator, BoxFuture, Credentials};
use songhan_base::{Internal, Person};

use crate::session::secret_hash;
use crate::settings::Settings;
use crate::{store, uses};

/// Knows people by their sessions.
pub struct Sessions;

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
            uses::note(app, &settings, &known, now);
            // A role that must be held with a second factor sleeps in a session without one.
            known.grants.retain(|grant| known.second_factor || !settings.require_totp.contains(&grant.role));
            let store::Known { account, session, name, grants, .. } = known;
            Ok(Some(Person { account, session, name, grants }))
        })
    }
}
