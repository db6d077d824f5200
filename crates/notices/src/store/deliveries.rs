//! Deliveries.

use songhan_base::Id;
use songhan_db::{At, Db, On, Result, Tx, query, query_dyn};

const COLUMNS: &str = "id, notice, address, state, created_at";

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DeliveryRow {
    pub id: Id,
    pub notice: Id,
    pub address: String,
    /// `waiting`, `sent` or `failed`.
    pub state: String,
    pub created_at: At,
}

pub async fn insert_delivery(tx: &mut Tx, id: Id, notice: Id, channel: &'static str, address: &str) -> Result<()> {
    let now = tx.now();
    query(
        "INSERT INTO deliveries (id, notice, channel, address, state, created_at) VALUES ($1, $2, $3, $4, 'waiting', $5)",
    )
    .bind(id)
    .bind(notice)
    .bind(channel)
    .bind(address)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn delivery<'a>(on: impl Into<On<'a>>, id: Id) -> Result<Option<DeliveryRow>> {
    query_dyn(format!("SELECT {COLUMNS} FROM deliveries WHERE id = $1")).bind(id).fetch_optional(on).await
}

/// The latest deliveries, for the mailbox of the demo.
pub async fn latest_deliveries(db: &Db, limit: i64) -> Result<Vec<DeliveryRow>> {
    query_dyn(format!("SELECT {COLUMNS} FROM deliveries ORDER BY id DESC LIMIT $1")).bind(limit).fetch_all(db).await
}

/// What became of an attempt: `sent`, `waiting` for the next one, or `failed` for good.
pub async fn note_attempt(tx: &mut Tx, id: Id, state: &'static str, error: Option<&str>) -> Result<()> {
    let sent_at = (state == "sent").then(|| tx.now());
    query(
        "UPDATE deliveries SET state = $2, attempts = attempts + 1, last_error = $3, sent_at = $4
         WHERE id = $1 AND state <> 'sent'",
    )
    .bind(id)
    .bind(state)
    .bind(error)
    .bind(sent_at)
    .execute(tx)
    .await?;
    Ok(())
}
