//! A copy taken under load restores to the same content, on the same engine and on the other.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::{Value, json};
use songhan_db::Db;

use crate::load::{CLIENTS, Load, UNITS, submission};
use crate::people::{Resident, bank_notice, text};
use crate::site::{Engine, Serving, Site, digests, program};
use crate::web::{Ask, Reply, Web};
use crate::{invariants, people};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_of_sqlite_restores_on_both() {
    copied_under_load(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_of_postgres_restores_on_both() {
    copied_under_load(Engine::Postgres).await;
}

async fn copied_under_load(engine: Engine) {
    let Some(site) = Site::new(engine).await else { return };
    let serving = site.serve().await;
    let web = Web::at(&serving.url);
    // Before the load: else it grows while a result is waited for, and with it all that is compared below.
    let issued = Issued::new(&site, &web).await;
    let load = Load::begin(&site, &web, CLIENTS / 2, 2).await;
    load.more(CLIENTS).await;
    let (before, keys) = (load.acknowledged(), keys_of(&site));
    let copy = site.path("city.tar");
    let copy = copy.to_str().expect("a path");
    let output = site.run(&["backup", copy]).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    load.more(CLIENTS / 2).await;
    load.end().await;
    let mode = std::fs::metadata(copy).expect("the copy").permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "it holds keys and personal data");
    let again = site.run(&["backup", copy]).await;
    let told = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(!again.status.success() && told.contains("exists already; name a new file"), "{told}");
    serving.kill().await;

    for other in [Engine::Sqlite, Engine::Postgres] {
        let Some(new) = Site::new(other).await else { continue };
        let output = new.run(&["restore", copy]).await;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let db = new.db().await;
        assert_same(&rows_of(copy), &rows_in(&db).await);
        // A unit gets its key with the first paper that it signs, be it while the copy is made or after.
        let (copied, now) = (keys_of(&new), keys_of(&site));
        assert!(keys.is_subset(&copied) && copied.is_subset(&now), "the city's keys: {keys:?}, {copied:?}, {now:?}");
        invariants::nothing_lost(&db, &before).await;
        invariants::files(&new, &db).await;
        refuses_to_restore(&new, copy).await;
        let serving = new.serve().await;
        lives_on(&new, &db, &serving, &issued).await;
        db.close().await;
        serving.kill().await;
        new.close().await;
    }
    site.close().await;
}

/// The files of a city's keys, each with its digest; what is being written (`.…`, `….tmp`) is none yet.
fn keys_of(site: &Site) -> BTreeSet<(String, String)> {
    let is_whole = |path: &str| !path.contains("/.") && Path::new(path).extension().is_none_or(|end| end != "tmp");
    digests(&site.data.join("keys")).into_iter().filter(|(path, _)| is_whole(path)).collect()
}

/// The restored city goes on where it was: what was promised is done, numbers follow, old results verify.
async fn lives_on(site: &Site, db: &Db, serving: &Serving, issued: &Issued) {
    let web = Web::at(&serving.url);
    assert_eq!(issued.read(&web).await, issued.seen, "the result and what the city says of it");
    let next = web.once(&submission(&issued.resident, UNITS[0], "after-the-restore")).await.expect("an answer");
    next.expect(201);
    invariants::at_rest(db).await;
    invariants::consistent(db).await;
    assert_eq!(site.errors(), Vec::<String>::new());
}

/// Never over what is there, and never from half a copy.
async fn refuses_to_restore(site: &Site, copy: &str) {
    let told = |output: std::process::Output| {
        assert!(!output.status.success());
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let over = told(site.run(&["restore", copy]).await);
    assert!(over.contains("is not empty; restore into a new one"), "{over}");
    let (elsewhere, half) = (site.path("elsewhere"), site.path("half.tar"));
    let whole = std::fs::read(copy).expect("the copy");
    std::fs::write(&half, &whole[..whole.len() / 2]).expect("half a copy");
    let elsewhere = elsewhere.to_str().expect("a path");
    let half = program().arg("restore").arg(&half).args(["--data", elsewhere]).output().await;
    let half = told(half.expect("the program runs"));
    assert!(half.contains("cannot restore"), "{half}");
    let left = std::fs::read_dir(elsewhere).map_or(0, Iterator::count);
    assert_eq!(left, 0, "half a restore is taken away");
}

/// Rows of the copy, table by table.
fn rows_of(copy: &str) -> BTreeMap<String, Vec<String>> {
    let mut archive = tar::Archive::new(std::fs::File::open(copy).expect("the copy"));
    let mut entries = archive.entries().expect("a tar").map(|entry| entry.expect("a member"));
    let mut rows = entries.find(|entry| *entry.path().expect("a name") == *Path::new("database.jsonl")).expect("rows");
    let mut text = String::new();
    rows.read_to_string(&mut text).expect("text");
    by_table(&text)
}

async fn rows_in(db: &Db) -> BTreeMap<String, Vec<String>> {
    let mut copy = Vec::new();
    songhan_db::dump(db, &mut copy).await.expect("a copy");
    by_table(&String::from_utf8(copy).expect("text"))
}

/// The rows of each table in no order, without what a restore numbers anew.
pub fn by_table(copy: &str) -> BTreeMap<String, Vec<String>> {
    let (mut tables, mut table) = (BTreeMap::<String, Vec<String>>::new(), String::new());
    let mut columns: Vec<String> = Vec::new();
    for line in copy.lines() {
        match serde_json::from_str(line).expect("JSON") {
            Value::Array(row) => {
                let renumbered = |column: &String| match table.as_str() {
                    "events" | "event_cursors" => matches!(column.as_str(), "txid" | "seq"),
                    "audit" => column == "txid",
                    "migrations" => column == "applied_at",
                    _ => false,
                };
                let kept = columns.iter().zip(&row).filter(|(column, _)| !renumbered(column));
                let kept: Vec<Value> = kept.map(|(_, value)| plain(value)).collect();
                tables.entry(table.clone()).or_default().push(Value::from(kept).to_string());
            }
            head => {
                table = text(&head["table"]);
                columns = head["columns"].as_array().expect("columns").iter().map(|c| text(&c["name"])).collect();
                tables.insert(table.clone(), Vec::new());
            }
        }
    }
    for rows in tables.values_mut() {
        rows.sort();
    }
    tables
}

/// What the two databases write otherwise: truth as a number, and whole numbers of a column of fractions.
fn plain(value: &Value) -> Value {
    match (value, value.as_f64()) {
        (Value::Bool(truth), _) => json!(i64::from(*truth)),
        (Value::Number(_), Some(number)) if number.fract() == 0.0 && number.abs() < 9e15 => {
            value.as_i64().map_or_else(|| json!(number as i64), |whole| json!(whole))
        }
        _ => value.clone(),
    }
}

fn assert_same(copied: &BTreeMap<String, Vec<String>>, restored: &BTreeMap<String, Vec<String>>) {
    assert_eq!(copied.keys().collect::<Vec<_>>(), restored.keys().collect::<Vec<_>>(), "the tables");
    for (table, rows) in copied {
        let other = &restored[table];
        let missing: Vec<_> = rows.iter().filter(|row| other.binary_search(row).is_err()).take(3).collect();
        assert!(rows == other, "{table}: {} rows, {} restored; missing {missing:?}", rows.len(), other.len());
    }
    assert!(copied["dossiers"].len() >= CLIENTS && !copied["uploads"].is_empty() && !copied["events"].is_empty());
}

/// A dossier with a paper, handled to its signed result.
struct Issued {
    resident: Resident,
    code: String,
    verify: String,
    /// What the city says of the document, and the document.
    seen: (Value, Vec<u8>),
}

impl Issued {
    async fn new(site: &Site, web: &Web) -> Self {
        let resident = Resident::register(web, 1001).await;
        let pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";
        let upload = Ask::upload("/api/v1/uploads", "uy-quyen.pdf", "application/pdf", pdf).token(&resident.token);
        let upload = text(&web.until_answered(upload).await.expect(201).json()["id"]);
        let mut answers = resident.copy_answers(1);
        answers["subject"] = json!("other");
        answers["subject_name"] = json!("Trần Thị Bưởi");
        answers["subject_born"] = json!("1961-02-03");
        answers["authorisation"] = json!([upload]);
        let body = json!({ "procedure": "2.000635", "unit": UNITS[0], "answers": answers });
        let ask = Ask::post("/api/v1/dossiers", &body).token(&resident.token).key("issued");
        let receipt = web.until_answered(ask).await.expect(201).json();
        let (code, charge) = (text(&receipt["code"]), &receipt["charge"]);
        let notice = bank_notice("FTISSUED", charge["amount"].as_i64().expect("đồng"), &text(&charge["reference"]));
        web.once(&notice).await.expect("an answer").expect(200);
        let verify = handle(site, web, &code, UNITS[0]).await;
        let mut issued = Self { resident, code, verify, seen: Default::default() };
        issued.seen = issued.read(web).await;
        issued
    }

    async fn read(&self, web: &Web) -> (Value, Vec<u8>) {
        let verified = web.get_json(&self.verify, None).await.expect(200).json();
        assert_eq!(verified["valid"], true);
        let path = format!("/dossiers/{}/result.pdf", self.code);
        let Reply { bytes, .. } = web.get(&path, Some(&self.resident.token)).await.expect(200);
        let digest = <sha2::Sha256 as sha2::Digest>::digest(&bytes);
        assert_eq!(verified["sha256"], data_encoding::HEXLOWER.encode(&digest), "the document is what the city issued");
        (verified, bytes)
    }
}

/// An officer and a leader handle a dossier to its signed result; answers the path that verifies it.
pub async fn handle(site: &Site, web: &Web, code: &str, unit: &str) -> String {
    let (officer, leader) = (site.token("officer", Some(unit)).await, site.token("leader", Some(unit)).await);
    let steps = [("accept", &officer), ("process", &officer), ("propose", &officer), ("sign", &leader)];
    for (action, token) in steps {
        let ask = Ask::post(format!("/api/v1/dossiers/{code}/actions/{action}"), &json!({})).token(token);
        web.once(&ask).await.expect("an answer").expect(200);
    }
    for _ in 0..600 {
        let seen = web.get(&format!("/api/v1/dossiers/{code}"), Some(&leader)).await.expect(200).json();
        if seen["state"] == "done" {
            let url = people::text(&seen["result"]["verify_url"]);
            return url[url.find("/verify/").expect("a path")..].to_owned();
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("{code} has no result after a minute");
}
