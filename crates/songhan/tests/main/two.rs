//! Two servers on one PostgreSQL and one data folder share the work, and either may die.

use crate::invariants;
use crate::load::{CLIENTS, Load};
use crate::site::{Engine, Site};
use crate::web::Web;

/// What a server has counted under `name`, with `part` among its labels.
async fn counted(url: &str, name: &str, part: &str) -> u64 {
    let text = Web::at(url).get("/metrics", None).await.expect(200).text();
    let lines = text.lines().filter(|line| line.starts_with(name) && line.contains(part));
    lines.filter_map(|line| line.rsplit_once(' ')?.1.parse::<u64>().ok()).sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_share_the_work_and_one_dies() {
    let Some(site) = Site::new(Engine::Postgres).await else { return };
    let (one, mut two) = (site.serve().await, site.serve().await);
    let web = Web::at(&one.url);
    web.turn_to(&[&one.url, &two.url]);
    let load = Load::begin(&site, &web, CLIENTS, 8).await;
    load.more(2 * CLIENTS).await;
    load.end().await;
    let db = site.db().await;
    invariants::at_rest(&db).await;
    shared(&[&one.url, &two.url], &db).await;

    // In the middle of full work one is gone; the other takes its requests at once and its jobs when the lease is over.
    load.go_on().await;
    load.more(CLIENTS).await;
    let before = load.acknowledged();
    one.kill().await;
    web.turn_to(&[&two.url]);
    load.more(CLIENTS).await;
    invariants::nothing_lost(&db, &before).await;
    let done = load.end().await;
    invariants::at_rest(&db).await;
    invariants::hold(&site, &db, &done).await;
    assert!(two.is_alive());
    db.close().await;
    two.kill().await;
    site.close().await;
}

/// What promises each kind of job in this load.
const PROMISED: [(&str, &str); 3] = [
    ("notices.deliver", "SELECT count(*) FROM deliveries"),
    ("services.issue_receipt", "SELECT count(*) FROM case_steps WHERE action = 'accept'"),
    (
        "services.issue_supplement",
        "SELECT count(*) FROM case_steps WHERE action IN ('request_completion', 'request_supplement')",
    ),
];

/// Both have served requests and done jobs, and together they have done each job once.
async fn shared(urls: &[&str], db: &songhan_db::Db) {
    for url in urls {
        assert!(counted(url, "songhan_http_requests_total", "/api/v1/dossiers\"").await > 0, "{url} has served nobody");
        assert_eq!(counted(url, "songhan_jobs_total", "ok=\"false\"").await, 0, "jobs failed");
        assert!(counted(url, "songhan_jobs_total", "ok=\"true\"").await > 0, "{url} has done no job");
    }
    for (kind, promised) in PROMISED {
        let mut done = 0;
        for url in urls {
            done += counted(url, "songhan_jobs_total", &format!("kind=\"{kind}\"")).await;
        }
        let (promised,): (i64,) = songhan_db::query(promised).fetch_one(db).await.expect("a number");
        assert_eq!(done, promised as u64, "each promised {kind} is done once");
    }
}
