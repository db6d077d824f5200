//! A city as its operator runs it: the real program, on a data folder and a database of its own.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use songhan_base::Env;
use songhan_db::Db;
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::web::Web;

pub const ACCOUNT: &str = "1017595600";
pub const BANK_SECRET: &str = "a bank secret for tests";
pub const GATEWAY_SECRET: &str = "a gateway secret for tests";
pub const TMN_CODE: &str = "SONGHAN1";

/// Accounts are made by the hundred from one address here; a job of a dead process waits for seconds, not minutes.
const CONFIG: &str = r#"
[vietqr]
bin = "970436"
number = "1017595600"
name = "KHO BAC NHA NUOC DA NANG"
bank = "Vietcombank"
[bank]
secret = "a bank secret for tests"
[vnpay]
url = "https://gateway.test/pay"
tmn_code = "SONGHAN1"
secret = "a gateway secret for tests"
[identity]
sign_ins_per_minute = 10000
accounts_per_hour = 10000
[worker]
lease_s = 15
"#;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// Data folder, configuration and database of one city.
pub struct Site {
    folder: TempDir,
    pub data: PathBuf,
    /// Name and address of a database of PostgreSQL.
    postgres: Option<(String, String)>,
    pub city: Option<PathBuf>,
    runs: AtomicU32,
}

impl Site {
    /// A new city; `None`, told and counted, when there is no PostgreSQL.
    pub async fn new(engine: Engine) -> Option<Self> {
        let postgres = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(new_database().await?),
        };
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("songhan.toml"), CONFIG).expect("the configuration");
        let data = folder.path().join("data");
        Some(Self { folder, data, postgres, city: None, runs: AtomicU32::new(0) })
    }

    /// A place beside the data folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program with the flags of this city.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = program();
        command.args(words).arg("--config").arg(self.path("songhan.toml")).arg("--data").arg(&self.data);
        if let Some((_, url)) = &self.postgres {
            command.args(["--database", url]);
        }
        if let Some(city) = &self.city {
            command.arg("--city").arg(city);
        }
        command
    }

    /// Runs a command to its end.
    pub async fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().await.expect("the program runs")
    }

    /// A token for an office, by the command line.
    pub async fn token(&self, role: &str, unit: Option<&str>) -> String {
        let mut words = vec!["token", "create", "--role", role];
        words.extend(unit.map(|unit| ["--unit", unit]).into_iter().flatten());
        let output = self.run(&words).await;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).expect("text");
        text.lines().last().expect("a last line").to_owned()
    }

    /// Serves the city on a free port, and waits until it answers.
    pub async fn serve(&self) -> Serving {
        let log = self.path(&format!("serve-{}.log", self.runs.fetch_add(1, Ordering::Relaxed)));
        let file = File::create(&log).expect("a log");
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0"]);
        let child = command.stdout(Stdio::null()).stderr(file).kill_on_drop(true).spawn().expect("the program starts");
        let mut serving = Serving { child, url: String::new(), log };
        let began = Instant::now();
        while serving.url.is_empty() {
            serving.url = serving.address().unwrap_or_default();
            let ended = serving.child.try_wait().expect("a child");
            assert!(ended.is_none() && began.elapsed() < Duration::from_secs(60), "{}", serving.log());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let healthy = Web::at(&serving.url).get("/healthz", None).await;
        assert_eq!(healthy.status, 200, "{}", serving.log());
        serving
    }

    /// The database, as another process sees it.
    pub async fn db(&self) -> Db {
        Db::open(&self.database_url()).await.expect("the database")
    }

    pub fn database_url(&self) -> String {
        let file = || format!("sqlite:{}", self.data.join("songhan.db").display());
        self.postgres.as_ref().map_or_else(file, |(_, url)| url.clone())
    }

    /// What the servers have logged as an error so far.
    pub fn errors(&self) -> Vec<String> {
        let logs = (0..self.runs.load(Ordering::Relaxed)).map(|n| self.path(&format!("serve-{n}.log")));
        let texts = logs.map(|path| std::fs::read_to_string(path).unwrap_or_default());
        let lines: Vec<String> = texts.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).collect();
        lines.into_iter().filter(|line| line.contains("\"ERROR\"") || line.contains("panicked")).collect()
    }

    /// Takes the database away. A failed test leaves it for a look.
    pub async fn close(self) {
        if let Some((name, _)) = &self.postgres {
            let admin = Db::postgres(&postgres_url().expect("a server"), None, 1).await.expect("the server");
            admin.script(&format!("DROP DATABASE {name} WITH (FORCE)")).await.expect("the database is dropped");
            admin.close().await;
        }
    }
}

fn postgres_url() -> Option<String> {
    std::env::var("SONGHAN_TEST_POSTGRES").ok()
}

async fn new_database() -> Option<(String, String)> {
    let Some(url) = postgres_url() else {
        println!("SKIPPED: no PostgreSQL; set SONGHAN_TEST_POSTGRES to postgres://USER@HOST/NAME");
        return None;
    };
    let name = format!("songhan_{}", Env::real().id().to_string().replace('-', ""));
    let admin = Db::postgres(&url, None, 1).await.expect("SONGHAN_TEST_POSTGRES can be reached");
    admin.script(&format!("CREATE DATABASE {name} TEMPLATE template0")).await.expect("a database for the test");
    admin.close().await;
    let (address, query) = url.split_once('?').map_or((url.as_str(), ""), |(address, query)| (address, query));
    let (server, _) = address.rsplit_once('/').expect("postgres://USER@HOST/NAME");
    let mark = if query.is_empty() { "" } else { "?" };
    Some((name.clone(), format!("{server}/{name}{mark}{query}")))
}

/// The program itself, without what the environment says of this or another city.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_songhan"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SONGHAN_")) {
        command.env_remove(name);
    }
    command.env_remove("RUST_LOG").stdin(Stdio::null());
    command
}

/// A running server.
pub struct Serving {
    child: Child,
    pub url: String,
    log: PathBuf,
}

impl Serving {
    /// The address that it has printed.
    fn address(&self) -> Option<String> {
        let text = self.log();
        let line = text.lines().find(|line| !line.starts_with('{') && line.contains(" · http://"))?;
        line.rsplit_once(" · ").map(|(_, url)| url.to_owned())
    }

    pub fn log_path(&self) -> PathBuf {
        self.log.clone()
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// `kill -9`.
    pub async fn kill(mut self) {
        self.child.kill().await.expect("it was running");
    }

    /// Whether it still runs.
    pub fn is_alive(&mut self) -> bool {
        self.child.try_wait().expect("a child").is_none()
    }

    /// SIGTERM, as an operator or the system stops it.
    pub async fn ask_to_stop(&self) {
        let id = self.child.id().expect("it is running").to_string();
        let told = Command::new("sh").args(["-c", &format!("kill -TERM {id}")]).status().await;
        assert!(told.expect("a shell").success());
    }

    /// How it ended, and after how long.
    pub async fn ended(mut self) -> (Option<i32>, Duration) {
        let began = Instant::now();
        let status = tokio::time::timeout(Duration::from_secs(60), self.child.wait()).await;
        (status.expect("it ends within a minute").expect("a child").code(), began.elapsed())
    }
}

/// All files under a folder with their bytes' digests, by path.
pub fn digests(folder: &Path) -> std::collections::BTreeMap<String, String> {
    use sha2::{Digest, Sha256};
    let mut found = std::collections::BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(bytes) = std::fs::read(&path) {
                let name = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
                found.insert(name, data_encoding::HEXLOWER.encode(&Sha256::digest(bytes)));
            }
        }
    }
    found
}
