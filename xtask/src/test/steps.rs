//! The steps of the test, in the order they run: what is quick and tells most comes first.

use std::process::Command;

use anyhow::Result;

use super::{Counts, Session, browser, rust, tool, web};
use crate::shell::{self, Log, MINUTE};
use crate::{tidy, ui};

pub struct Step {
    pub name: &'static str,
    pub about: &'static str,
    /// Part of `--quick`.
    pub quick: bool,
    pub run: fn(&mut Session<'_>, &Log) -> Result<Counts>,
}

pub const STEPS: &[Step] = &[
    Step { name: "fmt", about: "the code is formatted", quick: true, run: rust::fmt },
    Step { name: "tidy", about: "the house rules hold", quick: true, run: |_, log| tidy::step(log) },
    Step { name: "typos", about: "words are spelt right", quick: true, run: typos },
    Step { name: "deny", about: "licences, banned crates, sources of dependencies", quick: false, run: deny },
    Step { name: "unused", about: "no dependency without use", quick: false, run: unused },
    Step { name: "ui", about: "types of the islands, and they build", quick: false, run: islands },
    Step { name: "build", about: "everything compiles, and clippy has nothing to say", quick: true, run: rust::build },
    Step { name: "rust", about: "Rust tests, on SQLite and PostgreSQL", quick: true, run: rust::tests },
    Step { name: "doc", about: "examples in the documentation", quick: false, run: rust::doc },
    Step { name: "clients", about: "real clients against a running server", quick: false, run: web::clients },
    Step {
        name: "browser",
        about: "a browser, axe and Lighthouse against the demo city",
        quick: false,
        run: browser::browser,
    },
];

pub fn names() -> Vec<&'static str> {
    STEPS.iter().map(|step| step.name).collect()
}

fn typos(_: &mut Session<'_>, log: &Log) -> Result<Counts> {
    let mut typos = Command::new(tool("typos", log)?);
    shell::check(typos.args(["--format", "brief"]).current_dir(shell::root()), log, 2 * MINUTE)?;
    Ok(Counts::ONE)
}

/// Known vulnerabilities are `cargo xtask advisories`: their database is not in a package registry.
fn deny(_: &mut Session<'_>, log: &Log) -> Result<Counts> {
    let program = tool("cargo-deny", log)?;
    let mut counts = Counts::NONE;
    for check in ["licenses", "bans", "sources"] {
        let mut deny = Command::new(&program);
        deny.args(["--log-level", "warn", "check", "--hide-inclusion-graph", check]).current_dir(shell::root());
        match shell::check(&mut deny, log, 5 * MINUTE) {
            Ok(_) => counts.passed += 1,
            Err(_) => counts.failed += 1,
        }
    }
    Ok(counts)
}

fn unused(_: &mut Session<'_>, log: &Log) -> Result<Counts> {
    let mut shear = Command::new(tool("cargo-shear", log)?);
    shell::check(shear.current_dir(shell::root()), log, 5 * MINUTE)?;
    Ok(Counts::ONE)
}

fn islands(_: &mut Session<'_>, log: &Log) -> Result<Counts> {
    super::need(&[crate::install::NODE], log)?;
    let mut own = log.clone();
    ui::build(false, &mut own)?;
    ui::script("check", log)?;
    Ok(Counts { passed: 2, ..Counts::NONE })
}
