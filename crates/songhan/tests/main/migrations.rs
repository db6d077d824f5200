//! A city with people in it gets a newer program: what is added to its tables leaves what is in them as it was.

use songhan_base::Env;
use songhan_db::{Db, Migration, query};

use crate::load::{CLIENTS, Load};
use crate::site::{Engine, Site};
use crate::web::Web;
use crate::{invariants, modules};

/// As a later release would write it: expand, fill, index.
const LATER: Migration = Migration {
    module: "services",
    number: 9001,
    name: "priority",
    sql: "ALTER TABLE dossiers ADD COLUMN priority BIGINT NOT NULL DEFAULT 0;
          UPDATE dossiers SET priority = 1 WHERE charge IS NOT NULL;
          CREATE INDEX dossiers_priority ON dossiers (priority, created_at);
          CREATE TABLE dossier_tags (case_id TEXT NOT NULL REFERENCES dossiers (case_id), tag TEXT NOT NULL,
              is_shown BOOLEAN NOT NULL DEFAULT TRUE, PRIMARY KEY (case_id, tag)) /*strict*/;
          INSERT INTO dossier_tags (case_id, tag) SELECT case_id, 'nộp trực tuyến' FROM dossiers;",
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn existing_data_is_migrated_on_sqlite() {
    existing_data_is_migrated(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn existing_data_is_migrated_on_postgres() {
    existing_data_is_migrated(Engine::Postgres).await;
}

async fn existing_data_is_migrated(engine: Engine) {
    let Some(site) = Site::new(engine).await else { return };
    let serving = site.serve().await;
    let web = Web::at(&serving.url);
    let load = Load::begin(&site, &web, CLIENTS / 8, 1).await;
    load.more(CLIENTS / 4).await;
    load.end().await;
    let db = site.db().await;
    invariants::at_rest(&db).await;
    serving.kill().await;

    let env = Env::real();
    let mut migrations: Vec<Migration> = modules::all().iter().flat_map(|m| m.migrations.iter().copied()).collect();
    assert_eq!(songhan_db::migrate(&db, &env, &migrations).await.expect("known migrations"), 0, "all are applied");
    let before = dossiers(&db).await;
    migrations.push(LATER);
    assert_eq!(songhan_db::migrate(&db, &env, &migrations).await.expect("the new one"), 1);
    assert_eq!(songhan_db::migrate(&db, &env, &migrations).await.expect("and again"), 0);
    assert_eq!(dossiers(&db).await, before, "what was there is as it was");
    let filled =
        "SELECT count(*) FROM dossiers d JOIN dossier_tags t ON t.case_id = d.case_id WHERE priority = 1 AND is_shown";
    let (filled,): (i64,) = query(filled).fetch_one(&db).await.expect("a number");
    assert_eq!(filled as usize, before.len());
    let changed = Migration { sql: "SELECT 1", ..LATER };
    let refused = songhan_db::migrate(&db, &env, &[changed]).await.expect_err("an applied migration does not change");
    assert!(refused.to_string().contains("add a new file instead"), "{refused}");

    // While servers are changed one by one, the older program works on the newer tables.
    let serving = site.serve().await;
    web.turn_to(&[&serving.url]);
    load.go_on().await;
    load.more(CLIENTS / 4).await;
    let done = load.end().await;
    invariants::at_rest(&db).await;
    invariants::hold(&site, &db, &done).await;
    db.close().await;
    serving.kill().await;
    site.close().await;
}

/// The rows, column by column as the older program knows them.
async fn dossiers(db: &Db) -> Vec<(String, String, String, i64)> {
    let rows = "SELECT code, applicant, answers, created_at FROM dossiers ORDER BY code";
    query(rows).fetch_all(db).await.expect("dossiers")
}
