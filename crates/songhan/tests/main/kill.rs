//! `kill -9` under 64-fold load, again and again: nothing that was acknowledged is lost or doubled.
//!
//! `SONGHAN_KILLS` says how often (20).

use std::time::{Duration, Instant};

use songhan_base::Env;

use crate::invariants;
use crate::load::{CLIENTS, Load};
use crate::site::{Engine, Site};
use crate::web::Web;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_under_load_on_sqlite() {
    killed_under_load(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_under_load_on_postgres() {
    killed_under_load(Engine::Postgres).await;
}

async fn killed_under_load(engine: Engine) {
    let kills: usize = std::env::var("SONGHAN_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(20);
    let Some(site) = Site::new(engine).await else { return };
    let mut serving = site.serve().await;
    let web = Web::at(&serving.url);
    let load = Load::begin(&site, &web, CLIENTS, 2).await;
    let began = Instant::now();
    for n in 0..kills {
        // Into full work, at no particular moment of it.
        load.more(CLIENTS / 2).await;
        let [moment] = Env::real().random::<1>();
        tokio::time::sleep(Duration::from_millis(u64::from(moment) * 2)).await;
        let before = load.acknowledged();
        serving.kill().await;
        serving = site.serve().await;
        web.turn_to(&[&serving.url]);
        let db = site.db().await;
        invariants::nothing_lost(&db, &before).await;
        invariants::ledger(&db).await;
        db.close().await;
        println!("kill {}: {} dossiers acknowledged, {:?}", n + 1, before.dossiers.len(), began.elapsed());
    }
    load.more(CLIENTS).await;
    let done = load.end().await;
    let db = site.db().await;
    invariants::at_rest(&db).await;
    println!(
        "{} dossiers, {} payments, {} steps, {:?}",
        done.dossiers.len(),
        done.paid.len(),
        done.steps.len(),
        began.elapsed()
    );
    invariants::hold(&site, &db, &done).await;
    assert_eq!(web.failures.load(std::sync::atomic::Ordering::Relaxed), 0, "answers of 500 and above");
    db.close().await;
    serving.kill().await;
    site.close().await;
}
