//! Answers kept for repeated requests: written in the transaction they answer for, so that "done" and "answered" are one.

use jiff::Timestamp;

use crate::{Db, Result, Tx, query};

/// What was answered to an idempotency key.
#[derive(Debug, sqlx::FromRow)]
pub struct Answer {
    /// Hash of method, path and body: the same key with another request is refused.
    pub fingerprint: String,
    pub status: i64,
    pub body: String,
}

/// The answer kept for `key` of `owner`, if any.
pub async fn answered(db: &Db, owner: &str, key: &str) -> Result<Option<Answer>> {
    let found = query("SELECT fingerprint, status, body FROM answers WHERE owner = $1 AND key = $2")
        .bind(owner)
        .bind(key)
        .fetch_optional(db)
        .await?;
    if found.is_some() {
        db.settled().await;
    }
    Ok(found)
}

/// Keeps an answer; `false` when another request with the key has just been answered (roll back and replay that one).
pub async fn keep_answer(
    tx: &mut Tx,
    owner: &str,
    key: &str,
    fingerprint: &str,
    status: u16,
    body: &str,
) -> Result<bool> {
    let now = tx.now();
    let rows = query(
        "INSERT INTO answers (owner, key, fingerprint, status, body, at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (owner, key) DO NOTHING",
    )
    .bind(owner)
    .bind(key)
    .bind(fingerprint)
    .bind(i64::from(status))
    .bind(body)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(rows == 1)
}

/// Forgets the answers to one owner: they may hold what a person sent.
pub async fn forget_answers_to(tx: &mut Tx, owner: &str) -> Result<u64> {
    query("DELETE FROM answers WHERE owner = $1").bind(owner).execute(tx).await
}

/// Forgets answers older than `before`.
pub async fn forget_answers(db: &Db, before: Timestamp) -> Result<u64> {
    query("DELETE FROM answers WHERE at < $1").bind(before).execute(db).await
}
