//! SIGTERM under load: what was begun is answered, what was not is refused, and nobody waits for a live page.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::task::JoinSet;

use crate::load::{CLIENTS, UNITS, submission};
use crate::people::{Resident, text};
use crate::site::{Engine, Site};
use crate::web::Web;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_loses_nothing_on_sqlite() {
    a_stop_loses_nothing(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_loses_nothing_on_postgres() {
    a_stop_loses_nothing(Engine::Postgres).await;
}

async fn a_stop_loses_nothing(engine: Engine) {
    let Some(site) = Site::new(engine).await else { return };
    let serving = site.serve().await;
    let web = Web::at(&serving.url);
    let resident = Resident::register(&web, 1).await;
    let first = web.once(&submission(&resident, UNITS[0], "first")).await.expect("an answer").expect(201).json();
    let live = format!("/dossiers/{}/live", text(&first["code"]));
    let stream = tokio::spawn({
        let (web, token) = (web.clone(), resident.token.clone());
        async move { web.stream(&live, &token).await }
    });
    let answered: Arc<Mutex<BTreeSet<String>>> = Arc::new(Mutex::new(["first".to_owned()].into()));
    let mut clients = JoinSet::new();
    for n in 0..CLIENTS {
        let (web, resident, answered) = (web.clone(), resident.clone(), answered.clone());
        clients.spawn(async move {
            // Until the door is shut: then the last request was refused, or never heard.
            for round in 0.. {
                let key = format!("stop-{n}-{round}");
                match web.once(&submission(&resident, UNITS[n % UNITS.len()], &key)).await {
                    Ok(reply) => drop(reply.expect(201)),
                    Err(_) => return round,
                }
                answered.lock().expect("no panic").insert(key);
            }
            0
        });
    }
    while answered.lock().expect("no panic").len() < CLIENTS {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    serving.ask_to_stop().await;
    let log = serving.log_path();
    let (code, took) = serving.ended().await;
    assert_eq!(code, Some(0), "{}", std::fs::read_to_string(&log).unwrap_or_default());
    assert!(took < Duration::from_secs(15), "it took {took:?} to stop");
    let rounds: usize = clients.join_all().await.into_iter().sum();
    let (status, events) = stream.await.expect("no panic").expect("the stream ends as streams do");
    assert_eq!(status, 200, "{events}");

    let db = site.db().await;
    let kept: Vec<(String,)> = songhan_db::query("SELECT key FROM answers WHERE key = 'first' OR key LIKE 'stop-%'")
        .fetch_all(&db)
        .await
        .expect("answers");
    let kept: BTreeSet<String> = kept.into_iter().map(|(key,)| key).collect();
    let answered = answered.lock().expect("no panic").clone();
    println!("{} answered of {rounds} and {CLIENTS} refused; stopped in {took:?}", answered.len());
    assert_eq!(kept, answered, "what was done was answered, and what was answered was done");
    let (dossiers,): (i64,) =
        songhan_db::query("SELECT count(*) FROM dossiers").fetch_one(&db).await.expect("dossiers");
    assert_eq!(dossiers as usize, answered.len());
    assert_eq!(site.errors(), Vec::<String>::new());
    db.close().await;
    site.close().await;
}
