//! A server for the tests from outside: the demo city on a free port, with data of its own, gone afterwards.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::leash::{self, Leash};
use crate::shell::{self, Log, MINUTE};

pub struct Server {
    _leash: Leash,
    pub url: String,
    pub data: PathBuf,
    pub program: PathBuf,
}

/// The debug binary of the build step: what is tested is what was just compiled.
pub fn start(name: &str, log: &Log) -> Result<Server> {
    let program = shell::target().join("debug/songhan");
    if !program.exists() {
        let mut build = shell::cargo(&["build", "--locked", "--workspace", "--all-targets"]);
        shell::lint(&mut build)?;
        shell::check(&mut build, log, 75 * MINUTE)?;
    }
    let data = leash::folder(name)?;
    let port = leash::free_port()?;
    let mut serve = Command::new(&program);
    // The walks count what they made themselves.
    serve
        .args(["serve", "--demo", "--demo-dossiers", "0", "--listen", &format!("127.0.0.1:{port}"), "--data"])
        .arg(&data);
    serve.current_dir(shell::root());
    let own_log = log.path().with_file_name(format!("{name}-server.log"));
    log.line(&format!("the server writes to {}", own_log.display()));
    let mut leash = Leash::start(&serve, &data, "TERM", &own_log)?;
    leash.wait_until("the demo server", 2 * MINUTE, || healthy(port).unwrap_or(false))?;
    Ok(Server { _leash: leash, url: format!("http://127.0.0.1:{port}"), data, program })
}

impl Server {
    /// What the scripts need to know of it.
    pub fn tell(&self, command: &mut Command) {
        command.env("SONGHAN_URL", &self.url).env("SONGHAN_DATA", &self.data).env("SONGHAN_BIN", &self.program);
    }
}

fn healthy(port: u16) -> Result<bool> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    write!(stream, "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n")?;
    let mut head = [0; 12];
    stream.read_exact(&mut head).context("read the answer of /healthz")?;
    Ok(head.ends_with(b" 200"))
}
