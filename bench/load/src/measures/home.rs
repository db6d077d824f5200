//! Home pages a second, by wrk where it is installed, else by our own clients.

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;

use anyhow::{Context, Result};
use serde::Serialize;

use super::{Plan, Work};
use crate::drive::{self, Load, Requests, Sample, Spread};
use crate::http::get;
use crate::machine::{self, Memory};
use crate::place::Place;
use crate::served::Served;

const CLIENTS: usize = 16;

#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    /// The program that asked.
    pub by: &'static str,
    /// Pages a second of each run.
    pub rates: Vec<f64>,
    /// The same to a browser that takes compressed pages.
    pub compressed: Vec<f64>,
    pub work: Vec<Work>,
    /// At half the rate.
    pub calm: Vec<Sample>,
    pub memory: Memory,
}

impl Outcome {
    pub fn rate(&self) -> Spread {
        Spread::of(self.rates.iter().copied())
    }
}

pub async fn measure(plan: &Plan, place: &Place) -> Result<Outcome> {
    let served = Served::start(&plan.program, &place.data, place.url.as_deref()).await?;
    let wrk =
        std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join("wrk").is_file()));
    let by = if wrk { "wrk -t1 -c16" } else { "songhan-load, 16 clients" };
    let mut outcome =
        Outcome { by, rates: vec![], compressed: vec![], work: vec![], calm: vec![], memory: Memory::default() };
    for number in 1..=plan.runs {
        let before = Work::now(Some(served.pid()), None);
        let rate = rate(plan, &served, wrk, None).await?;
        outcome.work.push(Work::now(Some(served.pid()), None).since(before));
        let compressed = self::rate(plan, &served, wrk, Some("Accept-Encoding: gzip")).await?;
        let half = Load { clients: CLIENTS, length: plan.seconds, rate: Some(rate / 2.0), expect: 200 };
        let calm = drive::run(served.address, half, requests("")).await?;
        println!(
            "  run {number}: {rate:.0}/s, {compressed:.0}/s compressed; p99 {:.1} ms at half the rate",
            calm.p99_ms
        );
        outcome.rates.push(rate);
        outcome.compressed.push(compressed);
        outcome.calm.push(calm);
    }
    outcome.memory = machine::memory(served.pid());
    served.stop().await?;
    Ok(outcome)
}

fn requests(header: &str) -> Requests {
    let lines = if header.is_empty() { String::new() } else { format!("{header}\r\n") };
    Arc::new(move |_, _| get("/", &lines))
}

async fn rate(plan: &Plan, served: &Served, wrk: bool, header: Option<&str>) -> Result<f64> {
    if !wrk {
        let load = Load { clients: CLIENTS, length: plan.seconds, rate: None, expect: 200 };
        return Ok(drive::run(served.address, load, requests(header.unwrap_or_default())).await?.rate);
    }
    let mut command = tokio::process::Command::new(Path::new("wrk"));
    command.args(["-t1", "-c16", &format!("-d{}s", plan.seconds.as_secs().max(1))]);
    if let Some(header) = header {
        command.args(["-H", header]);
    }
    let output = command.arg(format!("http://{}/", served.address)).stdin(Stdio::null()).output().await?;
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().find_map(|line| line.strip_prefix("Requests/sec:"));
    anyhow::ensure!(!text.contains("Non-2xx"), "the home page was refused:\n{text}");
    line.and_then(|rate| rate.trim().parse().ok()).with_context(|| format!("wrk told no rate:\n{text}"))
}
