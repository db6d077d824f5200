//! The adapter against the stand-in, on both databases.

mod heard;
mod log;
mod told;
mod trouble;

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use songhan_app::{App, Module, Parts, Server};
use songhan_base::{CitizenId, Env, Id, Lang, Person, Role};
use songhan_identity::NewAccount;
use songhan_testkit::{Client, TestCity};
use tower::ServiceExt as _;

use crate::store::messages;

pub const UNIT: &str = "ubnd-hai-chau";

pub fn modules() -> Vec<Module> {
    [songhan_services::modules(), vec![crate::module()]].concat()
}

/// A port that leads to the stand-in, or nowhere.
#[derive(Clone)]
pub struct Portal {
    origin: String,
    router: Arc<Mutex<Option<axum::Router>>>,
}

impl Portal {
    async fn open() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let router = Arc::new(Mutex::new(None::<axum::Router>));
        let behind = router.clone();
        let answer = move |request: axum::extract::Request| {
            let router = behind.lock().unwrap().clone();
            async move {
                match router {
                    Some(router) => router.oneshot(request).await.unwrap(),
                    None => axum::response::IntoResponse::into_response(axum::http::StatusCode::BAD_GATEWAY),
                }
            }
        };
        tokio::spawn(async move { axum::serve(listener, axum::Router::new().fallback(answer)).await.unwrap() });
        Self { origin, router }
    }

    /// What the stand-in does next: `stop`, `start`, `expire`, `unpublish`, `publish`, `tell`.
    pub async fn change(&self, fields: &[(&str, &str)]) {
        let answer = http().post(format!("{}/national/change", self.origin)).form(fields).send().await.unwrap();
        assert_eq!(answer.status(), 303);
    }

    /// What it has taken.
    pub async fn taken(&self) -> Value {
        http().get(format!("{}/national/dossiers", self.origin)).send().await.unwrap().json().await.unwrap()
    }

    fn sections(&self) -> Value {
        let mut sections: serde_json::Map<_, _> = crate::demo_sections(&self.origin).into_iter().collect();
        sections["national"]["gather_s"] = 0.into();
        sections.insert("demo".to_owned(), true.into());
        sections.into()
    }
}

/// A city and a stand-in; a new one of each for each database.
pub async fn with_portal<F, Fut>(test: F)
where
    F: Fn(TestCity, Portal) -> Fut,
    Fut: Future<Output = ()>,
{
    let portal = Portal::open().await;
    songhan_testkit::for_each_database_with(portal.sections(), modules(), |city| {
        let listen = "127.0.0.1:0".parse().unwrap();
        let options = songhan_sandbox::Options::demo(listen, "http://127.0.0.1:9");
        let router = songhan_sandbox::router(options, city.app.env.clone()).unwrap();
        *portal.router.lock().unwrap() = Some(router);
        test(city, portal.clone())
    })
    .await;
}

/// Another server of the same city: its own memory, its own sessions.
pub async fn second_server(city: &TestCity) -> App {
    let parts = Parts {
        db: city.app.db.clone(),
        city: city.app.city.clone(),
        env: Env::held(city.clock.clone(), 2),
        config: city.app.config.clone(),
        modules: modules(),
    };
    Server::new(parts).await.unwrap().app
}

pub async fn resident(city: &TestCity, name: &str, citizen_id: &str) -> Person {
    let cx = city.system();
    let new = NewAccount {
        name: name.to_owned(),
        citizen_id: CitizenId::parse(citizen_id, 2026).unwrap(),
        date_of_birth: "1990-05-04".parse().unwrap(),
        phone: Some(format!("+8490{}", &citizen_id[5..])),
        email: None,
        address: Some("24 Trần Phú, phường Hải Châu".to_owned()),
        area: Some("20242".to_owned()),
        lang: Lang::Vi,
        password: None,
    };
    let mut tx = cx.begin().await.unwrap();
    let account = songhan_identity::create_account(&mut tx, &cx, new).await.unwrap();
    tx.commit().await.unwrap();
    city.as_person(account, name, Vec::new())
}

/// A dossier that was handed in, and who handles it. Nothing is settled yet.
pub struct Story {
    pub city: TestCity,
    pub officer: Client,
    pub code: String,
    pub charge: String,
}

pub async fn story(city: &TestCity) -> Story {
    let mut lan = city.client(&resident(city, "Nguyễn Thị Lan", "048190001234").await);
    let officer = city.client(&city.person("Lê Văn Bình", &[(Role::Officer, Some(UNIT))]));
    let answers = json!({ "record_kind": "birth", "subject": "self", "registered_at": "Phường Phước Ninh", "copies": 2,
        "applicant_name": "Nguyễn Thị Lan", "applicant_born": "1990-05-04", "applicant_citizen_id": "048190001234",
        "applicant_phone": "0905123456", "applicant_address": "24 Trần Phú" });
    let body = json!({ "procedure": "2.000635", "unit": UNIT, "answers": answers });
    let receipt = lan.post_once("/api/v1/dossiers", "one", &body).await.expect(201).json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let (code, charge) = (text(&receipt["code"]), text(&receipt["charge"]["id"]));
    Story { city: city.clone(), officer, code, charge }
}

impl Story {
    pub async fn act(&mut self, action: &str, note: &str) {
        let path = format!("/api/v1/dossiers/{}/actions/{action}", self.code);
        let body = if note.is_empty() { json!({}) } else { json!({ "note": note }) };
        self.officer.post(&path, &body).await.expect(200);
    }

    pub async fn pay(&mut self) {
        let path = format!("/api/v1/charges/{}/counter-payments", self.charge);
        let answer = self.officer.post_once(&path, "pay", &json!({})).await;
        assert!(answer.status.is_success(), "{}", answer.text());
    }

    pub async fn case(&self) -> Id {
        songhan_cases::by_code(&self.city.app.db, &self.code).await.unwrap().unwrap().id
    }

    /// The dossier as the portal has it.
    pub async fn told(&self, portal: &Portal) -> Value {
        portal.taken().await["dossiers"][&self.code].clone()
    }
}

/// Everything that is due, and what the subscribers promised because of it. Time goes on a little, since ids sort by it.
pub async fn settle(city: &TestCity) {
    for _ in 0..2 {
        city.settle().await;
        city.clock.advance(std::time::Duration::from_millis(2));
    }
}

/// State, changes, attempts and steps of each message, the oldest first.
pub async fn log(city: &TestCity) -> Vec<(&'static str, i64, i64, i64)> {
    let mut rows = messages::page(&city.app.db, None, None, 100).await.unwrap();
    rows.reverse();
    rows.iter().map(|row| (row.state.as_str(), row.revision, row.attempts, row.steps)).collect()
}

fn http() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let none = reqwest::redirect::Policy::none();
    reqwest::Client::builder().tls_certs_only([]).redirect(none).build().unwrap()
}
