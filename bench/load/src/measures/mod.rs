//! What is measured, one thing a file.

pub mod home;
pub mod pages;
pub mod start;
pub mod submissions;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use songhan_db::{Db, Position, query};

use crate::machine;

/// How a run is done.
#[derive(Clone, Debug)]
pub struct Plan {
    pub program: PathBuf,
    pub work: PathBuf,
    pub runs: usize,
    pub seconds: Duration,
    pub dossiers: usize,
}

/// Processor seconds of a process, of its database server, and of the clients (this process), over one run.
#[derive(Clone, Copy, Debug, Default, serde::Serialize)]
pub struct Work {
    pub server: f64,
    pub database: f64,
    pub client: f64,
}

impl Work {
    /// What was used up to now.
    pub fn now(server: Option<u32>, postmaster: Option<u32>) -> Self {
        Self {
            server: server.map_or(0.0, machine::processor_seconds),
            database: postmaster.map_or(0.0, machine::family_seconds),
            client: machine::processor_seconds(std::process::id()),
        }
    }

    pub fn since(self, before: Self) -> Self {
        Self {
            server: self.server - before.server,
            database: self.database - before.database,
            client: self.client - before.client,
        }
    }
}

/// Waits until every subscriber has heard every event and no job is due; answers how long that took.
pub async fn settled(db: &Db) -> Result<Duration> {
    let began = Instant::now();
    loop {
        let last = songhan_db::last_position(db).await?;
        let cursors: Vec<Position> = query("SELECT txid, seq FROM event_cursors").fetch_all(db).await?;
        let (jobs,): (i64,) = query("SELECT count(*) FROM jobs WHERE NOT dead").fetch_one(db).await?;
        if jobs == 0 && cursors.iter().all(|cursor| *cursor >= last) {
            return Ok(began.elapsed());
        }
        if began.elapsed() > Duration::from_secs(300) {
            bail!("the server has not done in five minutes what the run left behind");
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
