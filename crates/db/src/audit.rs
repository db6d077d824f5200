//! The audit log: append-only rows, sealed in batches into a hash chain by a job, so that no request waits for a head.
//!
//! A seal's hash covers the seal before it and every row of its batch; whoever changes, drops or slips in a sealed row
//! breaks the chain from there on.

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use songhan_base::Env;

use crate::{At, Db, Result, Stamp, query};

/// One entry.
#[derive(Clone, Debug, serde::Serialize, sqlx::FromRow)]
pub struct AuditRow {
    pub seq: i64,
    pub at: At,
    pub actor: String,
    pub action: String,
    pub subject: String,
    pub detail: String,
    pub request: Option<String>,
}

/// Where the chain is broken.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the audit log was changed: batch {batch} does not match its seal")]
pub struct ChainError {
    pub batch: i64,
}

const COLUMNS: &str = "seq, at, actor, action, subject, detail, request";

/// An arbitrary constant: the advisory lock under which batches are sealed.
const LOCK: i64 = 0x7365_616c;

/// Seals what was committed since the last seal. Answers how many rows.
pub async fn seal_audit(db: &Db, env: &Env) -> Result<u64> {
    let mut tx = db.begin(Stamp::system(env, "seal_audit")).await?;
    tx.lock(LOCK).await?;
    let last: Option<(i64, String)> =
        query("SELECT batch, hash FROM audit_seals ORDER BY batch DESC LIMIT 1").fetch_optional(&mut tx).await?;
    let (batch, before) = last.map_or((1, String::new()), |(batch, hash)| (batch + 1, hash));
    let rows = query(
        "UPDATE audit SET batch = $1
         WHERE batch IS NULL /*pg AND txid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint*/",
    )
    .bind(batch)
    .execute(&mut tx)
    .await?;
    if rows == 0 {
        return Ok(0);
    }
    let sealed: Vec<AuditRow> = crate::query_dyn(format!("SELECT {COLUMNS} FROM audit WHERE batch = $1 ORDER BY seq"))
        .bind(batch)
        .fetch_all(&mut tx)
        .await?;
    let now = tx.now();
    query("INSERT INTO audit_seals (batch, rows, hash, sealed_at) VALUES ($1, $2, $3, $4)")
        .bind(batch)
        .bind(rows as i64)
        .bind(chain(&before, &sealed))
        .bind(now)
        .execute(&mut tx)
        .await?;
    tx.commit().await?;
    Ok(rows)
}

/// Walks the whole chain.
pub async fn verify_audit(db: &Db) -> Result<Result<u64, ChainError>> {
    let seals: Vec<(i64, String)> = query("SELECT batch, hash FROM audit_seals ORDER BY batch").fetch_all(db).await?;
    let mut before = String::new();
    let mut count = 0;
    for (expected, (batch, hash)) in (1..).zip(seals) {
        let rows: Vec<AuditRow> =
            crate::query_dyn(format!("SELECT {COLUMNS} FROM audit WHERE batch = $1 ORDER BY seq"))
                .bind(batch)
                .fetch_all(db)
                .await?;
        if batch != expected || chain(&before, &rows) != hash {
            return Ok(Err(ChainError { batch }));
        }
        count += rows.len() as u64;
        before = hash;
    }
    Ok(Ok(count))
}

/// The newest entries about a subject since a time.
pub async fn audit_of(db: &Db, subject: &str, since: Timestamp, limit: i64) -> Result<Vec<AuditRow>> {
    crate::query_dyn(format!("SELECT {COLUMNS} FROM audit WHERE subject = $1 AND at >= $2 ORDER BY seq DESC LIMIT $3"))
        .bind(subject)
        .bind(since)
        .bind(limit)
        .fetch_all(db)
        .await
}

/// The newest entries about a subject whose action is one of these, below the entry `before`.
pub async fn audit_about(
    db: &Db,
    subject: &str,
    actions: &[&str],
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<AuditRow>> {
    crate::query_dyn(format!(
        "SELECT {COLUMNS} FROM audit WHERE subject = $1 AND action IN (SELECT value FROM json_each($2))
             AND ($3 IS NULL OR seq < $3) ORDER BY seq DESC LIMIT $4"
    ))
    .bind(subject)
    .bind(serde_json::to_string(actions).map_err(songhan_base::Internal::new)?)
    .bind(before)
    .bind(limit)
    .fetch_all(db)
    .await
}

fn chain(before: &str, rows: &[AuditRow]) -> String {
    let mut hash = Sha256::new();
    hash.update(before);
    for row in rows {
        // Lengths stand before the parts, so that no two rows read alike.
        for part in [
            &row.seq.to_string(),
            &row.at.as_microsecond().to_string(),
            &row.actor,
            &row.action,
            &row.subject,
            &row.detail,
            row.request.as_ref().unwrap_or(&String::new()),
        ] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
    }
    data_encoding::HEXLOWER.encode(&hash.finalize())
}
