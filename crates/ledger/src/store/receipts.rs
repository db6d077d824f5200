//! The register of receipts.

use songhan_base::{Id, Internal, Money};
use songhan_db::{At, On, Tx, query};

use super::word;
use crate::receipt::{Receipt, ReceiptState};

macro_rules! columns {
    () => {
        "id, charge, unit, form, series, year, number, shown, amount, fees, charges, state, replaces, reason, issued_at, ended_at"
    };
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Id,
    charge: Id,
    unit: String,
    form: String,
    series: String,
    year: i64,
    number: i64,
    shown: String,
    amount: Money,
    fees: Money,
    charges: Money,
    state: String,
    replaces: Option<Id>,
    reason: Option<String>,
    issued_at: At,
    ended_at: Option<At>,
}

impl Row {
    fn read(self) -> Result<Receipt, Internal> {
        Ok(Receipt {
            id: self.id,
            charge: self.charge,
            unit: self.unit,
            form: self.form,
            series: self.series,
            year: i16::try_from(self.year).map_err(Internal::new)?,
            number: self.number,
            shown: self.shown,
            amount: self.amount,
            fees: self.fees,
            charges: self.charges,
            state: word(&self.state)?,
            replaces: self.replaces,
            reason: self.reason,
            issued_at: self.issued_at.0,
            ended_at: self.ended_at.map(|at| at.0),
        })
    }
}

pub async fn insert(tx: &mut Tx, receipt: &Receipt) -> Result<(), Internal> {
    query(concat!(
        "INSERT INTO receipts (",
        columns!(),
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
    ))
    .bind(receipt.id)
    .bind(receipt.charge)
    .bind(&receipt.unit)
    .bind(&receipt.form)
    .bind(&receipt.series)
    .bind(i64::from(receipt.year))
    .bind(receipt.number)
    .bind(&receipt.shown)
    .bind(receipt.amount)
    .bind(receipt.fees)
    .bind(receipt.charges)
    .bind(receipt.state.as_str())
    .bind(receipt.replaces)
    .bind(receipt.reason.as_deref())
    .bind(receipt.issued_at)
    .bind(receipt.ended_at)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn end(tx: &mut Tx, id: Id, state: ReceiptState, reason: &str) -> Result<(), Internal> {
    let now = tx.now();
    query("UPDATE receipts SET state = $2, reason = $3, ended_at = $4 WHERE id = $1")
        .bind(id)
        .bind(state.as_str())
        .bind(reason)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn in_force<'a>(on: impl Into<On<'a>>, charge: Id) -> Result<Option<Receipt>, Internal> {
    let row: Option<Row> =
        query(concat!("SELECT ", columns!(), " FROM receipts WHERE charge = $1 AND state = 'issued'"))
            .bind(charge)
            .fetch_optional(on)
            .await?;
    row.map(Row::read).transpose()
}

pub async fn by_id<'a>(on: impl Into<On<'a>>, id: Id) -> Result<Option<Receipt>, Internal> {
    let row: Option<Row> =
        query(concat!("SELECT ", columns!(), " FROM receipts WHERE id = $1")).bind(id).fetch_optional(on).await?;
    row.map(Row::read).transpose()
}

pub async fn of_charge<'a>(on: impl Into<On<'a>>, charge: Id) -> Result<Vec<Receipt>, Internal> {
    let rows: Vec<Row> =
        query(concat!("SELECT ", columns!(), " FROM receipts WHERE charge = $1 ORDER BY issued_at, number"))
            .bind(charge)
            .fetch_all(on)
            .await?;
    rows.into_iter().map(Row::read).collect()
}

/// The register of a unit's year, the highest number first, below `before`.
pub async fn register<'a>(
    on: impl Into<On<'a>>,
    unit: &str,
    year: i16,
    before: i64,
    limit: i64,
) -> Result<Vec<Receipt>, Internal> {
    let rows: Vec<Row> = query(concat!(
        "SELECT ",
        columns!(),
        " FROM receipts WHERE unit = $1 AND year = $2 AND number < $3 ORDER BY number DESC, issued_at DESC LIMIT $4"
    ))
    .bind(unit)
    .bind(i64::from(year))
    .bind(before)
    .bind(limit)
    .fetch_all(on)
    .await?;
    rows.into_iter().map(Row::read).collect()
}
