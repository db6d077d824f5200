//! What the bank told us of, each credit once.

use jiff::Timestamp;
use songhan_base::{Id, Internal, Money};
use songhan_db::{At, On, Tx, query};

/// A credit, with what became of it.
pub struct Credit<'a> {
    pub transaction_id: &'a str,
    pub account: &'a str,
    pub amount: Money,
    pub outcome: &'static str,
    pub reason: Option<&'static str>,
    pub charge: Option<Id>,
    pub payment: Option<Id>,
    pub description: Option<&'a str>,
    pub booked_at: Option<Timestamp>,
}

/// Takes the bank's number for this transaction: at most one request at a time works on a credit.
pub async fn lock(tx: &mut Tx, transaction_id: &str) -> Result<(), Internal> {
    use sha2::{Digest, Sha256};
    let hash = Sha256::digest(transaction_id.as_bytes());
    let mut key = [0; 8];
    key.copy_from_slice(&hash[..8]);
    tx.lock(i64::from_be_bytes(key)).await
}

/// What became of a credit that was told before.
pub async fn outcome<'a>(
    on: impl Into<On<'a>>,
    transaction_id: &str,
) -> Result<Option<(String, Option<String>)>, Internal> {
    query("SELECT outcome, reason FROM bank_notifications WHERE transaction_id = $1")
        .bind(transaction_id)
        .fetch_optional(on)
        .await
}

pub async fn insert(tx: &mut Tx, credit: Credit<'_>) -> Result<(), Internal> {
    let now = tx.now();
    query(
        "INSERT INTO bank_notifications (transaction_id, account, amount, outcome, reason, charge, payment, description,
             booked_at, received_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(credit.transaction_id)
    .bind(credit.account)
    .bind(credit.amount)
    .bind(credit.outcome)
    .bind(credit.reason)
    .bind(credit.charge)
    .bind(credit.payment)
    .bind(credit.description)
    .bind(credit.booked_at)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Khoản chờ xử lý: a credit that nobody could match yet.
#[derive(sqlx::FromRow)]
pub struct Unmatched {
    pub transaction_id: String,
    pub account: String,
    pub amount: Money,
    pub reason: Option<String>,
    pub charge: Option<Id>,
    pub description: Option<String>,
    pub received_at: At,
}

/// What waits in suspense, oldest first, after the place of the last page.
pub async fn unmatched<'a>(on: impl Into<On<'a>>, after: (i64, &str), limit: i64) -> Result<Vec<Unmatched>, Internal> {
    query(
        "SELECT transaction_id, account, amount, reason, charge, description, received_at FROM bank_notifications
         WHERE outcome = 'suspense' AND (received_at, transaction_id) > ($1, $2)
         ORDER BY received_at, transaction_id LIMIT $3",
    )
    .bind(after.0)
    .bind(after.1)
    .bind(limit)
    .fetch_all(on)
    .await
}
