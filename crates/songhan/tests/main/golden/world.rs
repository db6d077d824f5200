//! People of every role in one city, and the things of a resident that they try to get at.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::http::Method;
use serde_json::{Value, json};
use songhan_base::{Id, Lang, Person, Role};
use songhan_identity::{NewAccount, NewGrant, Opening, PasswordHash, SessionKind};
use songhan_testkit::{Answer, Client, TestCity};

use crate::people::{PASSWORD, text};
use crate::site::{ACCOUNT, BANK_SECRET, GATEWAY_SECRET, TMN_CODE};

pub const UNIT: &str = "ubnd-hai-chau";
pub const ELSEWHERE: &str = "ubnd-an-hai";
pub const COPY: &str = "2.000635";
/// The page of the procedure of that code.
pub const COPY_PAGE: &str = "ban-sao-trich-luc-ho-tich";
const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

pub fn sections() -> Value {
    json!({
        "vietqr": { "bin": "970436", "number": ACCOUNT, "name": "KHO BAC DA NANG", "bank": "Vietcombank" },
        "bank": { "secret": BANK_SECRET },
        "vnpay": { "url": "https://gateway.test/pay", "tmn_code": TMN_CODE, "secret": GATEWAY_SECRET },
        // Nobody listens there.
        "push": { "services": ["http://127.0.0.1:9"] },
    })
}

/// A request to be made by someone.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: &'static str,
    pub path: String,
    pub body: Body,
}

#[derive(Clone, Debug)]
pub enum Body {
    None,
    Json(Value),
    /// With a fresh idempotency key.
    Once(Value),
    /// A page's form.
    Form(Vec<(&'static str, String)>),
    /// A page's form, or the API's, with a file.
    File(&'static str),
}

pub fn get(path: impl Into<String>) -> Request {
    Request { method: "GET", path: path.into(), body: Body::None }
}

pub fn delete(path: impl Into<String>) -> Request {
    Request { method: "DELETE", path: path.into(), body: Body::None }
}

pub fn post(path: impl Into<String>, body: Body) -> Request {
    Request { method: "POST", path: path.into(), body }
}

pub fn form<const N: usize>(path: impl Into<String>, fields: [(&'static str, &str); N]) -> Request {
    post(path, Body::Form(fields.map(|(name, value)| (name, value.to_owned())).into()))
}

/// A dossier of the resident's and its charge.
#[derive(Clone, Debug)]
pub struct Made {
    pub code: String,
    pub charge: String,
}

pub struct World {
    pub city: TestCity,
    /// The columns of the table.
    pub roles: Vec<(&'static str, Option<Person>)>,
    pub resident: Person,
    pub other: Person,
    pub officer: Person,
    pub leader: Person,
    pub administrator: Person,
    /// Numbers of the people, of which their citizen ids are made.
    pub numbers: BTreeMap<Id, usize>,
    password: PasswordHash,
    count: AtomicUsize,
    /// Browsers that have seen a page with a form.
    browsers: Mutex<BTreeMap<Option<Id>, Client>>,
    /// A dossier with its result: reading does not change it, so one is enough.
    done: Mutex<Option<Made>>,
}

impl World {
    pub async fn new(city: TestCity) -> Self {
        // Streams of events end at once: the table wants their status.
        city.app.live.close();
        let password = songhan_identity::hash_password(&city.system(), PASSWORD).await.expect("a hash");
        let nobody = city.resident("nobody");
        let people = [nobody.clone(), nobody.clone(), nobody.clone(), nobody.clone(), nobody];
        let [resident, other, officer, leader, administrator] = people;
        let mut world = Self {
            city,
            roles: Vec::new(),
            resident,
            other,
            officer,
            leader,
            administrator,
            numbers: BTreeMap::new(),
            password,
            count: AtomicUsize::new(0),
            browsers: Mutex::default(),
            done: Mutex::default(),
        };
        world.resident = world.person("Trần Thị Lan", None).await;
        world.other = world.person("Phạm Văn Khác", None).await;
        world.officer = world.person("Lê Văn Bình", Some((Role::Officer, Some(UNIT)))).await;
        world.leader = world.person("Huỳnh Tấn Phát", Some((Role::Leader, Some(UNIT)))).await;
        world.administrator = world.person("Phan Đức Long", Some((Role::Administrator, None))).await;
        let elsewhere = world.person("Võ Thị Thu Hà", Some((Role::Officer, Some(ELSEWHERE)))).await;
        let accountant = world.person("Đoàn Thị Kim Chi", Some((Role::Accountant, None))).await;
        world.roles = vec![
            ("anonymous", None),
            ("resident", Some(world.resident.clone())),
            ("other resident", Some(world.other.clone())),
            ("officer", Some(world.officer.clone())),
            ("other officer", Some(elsewhere)),
            ("leader", Some(world.leader.clone())),
            ("accountant", Some(accountant)),
            ("administrator", Some(world.administrator.clone())),
        ];
        let people = world.roles.iter().filter_map(|(_, person)| person.as_ref());
        let order = [
            "Trần Thị Lan",
            "Phạm Văn Khác",
            "Lê Văn Bình",
            "Huỳnh Tấn Phát",
            "Phan Đức Long",
            "Võ Thị Thu Hà",
            "Đoàn Thị Kim Chi",
        ];
        let number = |person: &Person| order.iter().position(|name| *name == person.name).expect("a name");
        world.numbers = people.map(|person| (person.account, number(person))).collect();
        world
    }

    /// A number that was not given out before.
    pub fn next(&self) -> usize {
        self.count.fetch_add(1, Ordering::Relaxed)
    }

    /// The citizen id of the person numbered so.
    pub fn citizen_id(n: usize) -> String {
        format!("048090{n:06}")
    }

    /// Someone with an account, and a role in force.
    pub async fn person(&self, name: &str, role: Option<(Role, Option<&str>)>) -> Person {
        let (cx, n) = (self.city.system(), self.next());
        let new = NewAccount {
            name: name.to_owned(),
            citizen_id: songhan_base::CitizenId::parse(&Self::citizen_id(n), 2026).expect("a number"),
            date_of_birth: "1990-05-04".parse().expect("a day"),
            phone: Some(format!("+84905{n:06}")),
            email: None,
            address: Some("24 Trần Phú".to_owned()),
            area: Some("20242".to_owned()),
            lang: Lang::Vi,
            password: Some(self.password.clone()),
        };
        let mut tx = cx.begin().await.expect("a transaction");
        let account = songhan_identity::create_account(&mut tx, &cx, new).await.expect("an account");
        let mut grants = Vec::new();
        if let Some((role, unit)) = role {
            let unit = unit.map(str::to_owned);
            let grant = NewGrant::today(&cx, account, role, unit.clone());
            songhan_identity::give_grant(&mut tx, &cx, grant).await.expect("a grant");
            grants.push(songhan_base::Grant { role, unit });
        }
        tx.commit().await.expect("a commit");
        self.city.as_person(account, name, grants)
    }

    /// Every endpoint: those of the modules, and the system's own.
    pub fn endpoints(&self) -> Vec<(String, String)> {
        let own = ["/healthz", "/metrics", "/api/openapi.json", "/no-such-page"];
        let own = own.map(|path| ("GET".to_owned(), path.to_owned()));
        let routes = self.city.app.modules.iter().flat_map(|module| &module.routes);
        let routes = routes.flat_map(|r| r.methods().iter().map(|m| (m.to_string(), r.path().to_owned())));
        routes.chain(own).collect()
    }

    /// The browser of a person, or of a visitor, that has seen a page and so holds the token of forms.
    async fn browser(&self, person: Option<&Person>) -> Client {
        let whose = person.map(|person| person.account);
        if let Some(known) = self.browsers.lock().expect("no panic").get(&whose) {
            return known.clone();
        }
        let mut client = self.client(person);
        client.csrf().await;
        self.browsers.lock().expect("no panic").insert(whose, client.clone());
        client
    }

    fn client(&self, person: Option<&Person>) -> Client {
        person.map_or_else(|| self.city.visitor(), |person| self.city.client(person))
    }

    pub async fn send(&self, person: Option<&Person>, request: Request) -> Answer {
        let Request { method, path, body } = request;
        let mut client = match body {
            Body::Form(_) | Body::File(_) => self.browser(person).await,
            _ => self.client(person),
        };
        match body {
            Body::None => client.send(method.parse().expect("a method"), &path, None, Vec::new()).await,
            Body::Json(value) => {
                let (method, kind) = (method.parse().expect("a method"), Some("application/json"));
                client.send(method, &path, kind, value.to_string().into_bytes()).await
            }
            Body::Once(value) => client.post_once(&path, &format!("key-{}", self.next()), &value).await,
            Body::Form(fields) => {
                let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                client.submit(&path, &fields).await
            }
            Body::File(name) => {
                let (mark, csrf) = ("a-boundary", client.csrf().await);
                let head = format!(
                    "--{mark}\r\ncontent-disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n--{mark}\r\n\
                     content-disposition: form-data; name=\"{name}\"; filename=\"giay-to.pdf\"\r\n\
                     content-type: application/pdf\r\n\r\n"
                );
                let body = [head.as_bytes(), PDF, format!("\r\n--{mark}--\r\n").as_bytes()].concat();
                let kind = format!("multipart/form-data; boundary={mark}");
                client.send(Method::POST, &path, Some(&kind), body).await
            }
        }
    }

    /// What someone does on the way to a thing; it must succeed.
    pub async fn does(&self, person: &Person, request: Request) -> Answer {
        let answer = self.send(Some(person), request.clone()).await;
        let fine = answer.status.is_success() || answer.status.is_redirection();
        assert!(fine, "{request:?}: {} {}", answer.status, answer.text());
        answer
    }

    #[expect(clippy::unused_self, reason = "asked of the world like everything else")]
    pub fn answers(&self) -> Value {
        json!({ "record_kind": "birth", "subject": "self", "registered_at": "Phường Phước Ninh", "copies": 2,
            "applicant_name": "Trần Thị Lan", "applicant_born": "1990-05-04", "applicant_citizen_id": Self::citizen_id(0),
            "applicant_phone": "0905000000", "applicant_address": "24 Trần Phú" })
    }

    /// Handed in and not yet paid.
    pub async fn dossier(&self) -> Made {
        let body = json!({ "procedure": COPY, "unit": UNIT, "answers": self.answers() });
        let receipt = self.does(&self.resident, post("/api/v1/dossiers", Body::Once(body))).await.json();
        Made { code: text(&receipt["code"]), charge: text(&receipt["charge"]["id"]) }
    }

    /// Paid at the counter.
    pub async fn paid(&self) -> Made {
        let made = self.dossier().await;
        let path = format!("/api/v1/charges/{}/counter-payments", made.charge);
        self.does(&self.officer, post(path, Body::Once(json!({})))).await;
        made
    }

    pub async fn act(&self, person: &Person, made: &Made, action: &str, note: &str) {
        let path = format!("/api/v1/dossiers/{}/actions/{action}", made.code);
        let body = if note.is_empty() { json!({}) } else { json!({ "note": note }) };
        self.does(person, post(path, Body::Json(body))).await;
    }

    /// Signed, its result issued.
    pub async fn done(&self) -> Made {
        if let Some(made) = self.done.lock().expect("no panic").clone() {
            return made;
        }
        let made = self.paid().await;
        self.sign(&made).await;
        *self.done.lock().expect("no panic") = Some(made.clone());
        made
    }

    /// From paid to the signed result.
    pub async fn sign(&self, made: &Made) {
        for (person, action) in
            [(&self.officer, "accept"), (&self.officer, "process"), (&self.officer, "propose"), (&self.leader, "sign")]
        {
            self.act(person, made, action, "").await;
        }
        self.city.settle().await;
    }

    /// The document of [`World::done`].
    pub async fn document(&self) -> String {
        let made = self.done().await;
        let seen = self.does(&self.resident, get(format!("/api/v1/dossiers/{}", made.code))).await.json();
        text(&seen["result"]["document"])
    }

    /// The resident's draft of the procedure, begun or as it was left.
    pub async fn draft(&self) -> String {
        let begun = self.does(&self.resident, get(format!("/procedures/{COPY_PAGE}/apply"))).await;
        begun.location().split('/').nth(2).expect("the address of a draft").to_owned()
    }

    /// The resident's draft with every question answered.
    pub async fn whole_draft(&self) -> String {
        let draft = self.draft().await;
        for (screen, fields) in [
            ("record_kind", vec![("record_kind", "birth")]),
            ("subject", vec![("subject", "self")]),
            ("registered_at", vec![("registered_at", "Phường Phước Ninh")]),
            ("copies", vec![("copies", "2")]),
            ("unit", vec![("unit", UNIT)]),
            ("return", vec![("way", "electronic")]),
        ] {
            let fields = fields.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
            self.does(&self.resident, post(format!("/apply/{draft}/{screen}"), Body::Form(fields))).await;
        }
        draft
    }

    /// A file that the resident has uploaded.
    pub async fn upload(&self) -> String {
        text(&self.does(&self.resident, post("/api/v1/uploads", Body::File("file"))).await.json()["id"])
    }

    /// A dossier with a paper: the resident acts for someone else, by authorisation.
    pub async fn with_paper(&self) -> (Made, String) {
        let upload = self.upload().await;
        let mut answers = self.answers();
        answers["subject"] = json!("other");
        answers["subject_name"] = json!("Trần Thị Bưởi");
        answers["subject_born"] = json!("1961-02-03");
        answers["authorisation"] = json!([upload]);
        let body = json!({ "procedure": COPY, "unit": UNIT, "answers": answers });
        let receipt = self.does(&self.resident, post("/api/v1/dossiers", Body::Once(body))).await.json();
        (Made { code: text(&receipt["code"]), charge: text(&receipt["charge"]["id"]) }, upload)
    }

    /// An attempt to pay at the gateway: the charge and the attempt.
    pub async fn attempt(&self) -> (Made, String) {
        let made = self.dossier().await;
        let path = format!("/api/v1/charges/{}/payments", made.charge);
        let begun = self.does(&self.resident, post(path, Body::Once(json!({ "channel": "vnpay" })))).await.json();
        (made, text(&begun["id"]))
    }

    /// A notice that the resident has not read.
    pub async fn notice(&self) -> String {
        // The list is by time: a held clock would leave the order of notices to chance.
        self.city.clock.advance(std::time::Duration::from_secs(1));
        self.dossier().await;
        self.city.settle().await;
        let told = self.does(&self.resident, get("/api/v1/notices")).await.json();
        let unread = told["items"].as_array().expect("notices").iter().find(|notice| notice["read_at"].is_null());
        text(&unread.expect("an unread notice")["id"])
    }

    /// A session of someone's.
    pub async fn session(&self, person: &Person) -> Id {
        let cx = self.city.system();
        let mut tx = cx.begin().await.expect("a transaction");
        let expires_at = cx.now() + jiff::SignedDuration::from_hours(1);
        let opening = Opening {
            account: person.account,
            kind: SessionKind::Browser,
            name: "Firefox",
            address: None,
            second_factor: false,
            expires_at,
        };
        let opened = songhan_identity::open_session(&mut tx, &cx, opening).await.expect("a session");
        tx.commit().await.expect("a commit");
        opened.session
    }

    /// A role that the other resident holds for a while.
    pub async fn grant(&self) -> Id {
        let cx = self.city.system();
        let mut tx = cx.begin().await.expect("a transaction");
        let grant = NewGrant::today(&cx, self.other.account, Role::Officer, Some("ubnd-hai-van".to_owned()));
        let id = songhan_identity::give_grant(&mut tx, &cx, grant).await.expect("a grant");
        tx.commit().await.expect("a commit");
        id
    }
}
