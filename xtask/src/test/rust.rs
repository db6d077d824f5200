//! The steps of Rust code.

use anyhow::{Context, Result, bail};

use super::{Counts, Session, count, need, tool};
use crate::install;
use crate::shell::{self, Log, MINUTE};

pub fn fmt(_: &mut Session<'_>, log: &Log) -> Result<Counts> {
    shell::check(&mut shell::cargo(&["fmt", "--all", "--check"]), log, 5 * MINUTE)?;
    Ok(Counts::ONE)
}

/// Everything at once, so that the binary that the clients and the browser meet, and the examples that clients judge,
/// are built with the same features and nothing is compiled twice. Clippy compiles our own crates: a lint's warning is a
/// failure of its own, and the tests can run all the same.
pub fn build(session: &mut Session<'_>, log: &Log) -> Result<Counts> {
    let mut build = shell::cargo(&["build", "--locked", "--all-targets"]);
    shell::lint(build.args(session.packages()))?;
    let text = shell::check(&mut build, log, 75 * MINUTE)?;
    let warned = text.lines().any(|line| line.starts_with("warning"));
    Ok(if warned { Counts { passed: 1, failed: 1, skipped: 0 } } else { Counts { passed: 2, failed: 0, skipped: 0 } })
}

/// nextest if it can be had, else `cargo test`.
pub fn tests(session: &mut Session<'_>, log: &Log) -> Result<Counts> {
    let installed = shell::which("cargo-nextest").is_some();
    let program = if installed { Ok("cargo-nextest".into()) } else { tool("cargo-nextest", log) };
    let (mut tests, count): (_, fn(&str) -> Option<Counts>) = if let Ok(program) = program {
        let mut nextest = std::process::Command::new(program);
        nextest.args(["nextest", "run", "--locked", "--no-fail-fast", "--no-tests=pass", "--show-progress=none"]);
        nextest.args(["--success-output=immediate", "--failure-output=immediate"]).current_dir(shell::root());
        shell::as_typed(&mut nextest);
        (nextest, count::nextest)
    } else {
        (shell::cargo(&["test", "--locked", "--no-fail-fast", "--lib", "--bins", "--tests"]), count::libtest)
    };
    // Tests of papers ask other programs to read them.
    need(&[install::PDFSIG], log)?;
    let database = session.postgres(log)?;
    shell::lint(tests.args(session.packages()).env("SONGHAN_TEST_POSTGRES", database))?;
    // A snapshot that differs is a failure, never a file written.
    tests.env("INSTA_UPDATE", "no");
    let (status, text) = shell::capture(&mut tests, log, 60 * MINUTE)?;
    judge(status.success(), count(&text)).context("run the Rust tests")
}

pub fn doc(session: &mut Session<'_>, log: &Log) -> Result<Counts> {
    let mut doc = shell::cargo(&["test", "--locked", "--doc", "--no-fail-fast"]);
    shell::lint(doc.args(session.packages()))?;
    let (status, text) = shell::capture(&mut doc, log, 30 * MINUTE)?;
    judge(status.success(), count::libtest(&text)).context("run the examples")
}

/// A runner that failed without a failed test did not get as far as running them.
pub fn judge(success: bool, counts: Option<Counts>) -> Result<Counts> {
    match counts {
        Some(counts) if success || counts.failed > 0 => Ok(counts),
        Some(counts) if counts.total() == 0 => bail!("the runner failed before its first test"),
        Some(_) => bail!("the runner failed, though no test of it did"),
        None if success => bail!("the runner ended without a summary that could be read"),
        None => bail!("the runner failed before its summary"),
    }
}
