//! What is owed back.

use songhan_base::{Id, Internal, Money};
use songhan_db::{At, On, Tx, query};

use super::{to_json, word};
use crate::refund::{Payee, Refund, RefundState};

macro_rules! columns {
    () => {
        "id, source, unit, charge, payment, amount, route, state, payee_bin, payee_number, payee_name, failure, owed_at, requested_at, paid_at"
    };
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Id,
    source: String,
    unit: String,
    charge: Option<Id>,
    payment: Option<Id>,
    amount: Money,
    route: String,
    state: String,
    payee_bin: Option<String>,
    payee_number: Option<String>,
    payee_name: Option<String>,
    failure: Option<String>,
    owed_at: At,
    requested_at: Option<At>,
    paid_at: Option<At>,
}

impl Row {
    fn read(self) -> Result<Refund, Internal> {
        let payee = match (self.payee_bin, self.payee_number, self.payee_name) {
            (Some(bin), Some(number), Some(name)) => Some(Payee { bin, number, name }),
            _ => None,
        };
        Ok(Refund {
            id: self.id,
            source: self.source,
            unit: self.unit,
            charge: self.charge,
            payment: self.payment,
            amount: self.amount,
            route: word(&self.route)?,
            state: word(&self.state)?,
            payee,
            failure: self.failure,
            owed_at: self.owed_at.0,
            requested_at: self.requested_at.map(|at| at.0),
            paid_at: self.paid_at.map(|at| at.0),
        })
    }
}

fn read(rows: Vec<Row>) -> Result<Vec<Refund>, Internal> {
    rows.into_iter().map(Row::read).collect()
}

pub async fn insert(tx: &mut Tx, refund: &Refund) -> Result<(), Internal> {
    let payee = refund.payee.as_ref();
    query(concat!(
        "INSERT INTO refunds (",
        columns!(),
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
    ))
    .bind(refund.id)
    .bind(&refund.source)
    .bind(&refund.unit)
    .bind(refund.charge)
    .bind(refund.payment)
    .bind(refund.amount)
    .bind(refund.route.as_str())
    .bind(refund.state.as_str())
    .bind(payee.map(|p| p.bin.as_str()))
    .bind(payee.map(|p| p.number.as_str()))
    .bind(payee.map(|p| p.name.as_str()))
    .bind(refund.failure.as_deref())
    .bind(refund.owed_at)
    .bind(refund.requested_at)
    .bind(refund.paid_at)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn by_id<'a>(on: impl Into<On<'a>>, id: Id) -> Result<Option<Refund>, Internal> {
    let row: Option<Row> =
        query(concat!("SELECT ", columns!(), " FROM refunds WHERE id = $1")).bind(id).fetch_optional(on).await?;
    row.map(Row::read).transpose()
}

/// The refund, held until the transaction ends.
pub async fn lock(tx: &mut Tx, id: Id) -> Result<Option<Refund>, Internal> {
    let row: Option<Row> = query(concat!("SELECT ", columns!(), " FROM refunds WHERE id = $1 /*pg FOR UPDATE*/"))
        .bind(id)
        .fetch_optional(tx)
        .await?;
    row.map(Row::read).transpose()
}

/// What is owed back for a charge, oldest first.
pub async fn of_charge<'a>(on: impl Into<On<'a>>, charge: Id) -> Result<Vec<Refund>, Internal> {
    read(
        query(concat!("SELECT ", columns!(), " FROM refunds WHERE charge = $1 ORDER BY owed_at, id"))
            .bind(charge)
            .fetch_all(on)
            .await?,
    )
}

/// Those in a state, of some units (all where `None`), oldest first.
pub async fn in_state<'a>(
    on: impl Into<On<'a>>,
    state: RefundState,
    units: Option<&[String]>,
    limit: i64,
) -> Result<Vec<Refund>, Internal> {
    let units = units.map(|units| to_json(&units)).transpose()?;
    read(
        query(concat!(
            "SELECT ",
            columns!(),
            " FROM refunds WHERE state = $1 AND ($2 IS NULL OR unit IN (SELECT value FROM json_each($2)))
             ORDER BY owed_at, id LIMIT $3"
        ))
        .bind(state.as_str())
        .bind(units)
        .bind(limit)
        .fetch_all(on)
        .await?,
    )
}

/// How many wait in each state, and how much they are.
pub async fn waiting<'a>(on: impl Into<On<'a>>, units: Option<&[String]>) -> Result<Vec<(String, i64, i64)>, Internal> {
    let units = units.map(|units| to_json(&units)).transpose()?;
    query(
        "SELECT state, count(*), CAST(sum(amount) AS BIGINT) FROM refunds
         WHERE state <> 'paid' AND ($1 IS NULL OR unit IN (SELECT value FROM json_each($1))) GROUP BY state",
    )
    .bind(units)
    .fetch_all(on)
    .await
}

/// Those of a unit that can be ordered, by a way, held until the transaction ends.
pub async fn lock_requested(tx: &mut Tx, unit: &str, route: &str, limit: i64) -> Result<Vec<Refund>, Internal> {
    read(
        query(concat!(
            "SELECT ",
            columns!(),
            " FROM refunds WHERE state = 'requested' AND unit = $1 AND route = $2 ORDER BY owed_at, id LIMIT $3 /*pg FOR UPDATE*/"
        ))
        .bind(unit)
        .bind(route)
        .bind(limit)
        .fetch_all(tx)
        .await?,
    )
}

/// Writes what has changed of a refund that is held.
pub async fn change(tx: &mut Tx, refund: &Refund) -> Result<(), Internal> {
    let payee = refund.payee.as_ref();
    query(
        "UPDATE refunds SET route = $2, state = $3, payee_bin = $4, payee_number = $5, payee_name = $6, failure = $7,
             requested_at = $8, paid_at = $9 WHERE id = $1",
    )
    .bind(refund.id)
    .bind(refund.route.as_str())
    .bind(refund.state.as_str())
    .bind(payee.map(|p| p.bin.as_str()))
    .bind(payee.map(|p| p.number.as_str()))
    .bind(payee.map(|p| p.name.as_str()))
    .bind(refund.failure.as_deref())
    .bind(refund.requested_at)
    .bind(refund.paid_at)
    .execute(tx)
    .await?;
    Ok(())
}
