//! What the database layer promises, on both engines.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use songhan_base::Id;
use songhan_db::{Event, Internal, NewJob, Position, Stamp, query, unique_violation};
use songhan_testkit::{TestCity, for_each_database};

#[derive(Serialize, Deserialize)]
struct Noted {
    n: i64,
}

impl Event for Noted {
    const KIND: &'static str = "test.noted";
    fn subject(&self) -> String {
        format!("note:{}", self.n)
    }
}

fn stamp(city: &TestCity) -> Stamp {
    Stamp::system(&city.app.env, "test")
}

async fn notes(city: &TestCity) {
    city.app.db.script("CREATE TABLE note (n BIGINT PRIMARY KEY, word TEXT, half DOUBLE PRECISION, is_on BOOLEAN NOT NULL DEFAULT TRUE) /*strict*/").await.unwrap();
}

#[tokio::test]
async fn values_come_back_as_they_went() {
    for_each_database(vec![], |city| async move {
        notes(&city).await;
        let db = &city.app.db;
        query("INSERT INTO note (n, word, half, is_on) VALUES ($1, $2, $3, $4)")
            .bind(i64::MAX)
            .bind("Đà Nẵng 'x' \u{1F409}")
            .bind(0.5)
            .bind(false)
            .execute(db)
            .await
            .unwrap();
        query("INSERT INTO note (n, word, half) VALUES ($1, $2, $3)")
            .bind(1_i64)
            .bind(None::<String>)
            .bind(None::<f64>)
            .execute(db)
            .await
            .unwrap();
        let rows: Vec<(i64, Option<String>, Option<f64>, bool)> =
            query("SELECT n, word, half, is_on FROM note ORDER BY n").fetch_all(db).await.unwrap();
        assert_eq!(rows[0], (1, None, None, true));
        assert_eq!(rows[1], (i64::MAX, Some("Đà Nẵng 'x' \u{1F409}".into()), Some(0.5), false));
        let listed: Vec<(i64,)> = query("SELECT n FROM note WHERE word IN (SELECT value FROM json_each($1)) OR n = $2")
            .bind(serde_json::json!(["nothing", "Đà Nẵng 'x' \u{1F409}"]))
            .bind(2_i64)
            .fetch_all(db)
            .await
            .unwrap();
        assert_eq!(listed, [(i64::MAX,)]);
        let (part,): (String,) = query("SELECT $1 ->> 'a'").bind(r#"{"a":"b"}"#).fetch_one(db).await.unwrap();
        assert_eq!(part, "b");
    })
    .await;
}

#[tokio::test]
async fn dropped_is_undone() {
    for_each_database(vec![], |city| async move {
        notes(&city).await;
        let db = &city.app.db;
        let mut tx = db.begin(stamp(&city)).await.unwrap();
        query("INSERT INTO note (n) VALUES (1)").execute(&mut tx).await.unwrap();
        tx.emit(Noted { n: 1 }).await.unwrap();
        drop(tx);
        let mut tx = db.begin(stamp(&city)).await.unwrap();
        query("INSERT INTO note (n) VALUES (2)").execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        let rows: Vec<(i64,)> = query("SELECT n FROM note").fetch_all(db).await.unwrap();
        assert_eq!(rows, [(2,)]);
        assert!(songhan_db::events_after(db, Position::default(), 10).await.unwrap().is_empty());
        let twice = query("INSERT INTO note (n) VALUES (2)").execute(db).await.unwrap_err();
        assert!(unique_violation(&twice));
        assert!(!unique_violation(&Internal::new("other")));
    })
    .await;
}

#[tokio::test]
async fn counters_have_no_gap_and_no_double() {
    for_each_database(vec![], |city| async move {
        let work = (0..64).map(|n| {
            let city = city.clone();
            async move {
                let mut tx = city.app.db.begin(stamp(&city)).await.unwrap();
                let number = songhan_db::next_number(&mut tx, "dossier").await.unwrap();
                if n % 8 == 0 {
                    tx.rollback().await.unwrap();
                    return None;
                }
                tx.commit().await.unwrap();
                Some(number)
            }
        });
        let mut numbers: Vec<i64> = futures_util::future::join_all(work).await.into_iter().flatten().collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=56).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test]
async fn a_late_commit_is_never_skipped() {
    for_each_database(vec![], |city| async move {
        let db = &city.app.db;
        let seen = |position| async move {
            let events = songhan_db::events_after(db, position, 100).await.unwrap();
            let ids = events.iter().map(|e| e.read::<Noted>().unwrap().n).collect::<Vec<_>>();
            (ids, events.last().map_or(position, songhan_db::Recorded::position))
        };
        if db.is_postgres() {
            // Two writers at once; the first to begin is the last to commit.
            let mut slow = db.begin(stamp(&city)).await.unwrap();
            slow.emit(Noted { n: 1 }).await.unwrap();
            let mut quick = db.begin(stamp(&city)).await.unwrap();
            quick.emit(Noted { n: 2 }).await.unwrap();
            quick.commit().await.unwrap();
            let (early, position) = seen(Position::default()).await;
            assert_eq!(early, Vec::<i64>::new(), "nothing is read past an open transaction");
            slow.commit().await.unwrap();
            while seen(position).await.0.len() < 2 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            assert_eq!(seen(position).await.0, [1, 2]);
            return;
        }
        for n in 1..=2 {
            let mut tx = db.begin(stamp(&city)).await.unwrap();
            tx.emit(Noted { n }).await.unwrap();
            tx.commit().await.unwrap();
        }
        let (first, position) = seen(Position::default()).await;
        assert_eq!(first, [1, 2]);
        assert_eq!(seen(position).await.0, Vec::<i64>::new());
    })
    .await;
}

#[tokio::test]
async fn a_job_is_claimed_once_and_again_after_its_lease() {
    for_each_database(vec![], |city| async move {
        let (db, env) = (&city.app.db, &city.app.env);
        let lease = Duration::from_secs(60);
        let promise = |dedupe: Option<&str>| NewJob {
            id: env.id(),
            kind: "greet",
            payload: serde_json::json!({"name": "An"}),
            run_at: None,
            dedupe: dedupe.map(str::to_owned),
        };
        let mut tx = db.begin(stamp(&city)).await.unwrap();
        songhan_db::enqueue(&mut tx, promise(Some("only"))).await.unwrap();
        songhan_db::enqueue(&mut tx, promise(Some("only"))).await.unwrap();
        tx.commit().await.unwrap();
        let claims = futures_util::future::join_all((0..8).map(|_| songhan_db::claim_job(db, env, lease))).await;
        let claimed: Vec<_> = claims.into_iter().filter_map(Result::unwrap).collect();
        assert_eq!(claimed.len(), 1);
        assert_eq!(claimed[0].payload()["name"], "An");
        city.clock.advance(Duration::from_secs(61));
        let again = songhan_db::claim_job(db, env, lease).await.unwrap().expect("the lease ended");
        assert_eq!((again.id, again.attempts), (claimed[0].id, 2));
        songhan_db::fail_job(db, env, &again, "no network").await.unwrap();
        assert!(songhan_db::claim_job(db, env, lease).await.unwrap().is_none(), "it rests after a failure");
        city.clock.advance(Duration::from_secs(3600));
        let last = songhan_db::claim_job(db, env, lease).await.unwrap().expect("rested");
        assert_eq!(last.last_error.as_deref(), Some("no network"));
        songhan_db::finish_job(db, last.id).await.unwrap();
        city.clock.advance(Duration::from_secs(36000));
        assert!(songhan_db::claim_job(db, env, lease).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn a_schedule_runs_in_one_process_at_a_time() {
    for_each_database(vec![], |city| async move {
        let (db, env) = (&city.app.db, &city.app.env);
        let minute = Duration::from_secs(60);
        let claims = |_| songhan_db::claim_schedule(db, env, "sweep", minute);
        let first = futures_util::future::join_all((0..8).map(claims)).await;
        assert_eq!(first.into_iter().filter(|c| *c.as_ref().unwrap()).count(), 1);
        city.clock.advance(minute);
        let second = futures_util::future::join_all((0..8).map(claims)).await;
        assert_eq!(second.into_iter().filter(|c| *c.as_ref().unwrap()).count(), 1);
    })
    .await;
}

/// Seals so many rows: an open transaction of another test may hold some back for a moment.
async fn seal(city: &TestCity, rows: u64) {
    let mut sealed = 0;
    while sealed < rows {
        sealed += songhan_db::seal_audit(&city.app.db, &city.app.env).await.unwrap();
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(sealed, rows);
}

#[tokio::test]
async fn the_audit_chain_shows_a_change() {
    for_each_database(vec![], |city| async move {
        let (db, env) = (&city.app.db, &city.app.env);
        for n in 0..5 {
            let mut tx = db.begin(stamp(&city)).await.unwrap();
            tx.audit("test.read", "person:1", serde_json::json!({ "n": n })).await.unwrap();
            tx.commit().await.unwrap();
            if n == 2 {
                seal(&city, 3).await;
            }
        }
        seal(&city, 2).await;
        assert_eq!(songhan_db::seal_audit(db, env).await.unwrap(), 0);
        assert_eq!(songhan_db::verify_audit(db).await.unwrap(), Ok(5));
        let (batch,): (i64,) = query("SELECT batch FROM audit WHERE seq = 4").fetch_one(db).await.unwrap();
        query("UPDATE audit SET detail = '{\"n\":9}' WHERE seq = 4").execute(db).await.unwrap();
        assert_eq!(songhan_db::verify_audit(db).await.unwrap().unwrap_err().batch, batch);
    })
    .await;
}

#[tokio::test]
async fn a_kept_answer_is_kept_once() {
    for_each_database(vec![], |city| async move {
        let db = &city.app.db;
        let work = (0..8).map(|n: u16| {
            let city = city.clone();
            async move {
                let mut tx = city.app.db.begin(stamp(&city)).await.unwrap();
                let body = format!("{n}");
                let won = songhan_db::keep_answer(&mut tx, "account:1", "key", "print", 201, &body).await.unwrap();
                tx.commit().await.unwrap();
                won.then_some(body)
            }
        });
        let won: Vec<String> = futures_util::future::join_all(work).await.into_iter().flatten().collect();
        assert_eq!(won.len(), 1);
        let kept = songhan_db::answered(db, "account:1", "key").await.unwrap().unwrap();
        assert_eq!((kept.body, kept.status), (won[0].clone(), 201));
        assert!(songhan_db::answered(db, "account:2", "key").await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn a_changed_migration_is_refused() {
    use songhan_db::{Migration, migrate};
    for_each_database(vec![], |city| async move {
        let (db, env) = (&city.app.db, &city.app.env);
        let first = Migration { module: "t", number: 1, name: "first", sql: "CREATE TABLE a (n BIGINT) /*strict*/;" };
        let second = Migration { module: "t", number: 2, name: "second", sql: "ALTER TABLE a ADD COLUMN s TEXT;" };
        assert_eq!(migrate(db, env, &[first]).await.unwrap(), 1);
        query("INSERT INTO a (n) VALUES (7)").execute(db).await.unwrap();
        assert_eq!(migrate(db, env, &[first, second]).await.unwrap(), 1);
        let rows: Vec<(i64, Option<String>)> = query("SELECT n, s FROM a").fetch_all(db).await.unwrap();
        assert_eq!(rows, [(7, None)]);
        let changed = Migration { sql: "CREATE TABLE b (n BIGINT) /*strict*/;", ..first };
        let refusal = migrate(db, env, &[changed]).await.unwrap_err().to_string();
        assert!(refusal.contains("t/0001_first was changed"), "{refusal}");
        let broken = Migration {
            module: "t",
            number: 3,
            name: "broken",
            sql: "CREATE TABLE c (n BIGINT) /*strict*/; NONSENSE;",
        };
        assert!(migrate(db, env, &[first, second, broken]).await.is_err());
        assert!(query("SELECT n FROM c").fetch_all::<(i64,)>(db).await.is_err(), "a broken file leaves nothing behind");
    })
    .await;
}

#[test]
fn ids_are_text() {
    let id: Id = "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap();
    assert_eq!(id.to_string(), "01890a5d-ac96-774b-bcce-b302099a8057");
}

#[tokio::test]
async fn connections_that_were_cut_are_made_anew() {
    for_each_database(vec![], |city| async move {
        let db = &city.app.db;
        if !db.is_postgres() {
            return;
        }
        // Several at once, so that several lie at hand.
        let asked = || async { query("SELECT pg_backend_pid()").fetch_one::<(i32,)>(db).await };
        let (a, b, c) = tokio::join!(asked(), asked(), asked());
        let cut = serde_json::json!([a, b, c].map(|found| found.unwrap().0.to_string()));
        let url = std::env::var("SONGHAN_TEST_POSTGRES").unwrap();
        let admin = songhan_db::Db::postgres(&url, None, 1).await.unwrap();
        query("SELECT pg_terminate_backend(pid::int) FROM jsonb_array_elements_text($1::jsonb) AS pid")
            .bind(cut)
            .fetch_all::<(bool,)>(&admin)
            .await
            .unwrap();
        admin.close().await;
        // Who meets the first one is told, and nobody after that.
        assert!(asked().await.is_err(), "it was used a moment ago, so nobody asked whether it lives");
        for _ in 0..4 {
            assert!(asked().await.is_ok());
            db.begin(stamp(&city)).await.unwrap().rollback().await.unwrap();
        }
        tokio::time::sleep(Duration::from_millis(1_100)).await;
        assert!(asked().await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn many_at_once_wait_for_their_turn() {
    for_each_database(vec![], |city| async move {
        notes(&city).await;
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..120_i64 {
            let (db, stamp) = (city.app.db.clone(), stamp(&city));
            tasks.spawn(async move {
                let mut tx = db.begin(stamp).await.unwrap();
                query("INSERT INTO note (n) VALUES ($1)").bind(n).execute(&mut tx).await.unwrap();
                // Some end without a word, some in the middle of a statement.
                match n % 3 {
                    0 => tx.commit().await.unwrap(),
                    1 => drop(tx),
                    _ => {
                        let sought = query("SELECT n FROM note").fetch_all::<(i64,)>(&mut tx);
                        drop(tokio::time::timeout(Duration::from_nanos(1), sought).await);
                        drop(tx);
                    }
                }
                query("SELECT count(*) FROM note").fetch_one::<(i64,)>(&db).await.unwrap();
            });
        }
        while let Some(done) = tasks.join_next().await {
            done.unwrap();
        }
        let (count,): (i64,) = query("SELECT count(*) FROM note").fetch_one(&city.app.db).await.unwrap();
        assert_eq!(count, 40);
    })
    .await;
}
