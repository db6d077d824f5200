//! A running city on a fresh database, with time held still.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use songhan_app::{App, Authenticator, BoxFuture, Config, Credentials, Cx, Module, Parts, Server, Worker};
use songhan_base::{Actor, Env, Grant, HeldClock, Id, Internal, Person, Role};
use songhan_city::{City, Folder};
use songhan_db::Db;

use crate::Client;
use crate::schema::Schema;

/// Saturday, 21 November 2026 is a day off; tests begin on the Friday before, at nine in the morning in Da Nang.
const BEGIN: &str = "2026-11-20T09:00:00+07:00";

/// A city in a test.
#[derive(Clone)]
pub struct TestCity {
    pub app: App,
    pub clock: HeldClock,
    /// The OpenAPI document.
    pub openapi: Arc<utoipa::openapi::OpenApi>,
    pub(crate) router: axum::Router,
    people: Arc<Mutex<HashMap<String, Person>>>,
    _data: Arc<tempfile::TempDir>,
}

/// Runs a test on SQLite and on PostgreSQL, each with a fresh database and the embedded city.
pub async fn for_each_database<F, Fut>(modules: Vec<Module>, test: F)
where
    F: Fn(TestCity) -> Fut,
    Fut: Future<Output = ()>,
{
    run(Folder::embedded(), modules, serde_json::json!({}), test).await;
}

/// The same with sections of a configuration: `json!({ "vnpay": { … } })`.
pub async fn for_each_database_with<F, Fut>(sections: serde_json::Value, modules: Vec<Module>, test: F)
where
    F: Fn(TestCity) -> Fut,
    Fut: Future<Output = ()>,
{
    run(Folder::embedded(), modules, sections, test).await;
}

/// The same with another city folder.
pub async fn for_each_database_in<F, Fut>(folder: Folder, modules: Vec<Module>, test: F)
where
    F: Fn(TestCity) -> Fut,
    Fut: Future<Output = ()>,
{
    run(folder, modules, serde_json::json!({}), test).await;
}

/// With another city folder and sections of a configuration.
pub async fn for_each_database_as<F, Fut>(folder: Folder, sections: serde_json::Value, modules: Vec<Module>, test: F)
where
    F: Fn(TestCity) -> Fut,
    Fut: Future<Output = ()>,
{
    run(folder, modules, sections, test).await;
}

async fn run<F, Fut>(folder: Folder, modules: Vec<Module>, sections: serde_json::Value, test: F)
where
    F: Fn(TestCity) -> Fut,
    Fut: Future<Output = ()>,
{
    let read = read(folder, &modules);
    let data = tempfile::tempdir().expect("a temporary folder");
    let db = Db::sqlite(&data.path().join("songhan.db")).await.expect("SQLite");
    let city = TestCity::build(db, modules.clone(), read.clone(), data, sections.clone()).await;
    // The test may take only parts of the city with it; the folder must outlive it.
    test(city.clone()).await;
    drop(city);
    let Ok(url) = std::env::var("SONGHAN_TEST_POSTGRES") else {
        println!("SKIPPED: no PostgreSQL; set SONGHAN_TEST_POSTGRES to postgres://USER@HOST/NAME");
        return;
    };
    let mut schema = Schema::take(&url, &modules).await;
    let db = Db::postgres(&url, Some(&schema.name), 12).await.expect("PostgreSQL");
    let data = tempfile::tempdir().expect("a temporary folder");
    let city = TestCity::build(db.clone(), modules, read, data, sections).await;
    schema.is_built().await;
    test(city.clone()).await;
    drop(city);
    db.close().await;
    schema.give_back().await;
}

/// The folder as the modules read it; both databases of a test have the same.
fn read(folder: Folder, modules: &[Module]) -> City {
    let kinds: Vec<_> = modules.iter().flat_map(|m| m.declarations.iter().copied()).collect();
    let (city, report) = City::load(folder, kinds);
    assert!(report.is_empty(), "the city folder has mistakes:\n{report}");
    city
}

impl TestCity {
    /// A city on a fresh SQLite file.
    pub async fn sqlite(modules: Vec<Module>, folder: Folder) -> Self {
        let data = tempfile::tempdir().expect("a temporary folder");
        let db = Db::sqlite(&data.path().join("songhan.db")).await.expect("SQLite");
        let city = read(folder, &modules);
        Self::build(db, modules, city, data, serde_json::json!({})).await
    }

    /// A city on an open database.
    pub async fn on(db: Db, modules: Vec<Module>, folder: Folder) -> Self {
        let data = tempfile::tempdir().expect("a temporary folder");
        let city = read(folder, &modules);
        Self::build(db, modules, city, data, serde_json::json!({})).await
    }

    async fn build(
        db: Db,
        mut modules: Vec<Module>,
        city: City,
        data: tempfile::TempDir,
        sections: serde_json::Value,
    ) -> Self {
        let clock = HeldClock::at(BEGIN.parse::<Timestamp>().expect("a time"));
        let people = Arc::new(Mutex::new(HashMap::new()));
        let inner = modules.iter().find_map(|m| m.authenticator.clone());
        let known = Arc::new(TestPeople { people: people.clone(), inner });
        modules.insert(0, Module { name: "test", authenticator: Some(known), ..Module::default() });
        let config = Config {
            data: data.path().to_owned(),
            public_url: "http://city.test".into(),
            demo: sections.get("demo").is_some_and(|value| value == true),
            trusted_proxies: Vec::new(),
            sections,
        };
        // The database's ids are unpredictable between runs on purpose only in production.
        let env = Env::held(clock.clone(), 1);
        let server = Server::new(Parts { db, city, env, config, modules }).await.expect("the server is put together");
        Self {
            app: server.app,
            clock,
            openapi: Arc::new(server.openapi),
            router: server.router,
            people,
            _data: Arc::new(data),
        }
    }

    /// The router, for a test that serves it on a port.
    pub fn router(&self) -> axum::Router {
        self.router.clone()
    }

    /// A context acting as the system.
    pub fn system(&self) -> Cx {
        self.app.system("test")
    }

    /// A context acting as a person.
    pub fn cx(&self, person: &Person) -> Cx {
        self.system().acting_as(Actor::Person(person.clone()))
    }

    /// Someone without any office.
    pub fn resident(&self, name: &str) -> Person {
        self.person(name, &[])
    }

    /// Someone with roles: `city.person("Lê Văn Bình", &[(Role::Officer, Some("UNIT"))])`.
    pub fn person(&self, name: &str, grants: &[(Role, Option<&str>)]) -> Person {
        let grants = grants.iter().map(|(role, unit)| Grant { role: *role, unit: unit.map(str::to_owned) }).collect();
        self.as_person(self.app.env.id(), name, grants)
    }

    /// A person with a known account id.
    pub fn as_person(&self, account: Id, name: &str, grants: Vec<Grant>) -> Person {
        Person { account, session: self.app.env.id(), name: name.to_owned(), grants }
    }

    /// A client without an account.
    pub fn visitor(&self) -> Client {
        Client::new(self.clone(), None)
    }

    /// A client that is this person.
    pub fn client(&self, person: &Person) -> Client {
        let token = format!("test-{}", person.session);
        self.people.lock().unwrap_or_else(PoisonError::into_inner).insert(token.clone(), person.clone());
        Client::new(self.clone(), Some(token))
    }

    /// Does all jobs that are due and lets all subscribers hear all events, until nothing is left.
    pub async fn settle(&self) {
        Worker::drain(&self.app).await.expect("jobs and subscribers succeed");
    }

    /// Runs every schedule once, then settles.
    pub async fn tick(&self) {
        for schedule in self.app.modules.iter().flat_map(|m| &m.schedules) {
            (schedule.run)(self.app.system(schedule.name)).await.expect(schedule.name);
        }
        self.settle().await;
    }
}

/// Knows the people of the test; asks the real authenticator for everyone else.
struct TestPeople {
    people: Arc<Mutex<HashMap<String, Person>>>,
    inner: Option<Arc<dyn Authenticator>>,
}

impl Authenticator for TestPeople {
    fn authenticate<'a>(
        &'a self,
        app: &'a App,
        credentials: &'a Credentials,
    ) -> BoxFuture<'a, Result<Option<Person>, Internal>> {
        let (Credentials::Cookie(secret) | Credentials::Bearer(secret)) = credentials;
        let found = self.people.lock().unwrap_or_else(PoisonError::into_inner).get(secret).cloned();
        Box::pin(async move {
            match (found, &self.inner) {
                (None, Some(inner)) => inner.authenticate(app, credentials).await,
                (found, _) => Ok(found),
            }
        })
    }
}
