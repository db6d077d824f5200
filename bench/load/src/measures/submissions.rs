//! Submissions a second: 64 clients over 90 units through the API of the release binary, against the same statements
//! run directly on a copy of the same database. The two take turns; while one runs the other is idle.

use std::sync::Arc;

use anyhow::{Result, ensure};
use serde::Serialize;
use songhan_base::Env;
use songhan_db::{Db, query};

use super::{Plan, Work, settled};
use crate::capture::{self, Script};
use crate::drive::{self, Load, Requests, Sample};
use crate::http::post;
use crate::machine::{self, Memory};
use crate::people::Keys;
use crate::place::{Place, postmaster};
use crate::replay;
use crate::served::Served;

/// Clients at the maximum rate.
const CLIENTS: usize = 64;
/// Clients when the 99th percentile is taken, at half that rate.
const CALM_CLIENTS: usize = 16;

/// One run of both sides.
#[derive(Clone, Debug, Serialize)]
pub struct Run {
    pub server: Sample,
    pub server_work: Work,
    /// Seconds until all notices of the run were written.
    pub backlog_seconds: f64,
    pub direct: Sample,
    pub direct_work: Work,
    pub ratio: f64,
    /// At half the server's rate of this run.
    pub calm: Sample,
}

#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    pub runs: Vec<Run>,
    pub statements: usize,
    /// Dossiers that were acknowledged, and those found in the database afterwards.
    pub acknowledged: usize,
    pub found: usize,
    pub memory: Memory,
}

pub async fn measure(plan: &Plan, place: &Place, keys: &Keys) -> Result<Outcome> {
    println!("  a copy for the direct side, and the statements of submissions");
    let peer = place.copy(&plan.work, "direct").await?;
    let scripts = scripts(&peer, keys).await?;
    let statements = scripts.first().map_or(0, Script::count);
    let (db, direct) = (place.open().await?, peer.open().await?);
    let master = postmaster(&db).await?;
    let before = count(&db).await?;
    let served = Served::start(&plan.program, &place.data, place.url.as_deref()).await?;
    settled(&db).await?;
    let requests = requests(keys);
    let mut runs = Vec::new();
    for number in 1..=plan.runs {
        let run = one(plan, &served, &db, master, &direct, &scripts, &requests).await?;
        println!(
            "  run {number}: {:.0}/s through the server, {:.0}/s direct, ratio {:.2}; p99 {:.1} ms at half the rate, {} clients",
            run.server.rate, run.direct.rate, run.ratio, run.calm.p99_ms, CALM_CLIENTS
        );
        runs.push(run);
    }
    let found = count(&db).await? - before;
    let memory = machine::memory(served.pid());
    served.stop().await?;
    db.close().await;
    direct.close().await;
    let acknowledged = runs.iter().map(|run| run.server.answered + run.calm.answered).sum();
    ensure!(found == acknowledged, "{acknowledged} dossiers were acknowledged and {found} are in the database");
    Ok(Outcome { runs, statements, acknowledged, found, memory })
}

async fn one(
    plan: &Plan,
    served: &Served,
    db: &Db,
    master: Option<u32>,
    direct: &Db,
    scripts: &Arc<Vec<Script>>,
    requests: &Requests,
) -> Result<Run> {
    let load = Load { clients: CLIENTS, length: plan.seconds, rate: None, expect: 201 };
    let work = Work::now(Some(served.pid()), master);
    let server = drive::run(served.address, load.clone(), requests.clone()).await?;
    let server_work = Work::now(Some(served.pid()), master).since(work);
    let backlog_seconds = settled(db).await?.as_secs_f64();

    let work = Work::now(None, master);
    let peer = replay::run(direct, scripts, CLIENTS, plan.seconds).await?;
    let direct_work = Work::now(None, master).since(work);

    let half = Load { clients: CALM_CLIENTS, rate: Some(server.rate / 2.0), ..load };
    let calm = drive::run(served.address, half, requests.clone()).await?;
    settled(db).await?;
    let ratio = server.rate / peer.rate.max(1.0);
    Ok(Run { server, server_work, backlog_seconds, direct: peer, direct_work, ratio, calm })
}

async fn scripts(peer: &Place, keys: &Keys) -> Result<Arc<Vec<Script>>> {
    let system = peer.system().await?;
    let scripts = capture::scripts(&system.router, keys, &system.app.env).await?;
    system.app.db.close().await;
    Ok(Arc::new(scripts))
}

async fn count(db: &Db) -> Result<usize> {
    Ok(query("SELECT count(*) FROM dossiers").fetch_one::<(i64,)>(db).await?.0 as usize)
}

/// Clients go round the units; every request has a key of its own.
fn requests(keys: &Keys) -> Requests {
    let (residents, env) = (keys.residents.clone(), Env::real());
    Arc::new(move |client, turn| {
        let applicant = &residents[(client + turn * CLIENTS) % residents.len()];
        post("/api/v1/dossiers", &applicant.token, &env.id().to_string(), &applicant.body)
    })
}
