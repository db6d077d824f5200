//! A copy taken under load is one moment of the database, and restores to it on either engine.

use songhan_base::{Env, Id};
use songhan_db::{Db, Event, Migration, Position, Stamp, query};
use songhan_testkit::{TestCity, for_each_database};

#[derive(serde::Serialize, serde::Deserialize)]
struct Moved(i64);

impl Event for Moved {
    const KIND: &'static str = "test.moved";
    fn subject(&self) -> String {
        "account:1".into()
    }
}

const TABLES: Migration = Migration {
    module: "copies",
    number: 1,
    name: "tables",
    sql: "CREATE TABLE purse (id TEXT PRIMARY KEY, amount BIGINT NOT NULL, is_open BOOLEAN NOT NULL, rate DOUBLE PRECISION, seal BLOB, note TEXT) /*strict*/;
          CREATE TABLE moves (id TEXT PRIMARY KEY, purse TEXT NOT NULL REFERENCES purse (id), amount BIGINT NOT NULL) /*strict*/;",
};

async fn fill(city: &TestCity) -> Id {
    let (db, env) = (&city.app.db, &city.app.env);
    songhan_db::migrate(db, env, &[TABLES]).await.unwrap();
    let id = env.id();
    query("INSERT INTO purse (id, amount, is_open, rate, seal, note) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(id)
        .bind(i64::MAX)
        .bind(true)
        .bind(0.1)
        .bind(vec![0_u8, 255, 10])
        .bind("{\"a\": \"Đà Nẵng\\n\"}")
        .execute(db)
        .await
        .unwrap();
    query("INSERT INTO purse (id, amount, is_open) VALUES ('empty', -1, $1)").bind(false).execute(db).await.unwrap();
    id
}

/// One move: a row, its event, its audit entry, in one commit.
async fn step(db: &Db, env: &Env, purse: Id, n: i64) {
    let mut tx = db.begin(Stamp::system(env, "test")).await.unwrap();
    query("INSERT INTO moves (id, purse, amount) VALUES ($1, $2, $3)")
        .bind(env.id())
        .bind(purse)
        .bind(n)
        .execute(&mut tx)
        .await
        .unwrap();
    tx.emit(Moved(n)).await.unwrap();
    tx.audit("test.moved", "purse", serde_json::json!({ "n": n })).await.unwrap();
    tx.commit().await.unwrap();
}

async fn counts(db: &Db) -> (i64, i64, i64) {
    let one = |sql| async move { query(sql).fetch_one::<(i64,)>(db).await.unwrap().0 };
    (
        one("SELECT count(*) FROM moves").await,
        one("SELECT count(*) FROM events").await,
        one("SELECT count(*) FROM audit").await,
    )
}

#[tokio::test]
async fn a_copy_under_load_restores_to_one_moment() {
    for_each_database(vec![], |city| async move {
        let purse = fill(&city).await;
        let (db, env) = (city.app.db.clone(), city.app.env.clone());
        for n in 0..20 {
            step(&db, &env, purse, n).await;
        }
        let mut sealed = 0;
        while sealed < 20 {
            sealed += songhan_db::seal_audit(&db, &env).await.unwrap();
            // An open transaction of another test holds rows back for a moment.
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        let mut tx = db.begin(Stamp::system(&env, "test")).await.unwrap();
        songhan_db::lock_cursor(&mut tx, "hearer").await.unwrap();
        let heard = songhan_db::events_after(&db, Position::default(), 12).await.unwrap();
        assert_eq!(heard.len(), 12);
        songhan_db::advance_cursor(&mut tx, "hearer", heard[11].position()).await.unwrap();
        tx.commit().await.unwrap();

        let writing = tokio::spawn({
            let (db, env) = (db.clone(), env.clone());
            async move {
                for n in 20..60 {
                    step(&db, &env, purse, n).await;
                }
            }
        });
        let mut copy = Vec::new();
        songhan_db::dump(&db, &mut copy).await.unwrap();
        writing.await.unwrap();

        let folder = tempfile::tempdir().unwrap();
        let fresh = Db::sqlite(&folder.path().join("restored.db")).await.unwrap();
        songhan_db::restore(&fresh, &env, &[TABLES], &mut &*copy).await.unwrap();
        let (moves, events, audit) = counts(&fresh).await;
        assert!(moves >= 20 && moves == events && moves == audit, "{moves} moves, {events} events, {audit} entries");
        assert_eq!(songhan_db::verify_audit(&fresh).await.unwrap(), Ok(20));
        let row: (i64, bool, Option<f64>, Option<Vec<u8>>, Option<String>) =
            query("SELECT amount, is_open, rate, seal, note FROM purse WHERE id = $1")
                .bind(purse)
                .fetch_one(&fresh)
                .await
                .unwrap();
        assert_eq!(row, (i64::MAX, true, Some(0.1), Some(vec![0, 255, 10]), Some("{\"a\": \"Đà Nẵng\\n\"}".into())));
        // The subscriber goes on where it was.
        let mut tx = fresh.begin(Stamp::system(&env, "test")).await.unwrap();
        let cursor = songhan_db::lock_cursor(&mut tx, "hearer").await.unwrap().unwrap();
        drop(tx);
        let next = songhan_db::events_after(&fresh, cursor, 100).await.unwrap();
        assert_eq!(next.iter().filter_map(songhan_db::Recorded::read::<Moved>).map(|m| m.0).next(), Some(12));
        assert_eq!(next.len() as i64, events - 12);
        // What was restored can be copied again, to the same text.
        let mut again = Vec::new();
        songhan_db::dump(&fresh, &mut again).await.unwrap();
        if !db.is_postgres() {
            assert_eq!(String::from_utf8(again.clone()).unwrap(), String::from_utf8(copy.clone()).unwrap());
        }
        back_to_postgres(&env, &again, moves).await;
        assert!(songhan_db::restore(&fresh, &env, &[TABLES], &mut &*copy).await.is_err(), "never over existing data");
    })
    .await;
}

/// The copy of a SQLite database restores on PostgreSQL, and new rows go on behind the old.
async fn back_to_postgres(env: &Env, copy: &[u8], moves: i64) {
    let Ok(url) = std::env::var("SONGHAN_TEST_POSTGRES") else { return };
    let schema = format!("r{}", Env::real().id().to_string().replace('-', ""));
    let admin = Db::postgres(&url, None, 1).await.unwrap();
    admin.script(&format!("CREATE SCHEMA {schema}")).await.unwrap();
    let db = Db::postgres(&url, Some(&schema), 2).await.unwrap();
    songhan_db::restore(&db, env, &[TABLES], &mut &*copy).await.unwrap();
    assert_eq!(counts(&db).await.0, moves);
    let purses: Vec<(i64, bool)> =
        query("SELECT amount, is_open FROM purse ORDER BY amount").fetch_all(&db).await.unwrap();
    assert_eq!(purses, [(-1, false), (i64::MAX, true)]);
    let (purse,): (Id,) = query("SELECT id FROM purse WHERE is_open").fetch_one(&db).await.unwrap();
    step(&db, env, purse, 99).await;
    // An open transaction of another database of the server holds new events back for a moment.
    let mut last = Vec::new();
    for _ in 0..1000 {
        last = songhan_db::events_after(&db, Position { txid: 0, seq: moves }, 10).await.unwrap();
        if !last.is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(last.iter().filter_map(songhan_db::Recorded::read::<Moved>).map(|m| m.0).collect::<Vec<_>>(), [99]);
    assert_eq!(songhan_db::verify_audit(&db).await.unwrap(), Ok(20));
    db.close().await;
    admin.script(&format!("DROP SCHEMA {schema} CASCADE")).await.unwrap();
}
