//! Nobody gets at what is someone else's: a dossier, its papers, result and payment, a draft, an upload, a notice, a
//! session; by whatever path. Refused is 401, 403 or 404 (a page leads to signing in), and nothing has changed.

use std::collections::BTreeMap;

use serde_json::json;
use songhan_base::{Id, Person};
use songhan_testkit::{Answer, for_each_database_with};

use crate::backup::by_table;
use crate::golden::world::{Body, COPY, ELSEWHERE, Made, Request, UNIT, World, form, get, post, sections};
use crate::modules;

/// What the resident has.
struct Belongings {
    made: Made,
    paper: String,
    done: Made,
    draft: String,
    upload: String,
    attempt: (Made, String),
    notice: String,
    session: Id,
}

impl Belongings {
    async fn of(world: &World) -> Self {
        let (made, paper) = world.with_paper().await;
        Self {
            made,
            paper,
            done: world.done().await,
            draft: world.whole_draft().await,
            upload: world.upload().await,
            attempt: world.attempt().await,
            notice: world.notice().await,
            session: world.session(&world.resident).await,
        }
    }

    /// Every path that leads to one of them.
    fn paths(&self) -> Vec<Request> {
        let (code, done, charge, draft) = (&self.made.code, &self.done.code, &self.made.charge, &self.draft);
        let (attempt, payment) = (&self.attempt.0.charge, &self.attempt.1);
        let json = |path: String, body| post(path, Body::Json(body));
        let once = |path: String, body| post(path, Body::Once(body));
        let note = || json!({ "note": "Không phải của tôi" });
        let mut paths = vec![
            get(format!("/api/v1/dossiers/{code}")),
            get(format!("/api/v1/dossiers/{code}/timeline")),
            json(format!("/api/v1/dossiers/{code}/actions/withdraw"), note()),
            json(format!("/api/v1/dossiers/{code}/actions/refuse"), note()),
            json(format!("/api/v1/dossiers/{code}/actions/request_completion"), note()),
            json(format!("/api/v1/dossiers/{done}/actions/hand_over"), json!({})),
            json(format!("/api/v1/dossiers/{done}/actions/sign"), json!({})),
            get(format!("/api/v1/charges/{charge}")),
            once(format!("/api/v1/charges/{charge}/payments"), json!({ "channel": "vietqr" })),
            once(format!("/api/v1/charges/{charge}/payments"), json!({ "channel": "vnpay" })),
            once(format!("/api/v1/charges/{charge}/counter-payments"), json!({})),
            get(format!("/api/v1/charges/{charge}?key=not-the-key")),
            json(format!("/api/v1/notices/{}/read", self.notice), json!({})),
            Request { method: "DELETE", ..get(format!("/api/v1/sessions/{}", self.session)) },
            get(format!("/pay/{charge}")),
            get(format!("/pay/{charge}?key=not-the-key")),
            get(format!("/pay/{charge}/live")),
            get(format!("/pay/{charge}/return")),
            form(format!("/pay/{charge}/gateway"), []),
            get(format!("/pay/{attempt}/gateway/{payment}")),
            get(format!("/uploads/{}", self.upload)),
            get(format!("/uploads/{}", self.paper)),
            form(format!("/notices/{}/read", self.notice), []),
            form(format!("/office/dossiers/{code}/actions/refuse"), [("note", "Không phải của tôi")]),
            form(format!("/office/dossiers/{code}/take"), []),
            form(format!("/office/dossiers/{code}/assign"), [("account", "019aa4a0-7c00-7000-8000-000000000001")]),
            get(format!("/office/dossiers/{code}/papers/{}", self.paper)),
            form(format!("/dossiers/{code}/actions/withdraw"), []),
        ];
        paths.extend(["", "/live", "/actions/withdraw"].map(|end| get(format!("/dossiers/{code}{end}"))));
        paths.extend(["/receipt.pdf", "/result.pdf"].map(|end| get(format!("/dossiers/{done}{end}"))));
        paths.extend(["", "/receipt.pdf", "/result.pdf"].map(|end| get(format!("/office/dossiers/{done}{end}"))));
        let screens = ["", "/unit", "/delete", "/review", "/submit", "/record_kind"];
        paths.extend(screens.map(|end| get(format!("/apply/{draft}{end}"))));
        paths.extend(["/delete", "/submit"].map(|end| form(format!("/apply/{draft}{end}"), [])));
        paths.push(form(format!("/apply/{draft}/unit"), [("unit", ELSEWHERE)]));
        paths.extend(
            ["", "/keep"].map(|end| form(format!("/apply/{draft}/record_kind{end}"), [("record_kind", "death")])),
        );
        paths.push(post(format!("/apply/{draft}/authorisation"), Body::File("authorisation")));
        paths
    }
}

/// Everything that belongs to people, as it stands.
async fn state(world: &World) -> BTreeMap<String, Vec<String>> {
    let mut copy = Vec::new();
    songhan_db::dump(&world.city.app.db, &mut copy).await.expect("a copy");
    let mut tables = by_table(&String::from_utf8(copy).expect("text"));
    // Who tried stands in the audit log, as it should.
    tables.retain(|table, _| table != "audit" && table != "event_cursors");
    tables
}

fn is_refused(answer: &Answer) -> bool {
    let led_away = answer.status == 303 && answer.location().starts_with("/sign-in?next=");
    matches!(answer.status.as_u16(), 401 | 403 | 404) || led_away
}

#[tokio::test]
async fn what_is_anothers_is_not_there() {
    for_each_database_with(sections(), modules::all(), |city| async move {
        let world = World::new(city).await;
        let belongings = Belongings::of(&world).await;
        world.city.settle().await;
        let before = state(&world).await;
        let intruders = ["anonymous", "other resident", "other officer", "administrator"];
        let mut tried = 0;
        for (role, person) in world.roles.iter().filter(|(role, _)| intruders.contains(role)) {
            for request in belongings.paths() {
                let answer = world.send(person.as_ref(), request.clone()).await;
                let (what, text) = (format!("{role}: {} {}", request.method, request.path), answer.text());
                assert!(is_refused(&answer), "{what}: {} {}\n{text}", answer.status, answer.location());
                for own in ["Trần Thị Lan", "Trần Thị Bưởi", "%PDF"] {
                    assert!(!text.contains(own), "{what} tells {own}");
                }
                tried += 1;
            }
        }
        world.city.settle().await;
        let after = state(&world).await;
        for (table, rows) in &before {
            assert_eq!(rows, &after[table], "{table} has changed");
        }
        assert!(tried >= 160, "{tried} attempts");
    })
    .await;
}

/// Someone else's things do not become one's own by being named in a request of one's own.
#[tokio::test]
async fn what_is_anothers_cannot_be_used() {
    for_each_database_with(sections(), modules::all(), |city| async move {
        let world = World::new(city).await;
        let upload = world.upload().await;
        let (made, paper) = world.with_paper().await;
        let before = state(&world).await;

        // In a dossier of one's own.
        let mut answers = world.answers();
        answers["subject"] = json!("other");
        answers["subject_name"] = json!("Ai đó");
        answers["subject_born"] = json!("1961-02-03");
        for file in [&upload, &paper] {
            answers["authorisation"] = json!([file]);
            let body = json!({ "procedure": COPY, "unit": UNIT, "answers": answers });
            let answer = world.send(Some(&world.other), post("/api/v1/dossiers", Body::Once(body))).await;
            assert_eq!(answer.status, 422, "{}", answer.text());
        }
        assert_eq!(before, state(&world).await, "nothing was claimed and nothing handed in");

        // A key of the resident's does not bring the resident's answer.
        let body = json!({ "procedure": COPY, "unit": UNIT, "answers": world.answers() });
        let mut own = world.city.client(&world.resident);
        let first = own.post_once("/api/v1/dossiers", "the-same-key", &body).await.expect(201).json();
        let mut other = world.city.client(&world.other);
        let second = other.post_once("/api/v1/dossiers", "the-same-key", &body).await.expect(201).json();
        assert_ne!(first["code"], second["code"]);

        // A payment under one's own charge, a paper under a dossier of one's own unit.
        let mine = of_other(&world, UNIT).await;
        let (_, payment) = world.attempt().await;
        let elsewhere = of_other(&world, ELSEWHERE).await;
        let officer = role(&world, "other officer");
        for (person, path) in [
            (&world.other, format!("/pay/{}/gateway/{payment}", mine.charge)),
            (officer, format!("/office/dossiers/{}/papers/{paper}", elsewhere.code)),
            (&world.officer, format!("/office/dossiers/{}/papers/{upload}", made.code)),
        ] {
            let answer = world.send(Some(person), get(&path)).await;
            assert_eq!(answer.status, 404, "{path}: {}", answer.text());
        }
        own_draft(&world, &upload).await;
        told_to_all(&world).await;
    })
    .await;
}

fn role<'a>(world: &'a World, name: &str) -> &'a Person {
    let found = world.roles.iter().find(|(role, _)| *role == name).and_then(|(_, person)| person.as_ref());
    found.expect("a role")
}

/// A dossier of the other resident's.
async fn of_other(world: &World, unit: &str) -> Made {
    let body = json!({ "procedure": COPY, "unit": unit, "answers": world.answers() });
    let receipt = world.does(&world.other, post("/api/v1/dossiers", Body::Once(body))).await.json();
    let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
    Made { code: text(&receipt["code"]), charge: text(&receipt["charge"]["id"]) }
}

/// Named in a draft of one's own, someone else's file is neither shown nor handed in.
async fn own_draft(world: &World, upload: &str) {
    let begun = world.does(&world.other, get(format!("/procedures/{}/apply", crate::golden::world::COPY_PAGE))).await;
    let draft = begun.location().split('/').nth(2).expect("a draft").to_owned();
    world.does(&world.other, form(format!("/apply/{draft}/subject"), [("subject", "other")])).await;
    let named = form(format!("/apply/{draft}/authorisation"), [("authorisation", upload)]);
    world.send(Some(&world.other), named).await;
    let shown = world.send(Some(&world.other), get(format!("/apply/{draft}/authorisation"))).await;
    assert!(!shown.text().contains("giay-to.pdf"), "someone else's file is shown");
    let kept = world.send(Some(&world.resident), get(format!("/uploads/{upload}"))).await;
    assert_eq!(kept.status, 200, "it is still the resident's");
}

/// What everyone may open names nobody.
async fn told_to_all(world: &World) {
    let (made, document) = (world.done().await, world.document().await);
    for path in [format!("/track/{}", made.code), format!("/verify/{document}")] {
        for (role, person) in world.roles.iter().filter(|(role, _)| matches!(*role, "anonymous" | "other resident")) {
            let answer = world.send(person.as_ref(), get(&path)).await;
            assert_eq!(answer.status, 200);
            assert!(!answer.text().contains("Trần Thị Lan"), "{path} names the applicant to {role}");
        }
    }
}
