//! A second reader of the audit chain, in Python: it accepts a year of entries and finds each change that is planted.

use std::path::Path;
use std::process::Command;

use serde_json::json;
use songhan_base::{Env, HeldClock};
use songhan_db::{Db, Stamp, query_dyn, seal_audit, verify_audit};

const DAYS: i64 = 365;
const ENTRIES_A_DAY: i64 = 40;

/// What someone might do to hide something, each on a copy of its own.
const CHANGES: [(&str, &str); 10] = [
    ("another actor", "UPDATE audit SET actor = 'account:other' WHERE seq = 7000"),
    ("another subject", "UPDATE audit SET subject = 'account:other' WHERE seq = 7001"),
    ("another action", "UPDATE audit SET action = 'services.list' WHERE seq = 7002"),
    ("a word of the detail", "UPDATE audit SET detail = '{}' WHERE seq = 7003"),
    ("another time", "UPDATE audit SET at = at + 1 WHERE seq = 7004"),
    ("no request", "UPDATE audit SET request = NULL WHERE seq = 7005"),
    ("a row taken away", "DELETE FROM audit WHERE seq = 7006"),
    (
        "a row slipped in",
        "INSERT INTO audit (at, actor, action, subject, detail, batch) VALUES (1, 'a', 'b', 'c', '{}', 170)",
    ),
    ("a row moved to the next batch", "UPDATE audit SET batch = batch + 1 WHERE seq = 7007"),
    ("a seal taken away", "DELETE FROM audit_seals WHERE batch = 176"),
];

#[tokio::test]
async fn a_year_holds_and_ten_changes_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("year.db");
    year(&path).await;
    let (fine, said) = read(&path);
    assert!(fine, "{said}");
    assert!(said.starts_with(&format!("{DAYS} seals over {} rows hold", DAYS * ENTRIES_A_DAY)), "{said}");
    for (what, sql) in CHANGES {
        let copy = folder.path().join("changed.db");
        std::fs::copy(&path, &copy).unwrap();
        let db = Db::sqlite(&copy).await.unwrap();
        query_dyn(sql.to_owned()).execute(&db).await.unwrap();
        assert!(verify_audit(&db).await.unwrap().is_err(), "ours does not find {what}");
        db.close().await;
        let (fine, said) = read(&copy);
        assert!(!fine && said.contains("batch 17"), "{what}: {said}");
    }
}

/// A year in which someone reads forty dossiers a day.
async fn year(path: &Path) {
    let clock = HeldClock::at("2026-01-01T00:00:00Z".parse().unwrap());
    let env = Env::held(clock.clone(), 1);
    let db = Db::sqlite(path).await.unwrap();
    songhan_db::migrate(&db, &env, &[]).await.unwrap();
    for day in 0..DAYS {
        let stamp = Stamp { request: Some(env.id()), ..Stamp::system(&env, "year") };
        let mut tx = db.begin(stamp).await.unwrap();
        for n in 0..ENTRIES_A_DAY {
            let detail = json!({ "dossier": format!("000.00.15.H17-{day:06}-{n:04}"), "note": "đọc hồ sơ" });
            tx.audit("services.read_dossier", &format!("account:{n}"), detail).await.unwrap();
        }
        tx.commit().await.unwrap();
        seal_audit(&db, &env).await.unwrap();
        clock.advance(std::time::Duration::from_secs(86_400));
    }
    db.close().await;
}

/// Whether the second reader accepts the chain, and what it says.
fn read(database: &Path) -> (bool, String) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/read_chain.py");
    let output = Command::new("python3").arg(script).arg(database).output().expect("python3 is there");
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}
