//! The house rules as code. Each rule says what it wants, looks at every file once and complains with file and line.

mod files;
mod manifests;
mod rules;
mod source;

use anyhow::{Result, bail};

use crate::edges;
use crate::shell;
use crate::test::Counts;
pub use files::File;

/// A rule and what it found.
pub struct Verdict {
    pub rule: &'static str,
    pub complaints: Vec<String>,
}

pub fn verdicts() -> Result<Vec<Verdict>> {
    let files = files::all(&shell::root())?;
    let mut verdicts = Vec::new();
    for (rule, check) in rules::RULES {
        let complaints = files.iter().flat_map(check).collect();
        verdicts.push(Verdict { rule, complaints });
    }
    verdicts.push(Verdict { rule: "imports go down only", complaints: edges::check(&edges::imports()?) });
    verdicts.push(Verdict { rule: "ARCHITECTURE.md shows the table of imports", complaints: architecture(&files) });
    Ok(verdicts)
}

const TABLE_START: &str = "<!-- edges: printed by `cargo xtask tidy --print-edges` -->";
const TABLE_END: &str = "<!-- /edges -->";

fn architecture(files: &[File]) -> Vec<String> {
    let Some(file) = files.iter().find(|file| file.path == "ARCHITECTURE.md") else {
        return vec!["ARCHITECTURE.md is missing".into()];
    };
    let table = file.text.split_once(TABLE_START).and_then(|(_, rest)| rest.split_once(TABLE_END));
    match table {
        None => vec![format!("ARCHITECTURE.md has no table between `{TABLE_START}` and `{TABLE_END}`")],
        Some((table, _)) if table.trim() == edges::markdown().trim() => Vec::new(),
        Some(_) => vec!["ARCHITECTURE.md: the table is stale; paste what cargo xtask tidy --print-edges prints".into()],
    }
}

/// All rules, as one step of the test: each rule counts once.
pub fn step(log: &shell::Log) -> Result<Counts> {
    let mut counts = Counts::default();
    for verdict in verdicts()? {
        if verdict.complaints.is_empty() {
            counts.passed += 1;
            continue;
        }
        counts.failed += 1;
        log.line(&format!("refused: {}", verdict.rule));
        for complaint in verdict.complaints {
            log.line(&format!("  {complaint}"));
        }
    }
    Ok(counts)
}

pub fn command() -> Result<()> {
    let counts = step(&shell::Log::terminal())?;
    if counts.failed > 0 {
        bail!("{} of {} rules are broken", counts.failed, counts.failed + counts.passed);
    }
    println!("{} rules hold", counts.passed);
    Ok(())
}
