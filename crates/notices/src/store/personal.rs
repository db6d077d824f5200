//! What was sent to one person, and where they have proven to be reached.

use songhan_base::Id;
use songhan_db::{At, Db, Result, query};

/// What was sent to someone, and where.
#[derive(Clone, Debug, serde::Serialize, sqlx::FromRow)]
pub struct SentRow {
    pub channel: String,
    pub address: String,
    pub state: String,
    pub created_at: At,
    pub sent_at: Option<At>,
}

pub async fn deliveries_to(db: &Db, account: Id, limit: i64) -> Result<Vec<SentRow>> {
    query(
        "SELECT channel, address, state, created_at, sent_at FROM deliveries
         WHERE notice IN (SELECT id FROM notices WHERE account = $1) OR (notice IS NULL AND account = $1)
         ORDER BY id DESC LIMIT $2",
    )
    .bind(account)
    .bind(limit)
    .fetch_all(db)
    .await
}

/// A proven address.
#[derive(Clone, Debug, serde::Serialize, sqlx::FromRow)]
pub struct VerifiedRow {
    pub channel: String,
    pub address: String,
    pub verified_at: At,
}

pub async fn verified_of(db: &Db, account: Id) -> Result<Vec<VerifiedRow>> {
    query("SELECT channel, address, verified_at FROM verified_addresses WHERE account = $1 ORDER BY channel")
        .bind(account)
        .fetch_all(db)
        .await
}
