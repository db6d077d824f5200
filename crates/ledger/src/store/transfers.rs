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
    super::hold(tx, transaction_id).await
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

/// A credit in suspense, by the bank's number.
pub async fn waiting<'a>(on: impl Into<On<'a>>, transaction_id: &str) -> Result<Option<Unmatched>, Internal> {
    query(
        "SELECT transaction_id, account, amount, reason, charge, description, received_at FROM bank_notifications
         WHERE outcome = 'suspense' AND transaction_id = $1",
    )
    .bind(transaction_id)
    .fetch_optional(on)
    .await
}

/// What waits in suspense by account: (account, how many, how much).
pub async fn suspense<'a>(on: impl Into<On<'a>>) -> Result<Vec<(String, i64, i64)>, Internal> {
    query(
        "SELECT account, count(*), CAST(sum(amount) AS BIGINT) FROM bank_notifications WHERE outcome = 'suspense'
         GROUP BY account ORDER BY account",
    )
    .fetch_all(on)
    .await
}

/// Writes what someone found out of a credit in suspense.
pub async fn settle(
    tx: &mut Tx,
    transaction_id: &str,
    outcome: &'static str,
    reason: Option<&'static str>,
    charge: Option<Id>,
    payment: Option<Id>,
) -> Result<(), Internal> {
    query(
        "UPDATE bank_notifications SET outcome = $2, reason = $3, charge = coalesce($4, charge), payment = $5, description = NULL
         WHERE transaction_id = $1 AND outcome = 'suspense'",
    )
    .bind(transaction_id)
    .bind(outcome)
    .bind(reason)
    .bind(charge)
    .bind(payment)
    .execute(tx)
    .await?;
    Ok(())
}

/// Charges that a credit of this amount may be for: due, of this amount, the latest first.
pub async fn candidates<'a>(
    on: impl Into<On<'a>>,
    amount: Money,
    units: Option<&[String]>,
    limit: i64,
) -> Result<Vec<Candidate>, Internal> {
    let units = units.map(|units| super::to_json(&units)).transpose()?;
    query(
        "SELECT id, reference, purpose, unit, amount, state, created_at FROM charges
         WHERE state = 'due' AND amount = $1 AND ($2 IS NULL OR unit IN (SELECT value FROM json_each($2)))
         ORDER BY created_at DESC LIMIT $3",
    )
    .bind(amount)
    .bind(units)
    .bind(limit)
    .fetch_all(on)
    .await
}

/// A charge by which a credit may be explained.
#[derive(sqlx::FromRow)]
pub struct Candidate {
    pub id: Id,
    pub reference: String,
    pub purpose: String,
    pub unit: String,
    pub amount: Money,
    pub state: String,
    pub created_at: At,
}

/// The charges of some payment codes.
pub async fn coded<'a>(on: impl Into<On<'a>>, codes: &[String]) -> Result<Vec<Candidate>, Internal> {
    query(
        "SELECT id, reference, purpose, unit, amount, state, created_at FROM charges
         WHERE reference IN (SELECT value FROM json_each($1)) ORDER BY created_at",
    )
    .bind(super::to_json(&codes)?)
    .fetch_all(on)
    .await
}
