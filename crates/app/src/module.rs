//! What a module hands over: routes with their guards, jobs, subscribers, declarations, templates, texts, menu.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, MethodRouter};
use songhan_base::{Actor, Id, Internal, Lang, Person, Role};
use songhan_city::DeclarationKind;
use songhan_db::{Migration, Recorded, Tx};
use utoipa_axum::router::UtoipaMethodRouter;

use crate::{App, Config, Cx, Problem};

pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// One module: an engine or a system.
#[derive(Default, Clone)]
pub struct Module {
    pub name: &'static str,
    pub migrations: &'static [Migration],
    pub routes: Vec<Route>,
    pub jobs: Vec<JobHandler>,
    pub schedules: Vec<Schedule>,
    pub subscribers: Vec<Subscriber>,
    /// What the module keeps in memory and must renew when something has happened, in each process.
    pub watchers: Vec<Watcher>,
    /// What the module gathers in memory and writes behind the requests, in each process.
    pub gathered: Vec<Gathered>,
    pub declarations: Vec<DeclarationKind>,
    /// `(name, source)`, as `include_str!` gives them.
    pub templates: &'static [(&'static str, &'static str)],
    /// Fluent sources.
    pub texts: &'static [(Lang, &'static str)],
    pub menu: Vec<MenuItem>,
    /// Who is behind a request: exactly one module says it (identity).
    pub authenticator: Option<Arc<dyn Authenticator>>,
    /// Looks at the module's section of the configuration: a mistake there ends the start, not a request.
    pub configured: Option<fn(&Config) -> Result<(), String>>,
    /// What the module holds about a person, for the download of their own data.
    pub personal_data: Option<PersonalData>,
    /// Forgets what the module holds about a person, when an account is erased at the end of its time.
    pub erase: Option<Erase>,
    /// Actions of the audit log by which somebody's data was read, each with the key of its text.
    pub readings: &'static [(&'static str, &'static str)],
    /// Sends secret codes: one module does it (notices).
    pub send_code: Option<SendCode>,
    /// What the module adds to the frame of each page of a signed-in person (the count of unread notices).
    pub frame: Option<FrameFill>,
}

/// Fills in a part of the page's frame.
pub type FrameFill = for<'a> fn(&'a Cx, &'a mut songhan_pages::Frame) -> BoxFuture<'a, Result<(), Internal>>;

/// A person's own data in one module: an object or a list, in words that the API uses too.
pub type PersonalData = for<'a> fn(&'a Cx, Id) -> BoxFuture<'a, Result<serde_json::Value, Internal>>;

/// Forgets a person, within the transaction that erases their account.
pub type Erase = for<'a> fn(&'a Cx, &'a mut Tx, Id) -> BoxFuture<'a, Result<(), Internal>>;

/// Promises a code to the e-mail address that its account has proven; `false` where there is none.
pub type SendCode = for<'a> fn(&'a Cx, &'a mut Tx, SecretCode) -> BoxFuture<'a, Result<bool, Internal>>;

/// A code that is told once, and by whom else it is known is a secret.
pub struct SecretCode {
    pub account: Id,
    /// What it is for: the word `notice-KIND` of the texts.
    pub kind: &'static str,
    pub code: String,
    pub minutes: i64,
    pub expires_at: jiff::Timestamp,
}

/// Who may use a route. What of it they may see is for the operation to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    Public,
    SignedIn,
    /// Any of these roles, at any unit.
    Roles(&'static [Role]),
    /// Another system, which proves itself by a signature that the operation checks.
    Signed,
}

impl Access {
    pub const OFFICE: Self = Self::Roles(&[Role::Officer, Role::Leader, Role::Administrator]);
    pub const ADMINISTRATOR: Self = Self::Roles(&[Role::Administrator]);

    pub fn check(&self, actor: &Actor) -> Result<(), Problem> {
        let allowed = match self {
            Self::Public | Self::Signed => true,
            Self::SignedIn => actor.person().is_some(),
            Self::Roles(roles) => roles.iter().any(|role| actor.has(*role)),
        };
        match actor {
            _ if allowed => Ok(()),
            Actor::Anonymous => Err(Problem::unauthorized()),
            _ => Err(Problem::forbidden()),
        }
    }
}

/// For programs or for people: decides how a refusal looks and how a request proves that it was meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouteKind {
    Api,
    Page,
}

/// A route with its guard. The golden table lists them all.
#[derive(Clone)]
pub struct Route {
    pub kind: RouteKind,
    pub access: Access,
    pub idempotent: bool,
    /// Largest body in bytes.
    pub body_limit: usize,
    pub(crate) path: String,
    pub(crate) methods: Vec<Method>,
    pub(crate) router: MethodRouter<App>,
    pub(crate) api:
        Option<Box<(Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>, utoipa::openapi::Paths)>>,
}

const METHODS: [(Method, MethodFilter); 5] = [
    (Method::GET, MethodFilter::GET),
    (Method::POST, MethodFilter::POST),
    (Method::PUT, MethodFilter::PUT),
    (Method::PATCH, MethodFilter::PATCH),
    (Method::DELETE, MethodFilter::DELETE),
];

impl Route {
    /// An API operation: `Route::api(routes!(submit), Access::SignedIn)`; documented by its `#[utoipa::path]`.
    pub fn api((schemas, paths, router): UtoipaMethodRouter<App>, access: Access) -> Self {
        let (path, item) = paths.paths.iter().next().expect("routes! has a path");
        let has = [&item.get, &item.post, &item.put, &item.patch, &item.delete];
        let methods = METHODS.iter().zip(has).filter(|(_, op)| op.is_some()).map(|((m, _), _)| m.clone()).collect();
        let path = path.clone();
        Self {
            kind: RouteKind::Api,
            access,
            idempotent: false,
            body_limit: 256 * 1024,
            path,
            methods,
            router,
            api: Some(Box::new((schemas, paths))),
        }
    }

    /// A page or a form's target.
    pub fn page<H, T>(method: Method, path: &str, handler: H, access: Access) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let filter = METHODS.iter().find(|(m, _)| *m == method).map_or(MethodFilter::GET, |(_, f)| *f);
        Self {
            kind: RouteKind::Page,
            access,
            idempotent: false,
            body_limit: 256 * 1024,
            path: path.to_owned(),
            methods: vec![method],
            router: MethodRouter::new().on(filter, handler),
            api: None,
        }
    }

    pub fn get<H: Handler<T, App>, T: 'static>(path: &str, handler: H, access: Access) -> Self {
        Self::page(Method::GET, path, handler, access)
    }

    pub fn post<H: Handler<T, App>, T: 'static>(path: &str, handler: H, access: Access) -> Self {
        Self::page(Method::POST, path, handler, access)
    }

    /// A create that requires an `Idempotency-Key`; its operation calls [`Cx::keep`].
    #[must_use]
    pub fn idempotent(mut self) -> Self {
        self.idempotent = true;
        self
    }

    /// Uploads are larger than the usual 256 KiB.
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    pub fn path(&self) -> &str {
        &self.path
    }

    pub fn methods(&self) -> &[Method] {
        &self.methods
    }
}

/// How a request says who it is from.
#[derive(Clone, Debug)]
pub enum Credentials {
    /// The session cookie of a browser.
    Cookie(String),
    /// `Authorization: Bearer …`.
    Bearer(String),
}

/// Knows who is behind credentials.
pub trait Authenticator: Send + Sync {
    fn authenticate<'a>(
        &'a self,
        app: &'a App,
        credentials: &'a Credentials,
    ) -> BoxFuture<'a, Result<Option<Person>, Internal>>;
}

/// Does one kind of job. Run again after a failure, and perhaps twice: repeating must do no harm.
#[derive(Clone)]
pub struct JobHandler {
    pub kind: &'static str,
    pub run: Arc<dyn Fn(Cx, serde_json::Value) -> BoxFuture<'static, Result<(), Internal>> + Send + Sync>,
}

impl JobHandler {
    pub fn new<F, Fut>(kind: &'static str, run: F) -> Self
    where
        F: Fn(Cx, serde_json::Value) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), Internal>> + Send + 'static,
    {
        Self { kind, run: Arc::new(move |cx, payload| Box::pin(run(cx, payload))) }
    }
}

/// Something done again and again, by one process at a time.
#[derive(Clone)]
pub struct Schedule {
    pub name: &'static str,
    pub every: Duration,
    pub run: Arc<dyn Fn(Cx) -> BoxFuture<'static, Result<(), Internal>> + Send + Sync>,
}

impl Schedule {
    pub fn new<F, Fut>(name: &'static str, every: Duration, run: F) -> Self
    where
        F: Fn(Cx) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), Internal>> + Send + 'static,
    {
        Self { name, every, run: Arc::new(move |cx| Box::pin(run(cx))) }
    }
}

/// Hears every event once, in order, in the transaction that moves its cursor: what it writes is written once.
#[derive(Clone)]
pub struct Subscriber {
    pub name: &'static str,
    pub hear: for<'a> fn(&'a Cx, &'a mut Tx, &'a Recorded) -> BoxFuture<'a, Result<(), Internal>>,
}

/// Sees every event in each process, in order, after its commit: for what is kept in memory there. A process that was not
/// running does not see what happened; it begins with what the database holds.
pub type Watcher = for<'a> fn(&'a App, &'a Recorded) -> BoxFuture<'a, ()>;

/// Writes what a process has gathered in memory, so that no request waits for it: every second, and before the process
/// ends. A crash takes the last second with it: nothing that was acknowledged is gathered.
pub type Gathered = for<'a> fn(&'a App) -> BoxFuture<'a, Result<(), Internal>>;

/// An entry of the main menu, shown to those who may open it.
#[derive(Clone, Debug)]
pub struct MenuItem {
    pub href: &'static str,
    /// Key of its text.
    pub label: &'static str,
    /// Name of an icon of the design system.
    pub icon: &'static str,
    pub access: Access,
    pub order: i32,
}
