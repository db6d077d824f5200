//! The load benchmark: submissions a second beside their bare statements, pages in a city of a hundred thousand
//! dossiers, home pages a second, start and memory; on both engines, in one run on one machine.
//!
//! `cargo xtask bench load` runs it with a PostgreSQL of its own and writes `bench/RESULTS.md` and `results.json`. How
//! each figure is taken stands in bench/README.md.

mod capture;
mod drive;
mod http;
mod machine;
mod measures;
mod people;
mod place;
mod replay;
mod report;
mod seed;
mod served;
mod stalls;

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::{Parser, ValueEnum};
use songhan_db::{Db, Migration};

use crate::machine::{Awake, Machine};
use crate::measures::{Plan, home, pages, start, submissions};
use crate::people::Keys;
use crate::place::{Engine, Place, modules, tidy_up};
use crate::report::{Figures, OfEngine};
use crate::stalls::Watchers;

#[derive(Parser)]
struct Options {
    /// The release binary
    #[arg(long, env = "SONGHAN_BIN")]
    program: PathBuf,
    /// A PostgreSQL server on which databases may be made: `postgres://USER@HOST/NAME`
    #[arg(long, env = "SONGHAN_TEST_POSTGRES")]
    postgres: Option<String>,
    /// How often each side is measured; the median counts
    #[arg(long, env = "SONGHAN_BENCH_RUNS", default_value_t = 5)]
    runs: usize,
    /// Seconds of each measurement
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Simulated dossiers
    #[arg(long, default_value_t = 100_000)]
    dossiers: usize,
    /// One engine only; nothing is written to bench/ then
    #[arg(long)]
    engine: Option<Only>,
    /// These measurements only; nothing is written to bench/ then
    #[arg(long, value_enum, num_args = 1.., value_delimiter = ',')]
    only: Vec<What>,
    /// Where databases lie while measuring; on a real disk
    #[arg(long)]
    work: Option<PathBuf>,
    /// Take the dossiers that an earlier run has left in `--work`
    #[arg(long)]
    reuse: bool,
    /// Where results are written
    #[arg(long, default_value = "bench")]
    out: PathBuf,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Only {
    Sqlite,
    Postgres,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    Start,
    Pages,
    Home,
    Submissions,
}

impl Options {
    fn wants(&self, what: What) -> bool {
        self.only.is_empty() || self.only.contains(&what)
    }

    fn is_whole(&self) -> bool {
        self.only.is_empty() && self.engine.is_none()
    }
}

fn main() -> ExitCode {
    if std::env::args().nth(1).is_some_and(|first| first == stalls::WATCH) {
        stalls::watch();
        return ExitCode::SUCCESS;
    }
    // Modules make HTTP clients; failing means that someone chose before, which cannot be.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let options = Options::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let outcome = runtime.map_err(anyhow::Error::from).and_then(|runtime| runtime.block_on(run(&options)));
    match outcome {
        Ok(figures) if figures.missed().is_empty() => ExitCode::SUCCESS,
        Ok(figures) => {
            println!("below the goal:\n  {}", figures.missed().join("\n  "));
            ExitCode::FAILURE
        }
        Err(error) => {
            println!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: &Options) -> Result<Figures> {
    ensure!(options.program.is_file(), "build the release binary first: {} is missing", options.program.display());
    let work = options.work.clone().unwrap_or_else(|| {
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from).join("bench-load")
    });
    fs::create_dir_all(&work).with_context(|| format!("make {}", work.display()))?;
    let seconds = Duration::from_secs(options.seconds.max(1));
    let plan =
        Plan { program: options.program.clone(), work, runs: options.runs.max(1), seconds, dossiers: options.dossiers };
    let mut figures = Figures::new(Machine::read(), &plan);

    println!("{} dossiers on SQLite", plan.dossiers);
    let (seeded, keys) = seeded(&plan, options.reuse).await?;
    if options.engine != Some(Only::Postgres) {
        let place = seeded.copy(&plan.work, "sqlite").await?;
        figures.engines.push(engine(&plan, options, Engine::Sqlite, &place, &keys, None).await?);
    }
    if options.engine != Some(Only::Sqlite) {
        let server = options.postgres.as_deref().context("name a PostgreSQL server: SONGHAN_TEST_POSTGRES")?;
        println!("the same rows on PostgreSQL, from a copy made by the product's own backup");
        let place = restored(&plan, &seeded, server).await?;
        figures.engines.push(engine(&plan, options, Engine::Postgres, &place, &keys, Some(server)).await?);
    }
    figures.end();
    if options.is_whole() {
        figures.write(&options.out)?;
    } else {
        println!("{}", figures.markdown());
    }
    Ok(figures)
}

/// The city with its dossiers, on SQLite.
async fn seeded(plan: &Plan, reuse: bool) -> Result<(Place, Keys)> {
    let kept = plan.work.join("keys.json");
    if reuse && kept.exists() {
        let keys = serde_json::from_str(&fs::read_to_string(&kept)?)?;
        return Ok((Place { data: plan.work.join("seeded"), url: None }, keys));
    }
    let place = Place::make(&plan.work, "seeded", None).await?;
    let app = place.system().await?.app;
    let people = people::create(&app).await?;
    seed::fill(&app, plan.dossiers).await?;
    let mut keys = people::open_sessions(&app, &people).await?;
    seed::draw(&app, &people, &mut keys).await?;
    tidy_up(&app).await?;
    app.db.close().await;
    fs::write(kept, serde_json::to_string(&keys)?)?;
    Ok((place, keys))
}

/// The same rows in a database of PostgreSQL.
async fn restored(plan: &Plan, seeded: &Place, server: &str) -> Result<Place> {
    let place = Place::make(&plan.work, "postgres", Some(server)).await?;
    let file = plan.work.join("copy.jsonl");
    let source = seeded.open().await?;
    songhan_db::dump(&source, &mut std::io::BufWriter::new(fs::File::create(&file)?)).await?;
    source.close().await;
    let migrations: Vec<Migration> = modules().iter().flat_map(|module| module.migrations.iter().copied()).collect();
    let db: Db = place.open().await?;
    let mut copy = std::io::BufReader::new(fs::File::open(&file)?);
    let rows = songhan_db::restore(&db, &songhan_base::Env::real(), &migrations, &mut copy).await?;
    db.close().await;
    fs::remove_file(file)?;
    let app = place.system().await?.app;
    tidy_up(&app).await?;
    app.db.close().await;
    println!("  {rows} rows");
    Ok(place)
}

/// Everything that is measured on one engine. Reading comes before writing, so that it meets exactly these dossiers.
async fn engine(
    plan: &Plan,
    options: &Options,
    engine: Engine,
    place: &Place,
    keys: &Keys,
    server: Option<&str>,
) -> Result<OfEngine> {
    let mut of = OfEngine::new(engine.name());
    let _awake = Awake::keep();
    let _watchers = Watchers::start();
    let db = place.open().await?;
    of.database_mib = place.size_mib(&db).await?;
    of.database = version(&db).await?;
    db.close().await;
    if options.wants(What::Start) {
        println!("{}: start", engine.name());
        of.start = Some(start::measure(plan, place, server).await?);
    }
    if options.wants(What::Home) {
        println!("{}: home page", engine.name());
        of.home = Some(home::measure(plan, place).await?);
    }
    if options.wants(What::Pages) {
        println!("{}: pages", engine.name());
        of.pages = Some(pages::measure(plan, place, keys).await?);
    }
    if options.wants(What::Submissions) {
        println!("{}: submissions", engine.name());
        of.submissions = Some(submissions::measure(plan, place, keys).await?);
    }
    Ok(of)
}

async fn version(db: &Db) -> Result<String> {
    let sql = if db.is_postgres() { "SELECT current_setting('server_version')" } else { "SELECT sqlite_version()" };
    Ok(songhan_db::query(sql).fetch_one::<(String,)>(db).await?.0)
}
