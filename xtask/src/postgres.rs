//! A PostgreSQL of our own for the tests: a new cluster on a free loopback port, gone when the tests are done.

use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::leash::{self, Leash};
use crate::shell::{self, Log, MINUTE};

pub struct Cluster {
    _leash: Leash,
    pub url: String,
}

/// The folder of `initdb` and `postgres`: Debian keeps them out of `PATH`, one folder a version.
pub fn binaries() -> Option<PathBuf> {
    if let (Some(initdb), Some(_)) = (shell::which("initdb"), shell::which("postgres")) {
        return initdb.canonicalize().ok()?.parent().map(Path::to_path_buf);
    }
    let mut versions: Vec<_> = Path::new("/usr/lib/postgresql").read_dir().ok()?.flatten().collect();
    versions.sort_by_key(|entry| entry.file_name().to_string_lossy().parse::<u32>().unwrap_or(0));
    versions.into_iter().rev().map(|entry| entry.path().join("bin")).find(|bin| bin.join("initdb").exists())
}

/// Starts it as it would run in earnest: fsync on, so that the tests meet real commit times and real durability. `more`
/// are settings such as `shared_buffers=2GB`.
pub fn start(log: &Log, more: &[String]) -> Result<Cluster> {
    let binaries = binaries().context("find initdb: install postgresql")?;
    let folder = leash::folder("postgres")?;
    let data = folder.join("data");
    if shell::is_root() {
        shell::check(Command::new("chown").arg("postgres:").arg(&folder), log, MINUTE)?;
    }
    let mut initdb = unprivileged(&binaries.join("initdb"));
    initdb.arg("--pgdata").arg(&data).args(["--username=songhan", "--auth=trust", "--encoding=UTF8", "--no-locale"]);
    initdb.arg("--no-instructions").current_dir("/");
    shell::check(&mut initdb, log, 2 * MINUTE)?;

    let port = leash::free_port()?;
    let mut server = unprivileged(&binaries.join("postgres"));
    server.arg("-D").arg(&data).arg("-k").arg(&folder).args(["-h", "127.0.0.1", "-p", &port.to_string()]);
    // Every test has its own pool, and tests run side by side.
    server.args(["-c", "max_connections=400", "-c", "fsync=on", "-c", "log_min_messages=warning"]).current_dir("/");
    server.args(more.iter().flat_map(|setting| ["-c", setting]));
    let log_file = log.path().with_file_name("postgres.log");
    // INT is PostgreSQL's fast shutdown: it does not wait for its clients.
    let mut leash = Leash::start(&server, &folder, "INT", &log_file)?;
    leash.wait_until("PostgreSQL", MINUTE, || TcpStream::connect(("127.0.0.1", port)).is_ok())?;
    Ok(Cluster { _leash: leash, url: format!("postgres://songhan@127.0.0.1:{port}/postgres") })
}

/// PostgreSQL refuses to run as root; the package made the user.
fn unprivileged(program: &Path) -> Command {
    if !shell::is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "--"]).arg(program);
    command
}
