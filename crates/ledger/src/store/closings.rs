//! Closed days, and which charges are in them.

use jiff::Timestamp;
use songhan_base::{Id, Internal, Money, Text};
use songhan_db::{At, On, Tx, query};

use super::{json, to_json, word};
use crate::closing::{Closing, Moved};

macro_rules! columns {
    () => {
        "id, unit, day, fees, charges, total, count, state, closed_by, closed_name, closed_at, transferred_at"
    };
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Id,
    unit: String,
    day: String,
    fees: Money,
    charges: Money,
    total: Money,
    count: i64,
    state: String,
    closed_by: String,
    closed_name: String,
    closed_at: At,
    transferred_at: Option<At>,
}

impl Row {
    fn read(self) -> Result<Closing, Internal> {
        Ok(Closing {
            id: self.id,
            unit: self.unit,
            day: self.day,
            fees: self.fees,
            charges: self.charges,
            total: self.total,
            count: self.count,
            state: word(&self.state)?,
            closed_by: self.closed_by,
            closed_name: self.closed_name,
            closed_at: self.closed_at.0,
            transferred_at: self.transferred_at.map(|at| at.0),
        })
    }
}

/// Lines of the charges that were paid before `end` and are in no closing.
pub async fn to_enter(tx: &mut Tx, unit: &str, end: Timestamp) -> Result<Vec<(Id, Text, Money)>, Internal> {
    let rows: Vec<(Id, String, i64, Money)> = query(
        "SELECT l.charge, l.name, l.quantity, l.unit_amount FROM charges c JOIN charge_lines l ON l.charge = c.id
         WHERE c.unit = $1 AND c.state = 'paid' AND c.paid_at < $2
           AND NOT EXISTS (SELECT 1 FROM closing_lines k WHERE k.charge = c.id AND k.direction = 'in')",
    )
    .bind(unit)
    .bind(end)
    .fetch_all(tx)
    .await?;
    read(rows)
}

/// Lines of the charges that were refunded after they had entered a closing, and have left none.
pub async fn to_leave(tx: &mut Tx, unit: &str) -> Result<Vec<(Id, Text, Money)>, Internal> {
    let rows: Vec<(Id, String, i64, Money)> = query(
        "SELECT l.charge, l.name, l.quantity, l.unit_amount FROM charges c JOIN charge_lines l ON l.charge = c.id
         WHERE c.unit = $1 AND c.state = 'refunded'
           AND EXISTS (SELECT 1 FROM closing_lines k WHERE k.charge = c.id AND k.direction = 'in')
           AND NOT EXISTS (SELECT 1 FROM closing_lines k WHERE k.charge = c.id AND k.direction = 'out')",
    )
    .bind(unit)
    .fetch_all(tx)
    .await?;
    read(rows)
}

fn read(rows: Vec<(Id, String, i64, Money)>) -> Result<Vec<(Id, Text, Money)>, Internal> {
    let lines = rows.into_iter().map(|(charge, name, quantity, amount)| {
        Ok((charge, json(&name)?, amount.checked_times(quantity).unwrap_or_default()))
    });
    lines.collect()
}

pub async fn insert(tx: &mut Tx, closing: &Closing, moved: &[Moved]) -> Result<(), Internal> {
    query(concat!(
        "INSERT INTO closings (",
        columns!(),
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    ))
    .bind(closing.id)
    .bind(&closing.unit)
    .bind(&closing.day)
    .bind(closing.fees)
    .bind(closing.charges)
    .bind(closing.total)
    .bind(closing.count)
    .bind(closing.state.as_str())
    .bind(&closing.closed_by)
    .bind(&closing.closed_name)
    .bind(closing.closed_at)
    .bind(closing.transferred_at)
    .execute(&mut *tx)
    .await?;
    let lines: Vec<_> = moved
        .iter()
        .map(|moved| {
            let direction = if moved.is_in { "in" } else { "out" };
            serde_json::json!({ "charge": moved.charge, "direction": direction, "fees": moved.fees, "charges": moved.charges })
        })
        .collect();
    query(
        "INSERT INTO closing_lines (closing, charge, direction, fees, charges)
         SELECT $1, value ->> 'charge', value ->> 'direction', CAST(value ->> 'fees' AS BIGINT), CAST(value ->> 'charges' AS BIGINT)
         FROM json_each($2)",
    )
    .bind(closing.id)
    .bind(serde_json::Value::Array(lines))
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn by_id<'a>(on: impl Into<On<'a>>, id: Id) -> Result<Option<Closing>, Internal> {
    let row: Option<Row> =
        query(concat!("SELECT ", columns!(), " FROM closings WHERE id = $1")).bind(id).fetch_optional(on).await?;
    row.map(Row::read).transpose()
}

pub async fn lock(tx: &mut Tx, id: Id) -> Result<Option<Closing>, Internal> {
    let row: Option<Row> = query(concat!("SELECT ", columns!(), " FROM closings WHERE id = $1 /*pg FOR UPDATE*/"))
        .bind(id)
        .fetch_optional(tx)
        .await?;
    row.map(Row::read).transpose()
}

/// Whether a unit's day (or a later one) is closed.
pub async fn is_closed(tx: &mut Tx, unit: &str, day: &str) -> Result<bool, Internal> {
    let (count,): (i64,) =
        query("SELECT count(*) FROM closings WHERE unit = $1 AND day >= $2").bind(unit).bind(day).fetch_one(tx).await?;
    Ok(count > 0)
}

/// The latest of some units (all where `None`).
pub async fn latest<'a>(on: impl Into<On<'a>>, units: Option<&[String]>, limit: i64) -> Result<Vec<Closing>, Internal> {
    let units = units.map(|units| to_json(&units)).transpose()?;
    let rows: Vec<Row> = query(concat!(
        "SELECT ",
        columns!(),
        " FROM closings WHERE ($1 IS NULL OR unit IN (SELECT value FROM json_each($1))) ORDER BY day DESC, unit LIMIT $2"
    ))
    .bind(units)
    .bind(limit)
    .fetch_all(on)
    .await?;
    rows.into_iter().map(Row::read).collect()
}

pub async fn ordered(tx: &mut Tx, id: Id) -> Result<(), Internal> {
    query("UPDATE closings SET state = 'ordered' WHERE id = $1").bind(id).execute(tx).await.map(drop)
}

pub async fn to_be_ordered(tx: &mut Tx, id: Id) -> Result<(), Internal> {
    let sql = "UPDATE closings SET state = 'closed', transferred_at = NULL WHERE id = $1";
    query(sql).bind(id).execute(tx).await.map(drop)
}

pub async fn transferred(tx: &mut Tx, id: Id) -> Result<(), Internal> {
    let now = tx.now();
    let sql = "UPDATE closings SET state = 'transferred', transferred_at = $2 WHERE id = $1";
    query(sql).bind(id).bind(now).execute(tx).await.map(drop)
}

/// A charge in a closing: reference, what for, amounts, whether it entered or left.
#[derive(sqlx::FromRow, serde::Serialize)]
pub struct Line {
    pub charge: Id,
    pub reference: String,
    pub purpose: String,
    pub direction: String,
    pub fees: Money,
    pub charges: Money,
    pub channel: Option<String>,
}

pub async fn lines<'a>(on: impl Into<On<'a>>, closing: Id, limit: i64) -> Result<Vec<Line>, Internal> {
    query(
        "SELECT k.charge, c.reference, c.purpose, k.direction, k.fees, k.charges, c.channel
         FROM closing_lines k JOIN charges c ON c.id = k.charge WHERE k.closing = $1 ORDER BY k.direction, c.paid_at, c.id LIMIT $2",
    )
    .bind(closing)
    .bind(limit)
    .fetch_all(on)
    .await
}

/// Units with paid charges in no closing, before a moment: (unit, how many, how much).
pub async fn open_units<'a>(
    on: impl Into<On<'a>>,
    units: Option<&[String]>,
    end: Timestamp,
) -> Result<Vec<(String, i64, i64)>, Internal> {
    let units = units.map(|units| to_json(&units)).transpose()?;
    query(
        "SELECT c.unit, count(*), CAST(sum(c.amount) AS BIGINT) FROM charges c
         WHERE c.state = 'paid' AND c.paid_at IS NOT NULL AND c.paid_at < $1 AND ($2 IS NULL OR c.unit IN (SELECT value FROM json_each($2)))
           AND NOT EXISTS (SELECT 1 FROM closing_lines k WHERE k.charge = c.id AND k.direction = 'in')
         GROUP BY c.unit ORDER BY c.unit",
    )
    .bind(end)
    .bind(units)
    .fetch_all(on)
    .await
}

/// What was collected between two moments, by channel: (channel, how many, how much).
pub async fn collected<'a>(
    on: impl Into<On<'a>>,
    units: Option<&[String]>,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<(String, i64, i64)>, Internal> {
    let units = units.map(|units| to_json(&units)).transpose()?;
    query(
        "SELECT c.channel, count(*), CAST(sum(c.amount) AS BIGINT) FROM charges c
         WHERE c.paid_at IS NOT NULL AND c.paid_at >= $1 AND c.paid_at < $2
           AND ($3 IS NULL OR c.unit IN (SELECT value FROM json_each($3))) GROUP BY c.channel ORDER BY c.channel",
    )
    .bind(from)
    .bind(until)
    .bind(units)
    .fetch_all(on)
    .await
}
