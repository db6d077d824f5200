//! Charges and their lines.

use songhan_base::{Id, Internal, Money};
use songhan_db::{At, On, Tx, query};

use super::{json, to_json, word};
use crate::charge::{Channel, Charge, ChargeLine, ChargeState, NewLine};

macro_rules! columns {
    () => {
        "id, reference, subject, purpose, unit, payer, secret, back, amount, state, channel, version, created_at, paid_at"
    };
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Id,
    reference: String,
    subject: String,
    purpose: String,
    unit: String,
    payer: Option<Id>,
    secret: String,
    back: String,
    amount: Money,
    state: String,
    channel: Option<String>,
    version: i64,
    created_at: At,
    paid_at: Option<At>,
}

impl Row {
    fn read(self) -> Result<Charge, Internal> {
        Ok(Charge {
            id: self.id,
            reference: self.reference,
            subject: self.subject,
            purpose: json(&self.purpose)?,
            unit: self.unit,
            payer: self.payer,
            amount: self.amount,
            state: word(&self.state)?,
            channel: self.channel.as_deref().map(word).transpose()?,
            version: self.version,
            back: self.back,
            created_at: self.created_at.0,
            paid_at: self.paid_at.map(|at| at.0),
            secret: self.secret,
        })
    }
}

pub async fn insert(tx: &mut Tx, charge: &Charge, lines: &[NewLine]) -> Result<(), Internal> {
    query(concat!(
        "INSERT INTO charges (",
        columns!(),
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
    ))
    .bind(charge.id)
    .bind(&charge.reference)
    .bind(&charge.subject)
    .bind(to_json(&charge.purpose)?)
    .bind(&charge.unit)
    .bind(charge.payer)
    .bind(&charge.secret)
    .bind(&charge.back)
    .bind(charge.amount)
    .bind(charge.state.as_str())
    .bind(charge.channel.map(Channel::as_str))
    .bind(charge.version)
    .bind(charge.created_at)
    .bind(charge.paid_at)
    .execute(&mut *tx)
    .await?;
    for (at, line) in lines.iter().enumerate() {
        query("INSERT INTO charge_lines (charge, line, name, quantity, unit_amount, basis) VALUES ($1, $2, $3, $4, $5, $6)")
            .bind(charge.id)
            .bind(at as i64)
            .bind(to_json(&line.name)?)
            .bind(line.quantity)
            .bind(line.unit_amount)
            .bind(to_json(&line.basis)?)
            .execute(&mut *tx)
            .await?;
    }
    Ok(())
}

pub async fn by_id<'a>(on: impl Into<On<'a>>, id: Id) -> Result<Option<Charge>, Internal> {
    let row: Option<Row> =
        query(concat!("SELECT ", columns!(), " FROM charges WHERE id = $1")).bind(id).fetch_optional(on).await?;
    row.map(Row::read).transpose()
}

/// The charge, held until the transaction ends.
pub async fn lock(tx: &mut Tx, id: Id) -> Result<Option<Charge>, Internal> {
    let row: Option<Row> = query(concat!("SELECT ", columns!(), " FROM charges WHERE id = $1 /*pg FOR UPDATE*/"))
        .bind(id)
        .fetch_optional(tx)
        .await?;
    row.map(Row::read).transpose()
}

/// The first charge of one of `references`, which is a short list.
pub async fn by_references(tx: &mut Tx, references: &[String]) -> Result<Option<Id>, Internal> {
    let row: Option<(Id,)> = query(
        "SELECT id FROM charges WHERE reference IN (SELECT value FROM json_each($1)) ORDER BY created_at LIMIT 1",
    )
    .bind(to_json(&references)?)
    .fetch_optional(tx)
    .await?;
    Ok(row.map(|(id,)| id))
}

pub async fn of_subject<'a>(on: impl Into<On<'a>>, subject: &str) -> Result<Vec<Charge>, Internal> {
    let rows: Vec<Row> =
        query(concat!("SELECT ", columns!(), " FROM charges WHERE subject = $1 ORDER BY created_at, id"))
            .bind(subject)
            .fetch_all(on)
            .await?;
    rows.into_iter().map(Row::read).collect()
}

pub async fn lines<'a>(on: impl Into<On<'a>>, charge: Id) -> Result<Vec<ChargeLine>, Internal> {
    let rows: Vec<(String, i64, Money, String)> =
        query("SELECT name, quantity, unit_amount, basis FROM charge_lines WHERE charge = $1 ORDER BY line")
            .bind(charge)
            .fetch_all(on)
            .await?;
    let lines = rows.into_iter().map(|(name, quantity, unit_amount, basis)| {
        let amount = unit_amount.checked_times(quantity).unwrap_or_default();
        Ok(ChargeLine { name: json(&name)?, quantity, unit_amount, amount, basis: json(&basis)? })
    });
    lines.collect()
}

/// Moves a charge that is held to its next state.
pub async fn change(
    tx: &mut Tx,
    charge: &mut Charge,
    to: ChargeState,
    channel: Option<Channel>,
) -> Result<(), Internal> {
    charge.state = to;
    charge.version += 1;
    if let Some(channel) = channel {
        charge.channel = Some(channel);
        charge.paid_at = Some(tx.now());
    }
    query("UPDATE charges SET state = $2, version = $3, channel = $4, paid_at = $5 WHERE id = $1")
        .bind(charge.id)
        .bind(to.as_str())
        .bind(charge.version)
        .bind(charge.channel.map(Channel::as_str))
        .bind(charge.paid_at)
        .execute(tx)
        .await?;
    Ok(())
}
