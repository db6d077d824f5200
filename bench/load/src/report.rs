//! What came out: Markdown for people, JSON for programs, and what is below its goal.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Serialize;
use songhan_base::Env;

use crate::drive::Spread;
use crate::machine::{Cores, Machine, Memory, load_average};
use crate::measures::{Plan, Work, home, pages, start, submissions};

const RATIO_MIN: f64 = 0.5;
const P99_MS_MAX: f64 = 20.0;
/// In a city of a million dossiers.
const P99_MS_MAX_MILLION: f64 = 30.0;
const HOME_MIN: f64 = 5_000.0;
const START_SECONDS_MAX: f64 = 1.0;
const ANONYMOUS_MIB_MAX: f64 = 200.0;

/// Everything of one run of the benchmark.
#[derive(Debug, Serialize)]
pub struct Figures {
    pub began_at: String,
    pub machine: Machine,
    pub runs: usize,
    pub seconds: u64,
    pub dossiers: usize,
    /// Load average before the first measurement: above 0.5 others worked beside us.
    pub load_before: f64,
    /// Of the processor time wanted during the run, what the host gave to other virtual machines. Tails of latency are
    /// the host's, not ours, where this is more than a few percent.
    pub stolen_percent: f64,
    #[serde(skip)]
    before: Cores,
    pub engines: Vec<OfEngine>,
}

/// What was measured on one engine.
#[derive(Debug, Serialize)]
pub struct OfEngine {
    pub name: &'static str,
    /// The engine's version.
    pub database: String,
    pub database_mib: f64,
    pub start: Option<start::Outcome>,
    pub home: Option<home::Outcome>,
    pub pages: Option<(Vec<pages::Outcome>, Memory)>,
    pub submissions: Option<submissions::Outcome>,
}

impl OfEngine {
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            database: String::new(),
            database_mib: 0.0,
            start: None,
            home: None,
            pages: None,
            submissions: None,
        }
    }

    /// The most anonymous memory after any of the loads.
    fn anonymous_mib(&self) -> Option<f64> {
        let home = self.home.as_ref().map(|home| home.memory);
        let pages = self.pages.as_ref().map(|(_, memory)| *memory);
        let submissions = self.submissions.as_ref().map(|submissions| submissions.memory);
        [home, pages, submissions].into_iter().flatten().map(|memory| memory.anonymous_mib).reduce(f64::max)
    }
}

/// A line of the summary: what, the goal, what came out, whether that is enough.
struct Line {
    what: String,
    goal: String,
    got: String,
    enough: bool,
}

impl Figures {
    pub fn new(machine: Machine, plan: &Plan) -> Self {
        Self {
            began_at: Env::real().now().strftime("%Y-%m-%d %H:%M UTC").to_string(),
            machine,
            runs: plan.runs,
            seconds: plan.seconds.as_secs(),
            dossiers: plan.dossiers,
            load_before: load_average(),
            stolen_percent: 0.0,
            before: Cores::now(),
            engines: Vec::new(),
        }
    }

    /// The measurements are over.
    pub fn end(&mut self) {
        self.stolen_percent = Cores::now().stolen_percent(self.before);
    }

    /// Writes `RESULTS.md` and `results.json`.
    pub fn write(&self, folder: &Path) -> Result<()> {
        let json = serde_json::to_string_pretty(self)?;
        for (name, text) in [("RESULTS.md", self.markdown()), ("results.json", json + "\n")] {
            let path = folder.join(name);
            fs::write(&path, text).with_context(|| format!("write {}", path.display()))?;
            println!("written: {}", path.display());
        }
        Ok(())
    }

    /// The goals that were missed.
    pub fn missed(&self) -> Vec<String> {
        let lines = self
            .engines
            .iter()
            .flat_map(|engine| summary(engine, self.dossiers).into_iter().map(|line| (engine.name, line)));
        lines
            .filter(|(_, line)| !line.enough)
            .map(|(engine, line)| format!("{engine}: {} is {}, the goal {}", line.what, line.got, line.goal))
            .collect()
    }

    pub fn markdown(&self) -> String {
        let Machine { processor, cores, memory_mib, kernel, commit } = &self.machine;
        let mut text = String::from("# Load: what the release binary does\n\n");
        let _ = write!(
            text,
            "Written by `cargo xtask bench load`; bench/README.md says how each figure is taken. {}, commit `{commit}`; \
             {processor}, {cores} cores shared by server, database and clients, {memory_mib} MiB, Linux {kernel}; load \
             average before the first measurement {:.2}; the cores were kept awake, and the host gave {:.0} % of the \
             processor time wanted meanwhile to other machines. {} interleaved runs of {} s: the median, and in brackets the \
             least and the most. {} simulated dossiers.\n\n## Goals\n\n",
            self.began_at, self.load_before, self.stolen_percent, self.runs, self.seconds, self.dossiers
        );
        text.push_str("| engine | what | goal | measured | |\n|---|---|---|---|---|\n");
        for engine in &self.engines {
            for Line { what, goal, got, enough } in summary(engine, self.dossiers) {
                let _ = writeln!(
                    text,
                    "| {} | {what} | {goal} | {got} | {} |",
                    engine.name,
                    if enough { "✓" } else { "**missed**" }
                );
            }
        }
        for engine in &self.engines {
            let _ = write!(text, "\n## {} {} ({:.0} MiB of rows)\n", engine.name, engine.database, engine.database_mib);
            if let Some(outcome) = &engine.submissions {
                text.push_str(&submissions_table(outcome));
            }
            if let Some((outcomes, _)) = &engine.pages {
                text.push_str(&pages_table(outcomes));
            }
            if let Some(outcome) = &engine.home {
                text.push_str(&home_lines(outcome));
            }
            text.push_str(&memory_lines(engine));
        }
        text
    }
}

fn shown(spread: Spread, digits: usize, unit: &str) -> String {
    let Spread { median, least, most } = spread;
    format!("{median:.digits$}{unit} ({least:.digits$} – {most:.digits$})")
}

fn over<T>(runs: &[T], of: impl Fn(&T) -> f64) -> Spread {
    Spread::of(runs.iter().map(of))
}

fn summary(engine: &OfEngine, dossiers: usize) -> Vec<Line> {
    let p99_ms_max = if dossiers < 1_000_000 { P99_MS_MAX } else { P99_MS_MAX_MILLION };
    let mut lines = Vec::new();
    let mut line = |what: String, goal: String, got: String, enough| lines.push(Line { what, goal, got, enough });
    if let Some(outcome) = &engine.submissions {
        let ratio = over(&outcome.runs, |run| run.ratio);
        let what = "submissions beside the same statements run directly".to_owned();
        line(what, format!("≥ {RATIO_MIN}"), shown(ratio, 2, ""), ratio.median >= RATIO_MIN);
    }
    for outcome in engine.pages.iter().flat_map(|(outcomes, _)| outcomes) {
        let p99 = outcome.p99();
        line(
            format!("{}, p99", outcome.name),
            format!("< {p99_ms_max} ms"),
            shown(p99, 1, " ms"),
            p99.median < p99_ms_max,
        );
    }
    if let Some(outcome) = &engine.home {
        let rate = outcome.rate();
        line("home pages a second".into(), format!("≥ {HOME_MIN}"), shown(rate, 0, ""), rate.median >= HOME_MIN);
    }
    if let Some(outcome) = &engine.start {
        let worst = outcome.worst();
        let goal = format!("< {START_SECONDS_MAX} s");
        line("start to first page".into(), goal, shown(worst, 2, " s"), worst.median < START_SECONDS_MAX);
    }
    if let Some(mib) = engine.anonymous_mib() {
        let goal = format!("< {ANONYMOUS_MIB_MAX} MiB");
        line("anonymous memory after the load".into(), goal, format!("{mib:.0} MiB"), mib < ANONYMOUS_MIB_MAX);
    }
    lines
}

fn submissions_table(outcome: &submissions::Outcome) -> String {
    let runs = &outcome.runs;
    let cost = |work: &Work, count: usize| {
        let each = |seconds: f64| seconds * 1e6 / count.max(1) as f64;
        (each(work.server), each(work.database), each(work.client))
    };
    let mut text = format!(
        "\n### Submissions: 64 at once over 90 units ({} statements each)\n\n| | a second | p50 | p99 at full speed | \
         processor time of one: server | database | client |\n|---|---|---|---|---|---|---|\n",
        outcome.statements
    );
    let micros = |of: &dyn Fn(&submissions::Run) -> f64| shown(over(runs, of), 0, " µs");
    let _ = writeln!(
        text,
        "| through the server | {} | {} | {} | {} | {} | {} |",
        shown(over(runs, |run| run.server.rate), 0, ""),
        shown(over(runs, |run| run.server.p50_ms), 1, " ms"),
        shown(over(runs, |run| run.server.p99_ms), 1, " ms"),
        micros(&|run| cost(&run.server_work, run.server.answered).0),
        micros(&|run| cost(&run.server_work, run.server.answered).1),
        micros(&|run| cost(&run.server_work, run.server.answered).2),
    );
    let _ = writeln!(
        text,
        "| the statements alone | {} | {} | {} | – | {} | {} |",
        shown(over(runs, |run| run.direct.rate), 0, ""),
        shown(over(runs, |run| run.direct.p50_ms), 1, " ms"),
        shown(over(runs, |run| run.direct.p99_ms), 1, " ms"),
        micros(&|run| cost(&run.direct_work, run.direct.answered).1),
        micros(&|run| cost(&run.direct_work, run.direct.answered).2),
    );
    let _ = writeln!(
        text,
        "\nWith 16 clients at half the server's rate: p50 {}, p99 {}. Notices of a run were all written {} after its end. \
         {} dossiers were acknowledged, {} found.",
        shown(over(runs, |run| run.calm.p50_ms), 1, " ms"),
        shown(over(runs, |run| run.calm.p99_ms), 1, " ms"),
        shown(over(runs, |run| run.backlog_seconds), 1, " s"),
        outcome.acknowledged,
        outcome.found
    );
    text
}

fn pages_table(outcomes: &[pages::Outcome]) -> String {
    let mut text = String::from(
        "\n### Pages: 16 clients\n\n| page | KiB | a second at most | processor time of one: server | database | p50 at half \
         | p99 at half | taken by the host then | a core stood still | read from the disk then | windows thrown away \
         |\n|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for outcome in outcomes {
        let runs = &outcome.runs;
        let each = |of: fn(&Work) -> f64| over(runs, |run| of(&run.work) * 1e6 / run.full.answered.max(1) as f64);
        let _ = writeln!(
            text,
            "| {} | {:.0} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            outcome.name,
            outcome.kib,
            shown(over(runs, |run| run.full.rate), 0, ""),
            shown(each(|work| work.server), 0, " µs"),
            shown(each(|work| work.database), 0, " µs"),
            shown(over(runs, |run| run.calm.sample.p50_ms), 1, " ms"),
            shown(outcome.p99(), 1, " ms"),
            shown(over(runs, |run| run.calm.stolen_percent), 1, " %"),
            shown(over(runs, |run| run.calm.stalled_percent), 2, " %"),
            shown(over(runs, |run| run.calm.read_mib), 1, " MiB"),
            runs.iter().map(|run| run.calm.thrown_away).sum::<usize>(),
        );
    }
    text
}

fn home_lines(outcome: &home::Outcome) -> String {
    format!(
        "\n### Home page\n\nBy `{}`: {} a second, {} compressed (gzip). At half the rate p99 {}.\n",
        outcome.by,
        shown(outcome.rate(), 0, ""),
        shown(Spread::of(outcome.compressed.iter().copied()), 0, ""),
        shown(over(&outcome.calm, |sample| sample.p99_ms), 1, " ms"),
    )
}

fn memory_lines(engine: &OfEngine) -> String {
    let mut text = String::from("\n### Start and memory\n\n");
    if let Some(start) = &engine.start {
        let _ = writeln!(
            text,
            "Start to first page: {} with an empty data folder and database, {} with all rows. Anonymous memory then: {}.",
            shown(Spread::of(start.empty.iter().copied()), 2, " s"),
            shown(Spread::of(start.full.iter().copied()), 2, " s"),
            shown(Spread::of(start.anonymous_mib.iter().copied()), 0, " MiB"),
        );
    }
    let after = [
        ("home pages", engine.home.as_ref().map(|home| home.memory)),
        ("pages", engine.pages.as_ref().map(|(_, memory)| *memory)),
        ("submissions", engine.submissions.as_ref().map(|submissions| submissions.memory)),
    ];
    for (what, memory) in after.into_iter().filter_map(|(what, memory)| Some((what, memory?))) {
        let Memory { anonymous_mib, file_mib, peak_mib } = memory;
        let _ = writeln!(
            text,
            "\nAfter the {what}: {anonymous_mib:.0} MiB anonymous, {file_mib:.0} MiB of files (SQLite's mapped pages among \
             them), {peak_mib:.0} MiB at the most."
        );
    }
    text
}
