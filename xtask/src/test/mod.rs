//! `cargo xtask test`: every check, one after another, all of them even if one fails; at the end what each took and
//! counted, what failed and what it said, and one line with the sum.

mod browser;
mod count;
mod report;
mod rust;
mod server;
mod steps;
mod web;

use std::env;
use std::fs;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::postgres::{self, Cluster};
use crate::shell::{self, Log};
use crate::{install, tools};
pub use count::Counts;
use steps::{STEPS, Step};

#[derive(Args)]
pub struct Options {
    /// The inner loop: format, house rules, spelling, lints and the Rust tests
    #[arg(long)]
    quick: bool,
    /// Only this step (may be given again)
    #[arg(long, value_name = "STEP", value_parser = steps::names())]
    only: Vec<String>,
    /// Only this package, for the steps of Rust code (may be given again)
    #[arg(long, short, value_name = "CRATE")]
    package: Vec<String>,
    /// Show what the steps print while they run
    #[arg(long, short)]
    verbose: bool,
}

impl Options {
    fn wants(&self, step: &Step) -> bool {
        if self.only.is_empty() { step.quick || !self.quick } else { self.only.iter().any(|name| name == step.name) }
    }
}

/// What the steps share and start only when one needs it.
pub struct Session<'a> {
    options: &'a Options,
    cluster: Option<Cluster>,
}

/// A step could not look at all: it counts as one skip, or as one failure where skips are forbidden.
#[derive(Debug)]
pub struct Missing(pub String);

impl std::fmt::Display for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Missing {}

impl Session<'_> {
    /// `--package` for cargo, or everything.
    fn packages(&self) -> Vec<String> {
        if self.options.package.is_empty() {
            return vec!["--workspace".into()];
        }
        self.options.package.iter().map(|name| format!("--package={name}")).collect()
    }

    /// The database address of the test cluster, started at the first call.
    fn postgres(&mut self, log: &Log) -> Result<String> {
        if self.cluster.is_none() {
            need(&[install::POSTGRESQL], log)?;
            self.cluster = Some(postgres::start(log, &[])?);
        }
        self.cluster.as_ref().map(|cluster| cluster.url.clone()).context("start PostgreSQL")
    }
}

/// Installs what a step needs, or says that it is missing.
fn need(needs: &[install::Need], log: &Log) -> Result<()> {
    install::ensure(needs, log).map_err(|error| Missing(format!("{error:#}")).into())
}

/// The Rust tools, or that they can't be had.
fn tool(name: &str, log: &Log) -> Result<std::path::PathBuf> {
    let folder = tools::rust(log).map_err(|error| Missing(format!("{error:#}")))?;
    Ok(folder.join(name))
}

pub fn test(options: &Options) -> Result<()> {
    let forbid_skips = env::var("SONGHAN_FORBID_SKIPS").is_ok_and(|value| value == "1");
    let logs = shell::target().join("xtask/logs");
    fs::create_dir_all(&logs).with_context(|| format!("create {}", logs.display()))?;
    let mut session = Session { options, cluster: None };
    let start = Instant::now();
    let mut results = Vec::new();
    for step in STEPS.iter().filter(|step| options.wants(step)) {
        let log = Log::file(logs.join(format!("{}.log", step.name)), options.verbose)?;
        report::starts(step);
        let begin = Instant::now();
        let outcome = (step.run)(&mut session, &log);
        let result = report::Outcome::new(step.name, outcome, begin.elapsed(), log.path(), forbid_skips);
        report::ended(&result);
        results.push(result);
    }
    drop(session);
    let sum = report::summary(&results, start.elapsed());
    if sum.failed > 0 {
        bail!("{} failed", sum.failed);
    }
    Ok(())
}
