//! `cargo xtask bench`: the measurements in bench/, each a program that prints its figures and the command to repeat
//! them. The release binary and a PostgreSQL of its own are made ready; the machine is written above the figures.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::install;
use crate::postgres;
use crate::run;
use crate::shell::{self, Log};

#[derive(Args)]
pub struct Options {
    /// Only measurements whose name begins so
    names: Vec<String>,
    /// How often each side is measured; the median counts
    #[arg(long, default_value_t = 5)]
    runs: u32,
    /// Arguments for the measurements, after `--`
    #[arg(last = true)]
    rest: Vec<String>,
}

pub fn bench(options: &Options) -> Result<()> {
    let chosen: Vec<_> = programs()?.into_iter().filter(|(name, _)| options.chooses(name)).collect();
    if chosen.is_empty() {
        bail!("no measurement in bench/ has such a name");
    }
    let logs = shell::target().join("xtask/logs");
    fs::create_dir_all(&logs)?;
    let log = Log::file(logs.join("bench.log"), false)?;
    let program = run::release()?;
    install::ensure(&[install::POSTGRESQL], &log)?;
    println!("{}", machine());
    let mut failed = Vec::new();
    for (name, path) in chosen {
        println!("\n── {name}");
        // A new cluster for each: what one left behind must not slow the next.
        let cluster = postgres::start(&log, &[shared_buffers()])?;
        let mut command = command(&path)?;
        command.args(&options.rest).current_dir(shell::root()).env("SONGHAN_BIN", &program);
        command.env("SONGHAN_TEST_POSTGRES", &cluster.url).env("SONGHAN_BENCH_RUNS", options.runs.to_string());
        if !command.status().with_context(|| format!("start {}", path.display()))?.success() {
            failed.push(name);
        }
    }
    if !failed.is_empty() {
        bail!("failed or below the goal: {}", failed.join(", "));
    }
    Ok(())
}

impl Options {
    fn chooses(&self, name: &str) -> bool {
        self.names.is_empty() || self.names.iter().any(|wanted| name.starts_with(wanted.as_str()))
    }
}

/// A measurement is `bench/NAME.{sh,py,mjs}` or a crate `bench/NAME` whose binary is built in release.
fn programs() -> Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    for entry in shell::root().join("bench").read_dir().context("read bench/")? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let script =
            path.extension().is_some_and(|extension| ["sh", "py", "mjs"].iter().any(|known| extension == *known));
        if script || path.join("Cargo.toml").exists() {
            found.push((name, path));
        }
    }
    found.sort();
    Ok(found)
}

fn command(path: &Path) -> Result<Command> {
    let interpreter = match path.extension().and_then(|extension| extension.to_str()) {
        Some("sh") => "bash",
        Some("py") => "python3",
        Some("mjs") => "node",
        _ => return built(path),
    };
    let mut command = Command::new(interpreter);
    command.arg(path);
    Ok(command)
}

/// A crate's program. It is built together with the binary: alone it would ask for fewer features of what both need,
/// and half of the dependencies would be built a second time.
fn built(path: &Path) -> Result<Command> {
    let name = format!("songhan-{}", path.file_name().unwrap_or_default().to_string_lossy());
    let mut build = shell::cargo(&["build", "--release", "--locked", "--package", "songhan", "--package", &name]);
    if !build.status().context("start cargo")?.success() {
        bail!("{name} was not built");
    }
    Ok(Command::new(shell::target().join("release").join(name)))
}

/// A quarter of the memory, as PostgreSQL's manual advises for a server of its own (§20.4.1).
fn shared_buffers() -> String {
    let kib = field("/proc/meminfo", "MemTotal").split(' ').next().and_then(|kib| kib.parse::<u64>().ok());
    format!("shared_buffers={}MB", kib.unwrap_or(1 << 20) / 4 / 1024)
}

fn field(path: &str, name: &str) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
    line.split_once(':').map_or_else(String::new, |(_, value)| value.trim().to_owned())
}

/// One line: processor, cores, memory, kernel, commit.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let commit = Command::new("git").args(["describe", "--always", "--dirty"]).current_dir(shell::root()).output();
    let commit = commit.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default();
    format!(
        "machine: {}, {cores} cores, {} memory, Linux {}, commit {commit}",
        field("/proc/cpuinfo", "model name"),
        field("/proc/meminfo", "MemTotal"),
        kernel.trim(),
    )
}
