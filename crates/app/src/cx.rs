//! What every operation is given: the running system and who asks.

use std::ops::Deref;
use std::sync::Arc;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use songhan_base::{Actor, Env, Id, Internal, Lang, Person, Role};
use songhan_city::{City, Unit};
use songhan_db::{Db, Stamp, Tx};
use songhan_pages::Renderer;

use crate::{Access, Config, Live, Memory, Module, Problem};

/// The running system. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<AppParts>);

/// What the running system is made of.
pub struct AppParts {
    pub db: Db,
    pub city: City,
    pub env: Env,
    pub config: Config,
    pub renderer: Renderer,
    pub live: Live,
    pub zone: TimeZone,
    pub modules: Vec<Module>,
    /// What modules remember in this process.
    pub memory: Memory,
}

impl App {
    pub fn new(parts: AppParts) -> Self {
        Self(Arc::new(parts))
    }

    pub fn now(&self) -> Timestamp {
        self.env.now()
    }

    /// Today in the city's time zone.
    pub fn today(&self) -> Date {
        self.now().to_zoned(self.zone.clone()).date()
    }

    /// A context for a job or the command line.
    pub fn system(&self, name: &'static str) -> Cx {
        Cx {
            app: self.clone(),
            actor: Actor::System(name),
            lang: Lang::Vi,
            request: None,
            key: None,
            csrf: Arc::from(""),
            path: Arc::from(""),
        }
    }

    /// The texts in a language: `cx.text("notice-paid", &[("code", "…")])`.
    pub fn text(&self, lang: Lang, key: &str, args: &[(&'static str, &str)]) -> String {
        self.renderer.texts().format(lang, key, args).into_owned()
    }
}

impl Deref for App {
    type Target = AppParts;
    fn deref(&self) -> &AppParts {
        &self.0
    }
}

/// One request's (or job's) context: who acts, in which language, over which system.
#[derive(Clone)]
pub struct Cx {
    pub app: App,
    pub actor: Actor,
    pub lang: Lang,
    pub request: Option<Id>,
    /// The idempotency key of the request and its fingerprint, see [`Cx::keep`].
    pub(crate) key: Option<Arc<crate::idempotency::Key>>,
    pub(crate) csrf: Arc<str>,
    /// Path and query of the request.
    pub path: Arc<str>,
}

impl Deref for Cx {
    type Target = App;
    fn deref(&self) -> &App {
        &self.app
    }
}

impl Cx {
    /// Begins a transaction whose events and audit rows carry this actor and request.
    pub async fn begin(&self) -> Result<Tx, Internal> {
        self.db.begin(Stamp::new(&self.env, &self.actor, self.request)).await
    }

    /// Who is signed in, or the refusal that says to sign in.
    pub fn person(&self) -> Result<&Person, Problem> {
        self.actor.person().ok_or_else(Problem::unauthorized)
    }

    /// The units where the actor has a role; all of them for who has it in the whole city.
    pub fn units_as(&self, role: Role) -> Vec<&Unit> {
        let mut units = Vec::new();
        for unit in self.actor.units(&[role]) {
            match unit {
                Some(code) => units.extend(self.city.agencies().get(code)),
                None => return self.city.agencies().iter().collect(),
            }
        }
        units
    }

    /// Refuses unless the actor passes.
    pub fn require(&self, access: &Access) -> Result<(), Problem> {
        access.check(&self.actor)
    }

    /// The same context under another actor (an officer at the counter acts for someone; tests).
    #[must_use]
    pub fn acting_as(&self, actor: Actor) -> Self {
        Self { actor, ..self.clone() }
    }

    /// The same context in another language: official papers are in Vietnamese.
    #[must_use]
    pub fn in_lang(&self, lang: Lang) -> Self {
        Self { lang, ..self.clone() }
    }

    /// A text in the language of the request.
    pub fn t(&self, key: &str) -> String {
        self.text(self.lang, key, &[])
    }

    /// An absolute link.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.config.public_url)
    }

    pub fn csrf(&self) -> &str {
        &self.csrf
    }

    /// Keeps the answer of a create under the request's idempotency key, in the operation's own transaction: a repeat
    /// gets this answer and changes nothing. Call it just before `commit`; without a key it does nothing.
    pub async fn keep(&self, tx: &mut Tx, status: u16, body: &impl serde::Serialize) -> Result<(), Internal> {
        let Some(key) = &self.key else { return Ok(()) };
        let body = serde_json::to_string(body).map_err(Internal::new)?;
        if songhan_db::keep_answer(tx, &key.owner, &key.value, &key.fingerprint, status, &body).await? {
            Ok(())
        } else {
            // Someone else finished with this key while we worked: dropping the transaction undoes us, and the layer
            // answers with what the other one kept.
            Err(Internal::new("the idempotency key was used by a request at the same time"))
        }
    }
}

impl axum::extract::FromRequestParts<App> for Cx {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut axum::http::request::Parts, _: &App) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Internal::new("a route without a context").into())
    }
}
