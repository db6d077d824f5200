//! How soon pages answer in a city of a hundred thousand dossiers, or a million: inbox, tracking, both searches, supervision.

use std::sync::Arc;

use anyhow::{Result, ensure};
use serde::Serialize;

use super::{Plan, Work, settled};
use crate::drive::{self, Load, Requests, Sample, Spread, Window};
use crate::http::{Connection, escape, get};
use crate::machine::{self, Memory};
use songhan_simulation::Dice;

use crate::people::Keys;
use crate::place::{Place, postmaster, warm};
use crate::served::Served;

const CLIENTS: usize = 16;

/// What any page costs at least on this machine, at the pace of the slower ones.
const NOTHING: &str = "nothing (/healthz, 200 a second)";
const NOTHING_PACE: f64 = 200.0;

/// What is asked for.
struct Target {
    name: &'static str,
    requests: Requests,
    /// Requests a second instead of half of what the server can.
    pace: Option<f64>,
}

/// What one page came to.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    pub name: &'static str,
    pub kib: f64,
    pub runs: Vec<Run>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Run {
    /// As fast as 16 clients can.
    pub full: Sample,
    pub work: Work,
    /// At half that rate, while the host left us alone.
    pub calm: Window,
}

impl Outcome {
    pub fn p99(&self) -> Spread {
        Spread::of(self.runs.iter().map(|run| run.calm.sample.p99_ms))
    }
}

pub async fn measure(plan: &Plan, place: &Place, keys: &Keys) -> Result<(Vec<Outcome>, Memory)> {
    let db = place.open().await?;
    let master = postmaster(&db).await?;
    let served = Served::start(&plan.program, &place.data, place.url.as_deref()).await?;
    settled(&db).await?;
    warm(&db).await?;
    let targets = targets(keys);
    let mut outcomes = Vec::new();
    for target in &targets {
        let mut connection = Connection::open(served.address).await?;
        let answer = connection.send(&(target.requests)(0, 0)).await?;
        ensure!(answer.status == 200, "{}: {}", target.name, String::from_utf8_lossy(answer.body));
        outcomes.push(Outcome { name: target.name, kib: answer.body.len() as f64 / 1024.0, runs: Vec::new() });
    }
    for _ in 0..plan.runs {
        for (target, outcome) in targets.iter().zip(&mut outcomes) {
            let load = Load { clients: CLIENTS, length: plan.seconds, rate: None, expect: 200 };
            let before = Work::now(Some(served.pid()), master);
            let full = drive::run(served.address, load.clone(), target.requests.clone()).await?;
            let work = Work::now(Some(served.pid()), master).since(before);
            let half = Load { rate: Some(target.pace.unwrap_or(full.rate / 2.0)), ..load };
            let calm = drive::undisturbed(served.address, &half, &target.requests).await?;
            outcome.runs.push(Run { full, work, calm });
        }
    }
    for outcome in &outcomes {
        let (p99, rate) = (outcome.p99(), Spread::of(outcome.runs.iter().map(|run| run.full.rate)));
        println!(
            "  {:<34} p99 {:6.1} ms ({:.1} to {:.1}), at most {:.0}/s",
            outcome.name, p99.median, p99.least, p99.most, rate.median
        );
    }
    let memory = machine::memory(served.pid());
    served.stop().await?;
    db.close().await;
    Ok((outcomes, memory))
}

fn targets(keys: &Keys) -> Vec<Target> {
    let cookie = |secret: &str| format!("Cookie: songhan_session={secret}\r\n");
    let officers: Vec<String> = keys.officers.iter().map(|secret| cookie(secret)).collect();
    let asked = [
        "khai sinh",
        "trích lục",
        "chặt cây",
        "chứng thực chữ ký",
        "giay khai sinh",
        "ho tich",
        "dang ky",
        "cây xanh",
        "khai sin",
    ];
    let inbox = officers.iter().map(|cookie| get("/office", cookie)).collect();
    let late = officers.iter().map(|cookie| get("/office?view=late", cookie)).collect();
    let city = vec![get("/office", &cookie(&keys.city))];
    let track = keys.codes.iter().map(|code| get(&format!("/track/{code}"), "")).collect();
    let json = keys.codes.iter().map(|code| get(&format!("/track/{code}"), "Accept: application/json\r\n")).collect();
    let find = |cookie: &str, text: &str| get(&format!("/office?q={}", escape(text)), cookie);
    let office = keys.searches.iter().zip(officers.iter().cycle()).map(|(text, cookie)| find(cookie, text)).collect();
    let whole = keys.searches.iter().map(|text| find(&cookie(&keys.city), text)).collect();
    let page = asked.iter().map(|text| get(&format!("/procedures?q={}", escape(text)), "")).collect();
    let api = asked.iter().map(|text| get(&format!("/api/v1/procedures?q={}", escape(text)), "")).collect();
    let supervision = vec![get("/supervision", "")];
    let of_unit = keys.units.iter().map(|unit| get(&format!("/supervision?unit={unit}"), "")).collect();
    let report = keys.units.iter().map(|unit| get(&format!("/api/v1/supervision?unit={unit}"), "")).collect();
    [
        ("inbox of a unit", inbox),
        ("inbox of a unit, what is late", late),
        ("inbox of the whole city", city),
        ("tracking, page", track),
        ("tracking, JSON", json),
        ("search of a unit's dossiers", office),
        ("search of all dossiers", whole),
        ("search of procedures, page", page),
        ("search of procedures, JSON", api),
        ("supervision of the whole city", supervision),
        ("supervision of a unit", of_unit),
        ("supervision of a unit, JSON", report),
    ]
    .into_iter()
    .map(|(name, requests)| Target { name, requests: any_of(requests), pace: None })
    .chain([Target { name: NOTHING, requests: any_of(vec![get("/healthz", "")]), pace: Some(NOTHING_PACE) }])
    .collect()
}

/// Every client goes its own way through the requests.
fn any_of(requests: Vec<Vec<u8>>) -> Requests {
    Arc::new(move |client, turn| {
        let mut dice = Dice::new((client as u64) << 32 | turn as u64);
        dice.below(7);
        requests[dice.below(requests.len())].clone()
    })
}
