//! What the portal told.

use jiff::Timestamp;
use songhan_base::{Id, Internal};
use songhan_db::{At, Db, Tx, query};

/// Notes an entry; `false` where it was taken before.
pub async fn take(
    tx: &mut Tx,
    digest: &str,
    code: &str,
    case: Option<Id>,
    status: Option<i64>,
    at: Timestamp,
) -> Result<bool, Internal> {
    let now = tx.now();
    let rows = query(
        "INSERT INTO national_received (digest, code, case_id, status, at, received_at)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (digest) DO NOTHING",
    )
    .bind(digest)
    .bind(code)
    .bind(case)
    .bind(status)
    .bind(at)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(rows == 1)
}

/// An entry, for the log.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Entry {
    pub code: String,
    pub case_id: Option<Id>,
    pub status: Option<i64>,
    pub at: At,
    pub received_at: At,
}

/// The latest entries.
pub async fn latest(db: &Db, limit: i64) -> Result<Vec<Entry>, Internal> {
    query(
        "SELECT code, case_id, status, at, received_at FROM national_received
         ORDER BY received_at DESC, digest LIMIT $1",
    )
    .bind(limit)
    .fetch_all(db)
    .await
}

/// Deletes some of what was received before a time; answers how many.
pub async fn forget(db: &Db, before: Timestamp, limit: i64) -> Result<u64, Internal> {
    query(
        "DELETE FROM national_received WHERE digest IN (
             SELECT digest FROM national_received WHERE received_at < $1 ORDER BY received_at LIMIT $2)",
    )
    .bind(before)
    .bind(limit)
    .execute(db)
    .await
}
