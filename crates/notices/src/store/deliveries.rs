//! Deliveries.

use jiff::Timestamp;
use songhan_base::Id;
use songhan_db::{At, Db, On, Result, Tx, query, query_dyn};

use crate::channel::Channel;

const COLUMNS: &str = "id, notice, account, channel, address, content, urgent, state, attempts, last_error, next_at, \
                       expires_at, created_at, sent_at";

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DeliveryRow {
    pub id: Id,
    /// Missing where the message stands alone, as codes do; then `account` and `content` are there.
    pub notice: Option<Id>,
    pub account: Option<Id>,
    pub channel: String,
    pub address: String,
    pub content: Option<String>,
    pub urgent: bool,
    /// `waiting`, `sent`, `delivered`, `failed` (refused for good) or `given_up`.
    pub state: String,
    pub attempts: i64,
    pub last_error: Option<String>,
    pub next_at: Option<At>,
    pub expires_at: Option<At>,
    pub created_at: At,
    pub sent_at: Option<At>,
}

/// A delivery to be made.
pub struct NewDelivery<'a> {
    pub id: Id,
    pub notice: Option<Id>,
    pub account: Option<Id>,
    pub channel: Channel,
    pub address: &'a str,
    pub content: Option<String>,
    pub urgent: bool,
    pub expires_at: Option<Timestamp>,
}

pub async fn insert_delivery(tx: &mut Tx, new: NewDelivery<'_>) -> Result<()> {
    let now = tx.now();
    query(
        "INSERT INTO deliveries (id, notice, account, channel, address, content, urgent, state, expires_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', $8, $9)",
    )
    .bind(new.id)
    .bind(new.notice)
    .bind(new.account)
    .bind(new.channel.as_str())
    .bind(new.address)
    .bind(new.content)
    .bind(new.urgent)
    .bind(new.expires_at)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn delivery<'a>(on: impl Into<On<'a>>, id: Id) -> Result<Option<DeliveryRow>> {
    query_dyn(format!("SELECT {COLUMNS} FROM deliveries WHERE id = $1")).bind(id).fetch_optional(on).await
}

/// The latest deliveries of a channel, for the mailbox of the demo.
pub async fn latest_deliveries(db: &Db, channel: Channel, limit: i64) -> Result<Vec<DeliveryRow>> {
    query_dyn(format!("SELECT {COLUMNS} FROM deliveries WHERE channel = $1 ORDER BY id DESC LIMIT $2"))
        .bind(channel.as_str())
        .bind(limit)
        .fetch_all(db)
        .await
}

/// Deliveries that did not arrive and will not be tried again, before `before`, the latest first.
pub async fn failed_deliveries(db: &Db, before: Option<Id>, limit: i64) -> Result<Vec<DeliveryRow>> {
    query_dyn(format!(
        "SELECT {COLUMNS} FROM deliveries WHERE state IN ('failed', 'given_up') AND ($1 IS NULL OR id < $1)
         ORDER BY id DESC LIMIT $2"
    ))
    .bind(before)
    .bind(limit)
    .fetch_all(db)
    .await
}

/// What became of an attempt.
pub struct Attempt<'a> {
    pub state: &'static str,
    pub error: Option<&'a str>,
    pub reference: Option<&'a str>,
    /// When it is tried again, where it is.
    pub next_at: Option<Timestamp>,
    /// Whether the words of a message that stands alone are forgotten: a code has done its work.
    pub forget: bool,
}

/// Notes an attempt on a delivery that still waits.
pub async fn note_attempt(tx: &mut Tx, id: Id, attempt: Attempt<'_>) -> Result<()> {
    let sent_at = (attempt.state == "sent").then(|| tx.now());
    query(
        "UPDATE deliveries SET state = $2, attempts = attempts + 1, last_error = $3, reference = $4, next_at = $5,
             sent_at = $6, content = CASE WHEN $7 THEN NULL ELSE content END
         WHERE id = $1 AND state = 'waiting'",
    )
    .bind(id)
    .bind(attempt.state)
    .bind(attempt.error)
    .bind(attempt.reference)
    .bind(attempt.next_at)
    .bind(sent_at)
    .bind(attempt.forget)
    .execute(tx)
    .await?;
    Ok(())
}

/// Puts a delivery off without an attempt.
pub async fn put_off(tx: &mut Tx, id: Id, until: Timestamp) -> Result<()> {
    query("UPDATE deliveries SET next_at = $2 WHERE id = $1 AND state = 'waiting'")
        .bind(id)
        .bind(until)
        .execute(tx)
        .await?;
    Ok(())
}

/// What the other side reports of a message that it had taken: that it arrived, or that it will not. A report that
/// comes before our own note of the sending counts too.
pub async fn note_report(
    tx: &mut Tx,
    id: Id,
    channel: Channel,
    arrived: bool,
    error: Option<&str>,
    forget: bool,
) -> Result<bool> {
    let now = tx.now();
    let state = if arrived { "delivered" } else { "failed" };
    let rows = query(
        "UPDATE deliveries SET state = $3, delivered_at = CASE WHEN $4 THEN $5 ELSE NULL END,
             attempts = CASE WHEN state = 'waiting' THEN attempts + 1 ELSE attempts END,
             sent_at = COALESCE(sent_at, $5), last_error = $6, next_at = NULL, content = CASE WHEN $7 THEN NULL ELSE content END
         WHERE id = $1 AND channel = $2 AND state IN ('waiting', 'sent')",
    )
    .bind(id)
    .bind(channel.as_str())
    .bind(state)
    .bind(arrived)
    .bind(now)
    .bind(error)
    .bind(forget)
    .execute(tx)
    .await?;
    Ok(rows == 1)
}
