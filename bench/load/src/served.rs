//! The release binary as a process of its own: started, asked until it answers, stopped.

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::http::{Connection, get};

/// A server that runs. Dropped, it is killed.
pub struct Served {
    child: Child,
    pub address: SocketAddr,
    /// From the start of the process to its first answer: a whole home page.
    pub started_in: Duration,
}

impl Served {
    /// Starts `songhan serve`; `database` is a PostgreSQL URL, else SQLite lies in `data`.
    pub async fn start(program: &Path, data: &Path, database: Option<&str>) -> Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let log = File::create(data.with_extension("log")).context("make the server's log")?;
        let mut command = Command::new(program);
        command.args(["serve", "--listen", &address.to_string(), "--data"]).arg(data);
        if let Some(url) = database {
            command.args(["--database", url]);
        }
        command.env("RUST_LOG", "warn").stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let begin = Instant::now();
        let child = command.spawn().with_context(|| format!("start {}", program.display()))?;
        let mut served = Self { child, address, started_in: Duration::ZERO };
        served.started_in = served.first_answer(begin).await?;
        Ok(served)
    }

    async fn first_answer(&mut self, begin: Instant) -> Result<Duration> {
        loop {
            if let Ok(mut connection) = Connection::open(self.address).await
                && connection.send(&get("/", "")).await.is_ok_and(|answer| answer.status == 200)
            {
                return Ok(begin.elapsed());
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended with {status} instead of answering; its log lies beside its data folder");
            }
            if begin.elapsed() > Duration::from_secs(60) {
                bail!("the server did not answer for a minute");
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Stops it as an operator does, and waits.
    pub async fn stop(mut self) -> Result<()> {
        Command::new("kill").args(["-TERM", &self.pid().to_string()]).status()?;
        let asked = Instant::now();
        while self.child.try_wait()?.is_none() {
            if asked.elapsed() > Duration::from_secs(40) {
                bail!("the server did not stop");
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
