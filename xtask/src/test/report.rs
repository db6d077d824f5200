//! What the developer reads: a line a step while they run, then the failures with what they said, then the sum.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;

use super::count::{self, Counts};
use super::{Missing, Step};

/// How much of a failed step's log is shown; the whole stands in its file.
const SHOWN_LINES_MAX: usize = 150;

pub struct Outcome {
    name: &'static str,
    counts: Counts,
    /// Why it failed or was skipped, one line each.
    remarks: Vec<String>,
    took: Duration,
    log: PathBuf,
}

impl Outcome {
    pub fn new(name: &'static str, result: Result<Counts>, took: Duration, log: &Path, forbid_skips: bool) -> Self {
        let mut remarks = Vec::new();
        let mut counts = result.unwrap_or_else(|error| {
            remarks.push(format!("{error:#}"));
            let skipped = u64::from(error.is::<Missing>());
            Counts { passed: 0, failed: 1 - skipped, skipped }
        });
        let text = fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
        if counts.skipped > 0 {
            let mut reasons: Vec<_> = count::reasons(&text).map(|reason| format!("skipped: {reason}")).collect();
            reasons.sort();
            reasons.dedup();
            remarks.extend(reasons);
            if forbid_skips {
                remarks.push(format!("{} skipped, and skips are forbidden here: they count as failed", counts.skipped));
                counts.failed += counts.skipped;
                counts.skipped = 0;
            }
        }
        Self { name, counts, remarks, took, log: log.to_path_buf() }
    }
}

pub fn starts(step: &Step) {
    println!("── {:<9} {}", step.name, step.about);
}

pub fn ended(outcome: &Outcome) {
    let Counts { passed, failed, skipped } = outcome.counts;
    let word = match (failed, skipped, passed) {
        (1.., _, _) => "FAILED",
        (0, 1.., 0) => "skipped",
        _ => "ok",
    };
    println!("   {word}: {passed} passed, {failed} failed, {skipped} skipped in {:.1} s", outcome.took.as_secs_f64());
    for remark in &outcome.remarks {
        println!("   {}", remark.replace('\n', "\n   "));
    }
}

/// Prints the failures, the table and the line with the sum.
pub fn summary(outcomes: &[Outcome], took: Duration) -> Counts {
    for outcome in outcomes.iter().filter(|outcome| outcome.counts.failed > 0) {
        println!("\n══ {} failed; its log: {}", outcome.name, outcome.log.display());
        print_end(&outcome.log);
    }
    println!("\n{:<10} {:>9} {:>8} {:>8} {:>8}", "step", "seconds", "passed", "failed", "skipped");
    let mut sum = Counts::NONE;
    for outcome in outcomes {
        let Counts { passed, failed, skipped } = outcome.counts;
        let seconds = outcome.took.as_secs_f64();
        println!("{:<10} {seconds:>9.1} {passed:>8} {failed:>8} {skipped:>8}", outcome.name);
        sum += outcome.counts;
    }
    println!("{:<10} {:>9.1}\n", "together", took.as_secs_f64());
    println!("{} passed, {} failed, {} skipped", sum.passed, sum.failed, sum.skipped);
    sum
}

fn print_end(log: &Path) {
    let text = fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let lines: Vec<_> = interesting(&text);
    let hidden = lines.len().saturating_sub(SHOWN_LINES_MAX);
    if hidden > 0 {
        println!("   … {hidden} lines before");
    }
    for line in &lines[hidden..] {
        println!("   {line}");
    }
}

/// The logs of nextest and of node (TAP) hold the output of passed tests too: it says nothing about the failure.
fn interesting(text: &str) -> Vec<&str> {
    let mut passing = false;
    let mut kept = Vec::new();
    for line in text.lines() {
        match line.split_whitespace().next() {
            Some("PASS" | "ok") => passing = true,
            Some("FAIL" | "not" | "SIGABRT" | "SIGSEGV" | "TIMEOUT" | "Summary" | "────────────") =>
            {
                passing = false;
            }
            _ => {}
        }
        if !passing {
            kept.push(line);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passed_is_not_shown_with_the_failures() {
        let text = "building\n  PASS [ 1s] a b\n  stdout\n    fine\n  FAIL [ 1s] a c\n    panicked\n  PASS [ 1s] a d\n Summary [";
        assert_eq!(interesting(text), ["building", "  FAIL [ 1s] a c", "    panicked", " Summary ["]);
        let tap = "TAP version 13\nok 1 - a\n  ---\n# Subtest: b\nnot ok 2 - b\n  error: 'c'\nok 3 - d\n  ---";
        assert_eq!(interesting(tap), ["TAP version 13", "not ok 2 - b", "  error: 'c'"]);
    }
}
