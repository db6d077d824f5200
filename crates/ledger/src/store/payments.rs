//! Payments: attempts, and money that came without one.

use jiff::Timestamp;
use serde_json::Value;
use songhan_base::{Id, Internal, Money};
use songhan_db::{At, On, Tx, query};

use super::word;
use crate::payment::{Payment, PaymentState};

macro_rules! columns {
    () => {
        "id, charge, channel, amount, state, txn_ref, gateway_no, overpaid, created_at, expires_at, settled_at, redirect_url"
    };
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Id,
    charge: Id,
    channel: String,
    amount: Money,
    state: String,
    txn_ref: String,
    gateway_no: Option<String>,
    overpaid: bool,
    created_at: At,
    expires_at: Option<At>,
    settled_at: Option<At>,
    redirect_url: Option<String>,
}

impl Row {
    fn read(self) -> Result<Payment, Internal> {
        Ok(Payment {
            id: self.id,
            charge: self.charge,
            channel: word(&self.channel)?,
            amount: self.amount,
            state: word(&self.state)?,
            txn_ref: self.txn_ref,
            gateway_no: self.gateway_no,
            overpaid: self.overpaid,
            created_at: self.created_at.0,
            expires_at: self.expires_at.map(|at| at.0),
            settled_at: self.settled_at.map(|at| at.0),
            redirect_url: self.redirect_url,
        })
    }
}

pub async fn insert(tx: &mut Tx, payment: &Payment, raw: Option<&Value>) -> Result<(), Internal> {
    query(concat!(
        "INSERT INTO payments (",
        columns!(),
        ", raw) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
    ))
    .bind(payment.id)
    .bind(payment.charge)
    .bind(payment.channel.as_str())
    .bind(payment.amount)
    .bind(payment.state.as_str())
    .bind(&payment.txn_ref)
    .bind(payment.gateway_no.as_deref())
    .bind(payment.overpaid)
    .bind(payment.created_at)
    .bind(payment.expires_at)
    .bind(payment.settled_at)
    .bind(payment.redirect_url.as_deref())
    .bind(raw.map(Value::to_string))
    .execute(tx)
    .await?;
    Ok(())
}

/// Writes how a payment ended.
pub async fn settle(tx: &mut Tx, payment: &Payment, raw: &Value) -> Result<(), Internal> {
    query("UPDATE payments SET state = $2, gateway_no = $3, overpaid = $4, settled_at = $5, raw = $6 WHERE id = $1")
        .bind(payment.id)
        .bind(payment.state.as_str())
        .bind(payment.gateway_no.as_deref())
        .bind(payment.overpaid)
        .bind(payment.settled_at)
        .bind(raw)
        .execute(tx)
        .await?;
    Ok(())
}

/// What is still open of a paid charge's own transfer code needs no money any more.
pub async fn expire_transfers(tx: &mut Tx, charge: Id) -> Result<(), Internal> {
    let now = tx.now();
    query(
        "UPDATE payments SET state = 'expired', settled_at = $2
         WHERE charge = $1 AND channel = 'vietqr' AND state = 'created'",
    )
    .bind(charge)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn by_id<'a>(on: impl Into<On<'a>>, id: Id) -> Result<Option<Payment>, Internal> {
    let row: Option<Row> =
        query(concat!("SELECT ", columns!(), " FROM payments WHERE id = $1")).bind(id).fetch_optional(on).await?;
    row.map(Row::read).transpose()
}

pub async fn by_txn_ref<'a>(on: impl Into<On<'a>>, txn_ref: &str) -> Result<Option<Payment>, Internal> {
    let row: Option<Row> = query(concat!("SELECT ", columns!(), " FROM payments WHERE txn_ref = $1"))
        .bind(txn_ref)
        .fetch_optional(on)
        .await?;
    row.map(Row::read).transpose()
}

/// The payment by which a charge was paid.
pub async fn that_paid(tx: &mut Tx, charge: Id) -> Result<Option<Payment>, Internal> {
    let row: Option<Row> = query(concat!(
        "SELECT ",
        columns!(),
        " FROM payments WHERE charge = $1 AND state = 'succeeded' AND NOT overpaid ORDER BY settled_at LIMIT 1"
    ))
    .bind(charge)
    .fetch_optional(tx)
    .await?;
    row.map(Row::read).transpose()
}

/// The latest payments of a charge, newest first.
pub async fn of_charge<'a>(on: impl Into<On<'a>>, charge: Id) -> Result<Vec<Payment>, Internal> {
    let rows: Vec<Row> = query(concat!(
        "SELECT ",
        columns!(),
        " FROM payments WHERE charge = $1 ORDER BY created_at DESC, id DESC LIMIT 50"
    ))
    .bind(charge)
    .fetch_all(on)
    .await?;
    rows.into_iter().map(Row::read).collect()
}

/// How many attempts of a charge were begun after `since`.
pub async fn begun_since<'a>(on: impl Into<On<'a>>, charge: Id, since: Timestamp) -> Result<i64, Internal> {
    let (count,): (i64,) = query("SELECT count(*) FROM payments WHERE charge = $1 AND created_at > $2")
        .bind(charge)
        .bind(since)
        .fetch_one(on)
        .await?;
    Ok(count)
}

/// Whether a payment is still open.
pub const fn is_open(payment: &Payment) -> bool {
    matches!(payment.state, PaymentState::Created)
}
