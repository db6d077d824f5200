//! Durable jobs: work that is promised in a transaction and done after it, again until it succeeds.
//!
//! A claim leases the job; a worker that dies loses the lease and another takes it. So a job may run twice: handlers
//! do no harm when repeated. After [`MAX_ATTEMPTS`] a job is dead and waits for a person.

use std::time::Duration;

use jiff::Timestamp;
use songhan_base::{Env, Id};

use crate::{At, Db, Result, Stamp, Tx, query};

/// Attempts before a job is left for a person: with the pauses below, about two days.
pub const MAX_ATTEMPTS: i64 = 16;

/// A job to be enqueued.
#[derive(Clone, Debug)]
pub struct NewJob {
    pub id: Id,
    pub kind: &'static str,
    pub payload: serde_json::Value,
    /// Not before; `None` is at once.
    pub run_at: Option<Timestamp>,
    /// Only one living job with this key.
    pub dedupe: Option<String>,
}

/// A job leased to this worker.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ClaimedJob {
    pub id: Id,
    pub kind: String,
    payload: String,
    pub run_at: At,
    pub attempts: i64,
    pub last_error: Option<String>,
}

impl ClaimedJob {
    pub fn payload(&self) -> serde_json::Value {
        serde_json::from_str(&self.payload).unwrap_or_default()
    }
}

/// Promises a job in this transaction.
pub async fn enqueue(tx: &mut Tx, job: NewJob) -> Result<()> {
    let run_at = job.run_at.unwrap_or_else(|| tx.now());
    query(
        "INSERT INTO jobs (id, kind, payload, dedupe, run_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (dedupe) DO NOTHING",
    )
    .bind(job.id)
    .bind(job.kind)
    .bind(job.payload)
    .bind(job.dedupe)
    .bind(run_at)
    .execute(&mut *tx)
    .await?;
    tx.promises_job();
    Ok(())
}

/// Leases the job that has been due longest.
pub async fn claim_job(db: &Db, env: &Env, lease: Duration) -> Result<Option<ClaimedJob>> {
    let now = env.now();
    // A look without the writer first: an idle worker costs nothing.
    let due: Option<(i32,)> =
        query("SELECT 1 FROM jobs WHERE NOT dead AND run_at <= $1 AND locked_until <= $1 LIMIT 1")
            .bind(now)
            .fetch_optional(db)
            .await?;
    if due.is_none() {
        return Ok(None);
    }
    let mut tx = db.begin(Stamp::system(env, "worker")).await?;
    let until = now.as_microsecond() + lease.as_micros() as i64;
    let claimed = query(
        "UPDATE jobs SET locked_until = $2, attempts = attempts + 1 WHERE id = (
             SELECT id FROM jobs WHERE NOT dead AND run_at <= $1 AND locked_until <= $1
             ORDER BY run_at LIMIT 1 /*pg FOR UPDATE SKIP LOCKED*/)
         RETURNING id, kind, payload, run_at, attempts, last_error",
    )
    .bind(now)
    .bind(until)
    .fetch_optional(&mut tx)
    .await?;
    tx.commit().await?;
    Ok(claimed)
}

/// The job is done.
pub async fn finish_job(db: &Db, id: Id) -> Result<()> {
    query("DELETE FROM jobs WHERE id = $1").bind(id).execute(db).await?;
    Ok(())
}

/// The job failed: it runs again after a pause that doubles from two seconds to six hours, or is dead.
pub async fn fail_job(db: &Db, env: &Env, job: &ClaimedJob, error: &str) -> Result<()> {
    let pause = Duration::from_secs((2_u64 << job.attempts.clamp(0, 13)).min(6 * 3600));
    let run_at = env.now().as_microsecond() + pause.as_micros() as i64;
    query("UPDATE jobs SET run_at = $2, locked_until = 0, last_error = $3, dead = $4 WHERE id = $1")
        .bind(job.id)
        .bind(run_at)
        .bind(error)
        .bind(job.attempts >= MAX_ATTEMPTS)
        .execute(db)
        .await?;
    Ok(())
}

/// Jobs that wait for a person.
pub async fn dead_jobs(db: &Db) -> Result<Vec<ClaimedJob>> {
    query("SELECT id, kind, payload, run_at, attempts, last_error FROM jobs WHERE dead ORDER BY run_at LIMIT 100")
        .fetch_all(db)
        .await
}

/// Whether this process shall run the schedule `name` now; at most one process is told so per interval.
pub async fn claim_schedule(db: &Db, env: &Env, name: &str, every: Duration) -> Result<bool> {
    let now = env.now();
    let next = now.as_microsecond() + every.as_micros() as i64;
    let due: Option<(i64,)> =
        query("SELECT next_at FROM schedules WHERE name = $1").bind(name).fetch_optional(db).await?;
    if due.is_some_and(|(at,)| at > now.as_microsecond()) {
        return Ok(false);
    }
    let rows = query(
        "INSERT INTO schedules (name, next_at) VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET next_at = $2 WHERE schedules.next_at <= $3",
    )
    .bind(name)
    .bind(next)
    .bind(now)
    .execute(db)
    .await?;
    Ok(rows == 1)
}
