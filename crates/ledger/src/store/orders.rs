//! Payment orders and their lines.

use songhan_base::{Id, Internal, Money};
use songhan_db::{At, On, Tx, query};

use super::{to_json, word};
use crate::order::{LineState, Order, OrderLine, OrderState};
use crate::refund::Payee;

macro_rules! columns {
    () => {
        "id, number, kind, unit, account, total, count, state, prepared_by, prepared_name, prepared_at, approved_name, approved_at"
    };
}

macro_rules! line_columns {
    () => {
        "order_id, line, end_to_end, refund, closing, amount, payee_bin, payee_number, payee_name, information, state, failure, settled_at"
    };
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Id,
    number: String,
    kind: String,
    unit: String,
    account: String,
    total: Money,
    count: i64,
    state: String,
    prepared_by: String,
    prepared_name: String,
    prepared_at: At,
    approved_name: Option<String>,
    approved_at: Option<At>,
}

impl Row {
    fn read(self) -> Result<Order, Internal> {
        Ok(Order {
            id: self.id,
            number: self.number,
            kind: word(&self.kind)?,
            unit: self.unit,
            account: self.account,
            total: self.total,
            count: self.count,
            state: word(&self.state)?,
            prepared_by: self.prepared_by,
            prepared_name: self.prepared_name,
            prepared_at: self.prepared_at.0,
            approved_name: self.approved_name,
            approved_at: self.approved_at.map(|at| at.0),
        })
    }
}

#[derive(sqlx::FromRow)]
struct LineRow {
    order_id: Id,
    line: i64,
    end_to_end: String,
    refund: Option<Id>,
    closing: Option<Id>,
    amount: Money,
    payee_bin: String,
    payee_number: String,
    payee_name: String,
    information: String,
    state: String,
    failure: Option<String>,
    settled_at: Option<At>,
}

impl LineRow {
    fn read(self) -> Result<OrderLine, Internal> {
        Ok(OrderLine {
            order: self.order_id,
            line: self.line,
            end_to_end: self.end_to_end,
            refund: self.refund,
            closing: self.closing,
            amount: self.amount,
            payee: Payee { bin: self.payee_bin, number: self.payee_number, name: self.payee_name },
            information: self.information,
            state: word(&self.state)?,
            failure: self.failure,
            settled_at: self.settled_at.map(|at| at.0),
        })
    }
}

pub async fn insert(tx: &mut Tx, order: &Order, lines: &[OrderLine]) -> Result<(), Internal> {
    query(concat!(
        "INSERT INTO payment_orders (",
        columns!(),
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
    ))
    .bind(order.id)
    .bind(&order.number)
    .bind(order.kind.as_str())
    .bind(&order.unit)
    .bind(&order.account)
    .bind(order.total)
    .bind(order.count)
    .bind(order.state.as_str())
    .bind(&order.prepared_by)
    .bind(&order.prepared_name)
    .bind(order.prepared_at)
    .bind(order.approved_name.as_deref())
    .bind(order.approved_at)
    .execute(&mut *tx)
    .await?;
    for line in lines {
        query(concat!(
            "INSERT INTO payment_order_lines (",
            line_columns!(),
            ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
        ))
        .bind(order.id)
        .bind(line.line)
        .bind(&line.end_to_end)
        .bind(line.refund)
        .bind(line.closing)
        .bind(line.amount)
        .bind(&line.payee.bin)
        .bind(&line.payee.number)
        .bind(&line.payee.name)
        .bind(&line.information)
        .bind(line.state.as_str())
        .bind(line.failure.as_deref())
        .bind(line.settled_at)
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}

pub async fn by_id<'a>(on: impl Into<On<'a>>, id: Id) -> Result<Option<Order>, Internal> {
    let row: Option<Row> =
        query(concat!("SELECT ", columns!(), " FROM payment_orders WHERE id = $1")).bind(id).fetch_optional(on).await?;
    row.map(Row::read).transpose()
}

/// The order, held until the transaction ends: the one lock of everything about it.
pub async fn lock(tx: &mut Tx, id: Id) -> Result<Option<Order>, Internal> {
    let row: Option<Row> =
        query(concat!("SELECT ", columns!(), " FROM payment_orders WHERE id = $1 /*pg FOR UPDATE*/"))
            .bind(id)
            .fetch_optional(tx)
            .await?;
    row.map(Row::read).transpose()
}

/// The latest of some units (all where `None`).
pub async fn latest<'a>(
    on: impl Into<On<'a>>,
    units: Option<&[String]>,
    kinds: &[&str],
    limit: i64,
) -> Result<Vec<Order>, Internal> {
    let units = units.map(|units| to_json(&units)).transpose()?;
    let rows: Vec<Row> = query(concat!(
        "SELECT ",
        columns!(),
        " FROM payment_orders WHERE ($1 IS NULL OR unit IN (SELECT value FROM json_each($1)))
           AND kind IN (SELECT value FROM json_each($2)) ORDER BY prepared_at DESC, number DESC LIMIT $3"
    ))
    .bind(units)
    .bind(to_json(&kinds)?)
    .bind(limit)
    .fetch_all(on)
    .await?;
    rows.into_iter().map(Row::read).collect()
}

pub async fn lines<'a>(on: impl Into<On<'a>>, order: Id) -> Result<Vec<OrderLine>, Internal> {
    let rows: Vec<LineRow> =
        query(concat!("SELECT ", line_columns!(), " FROM payment_order_lines WHERE order_id = $1 ORDER BY line"))
            .bind(order)
            .fetch_all(on)
            .await?;
    rows.into_iter().map(LineRow::read).collect()
}

pub async fn line_numbered<'a>(on: impl Into<On<'a>>, end_to_end: &str) -> Result<Option<OrderLine>, Internal> {
    let row: Option<LineRow> =
        query(concat!("SELECT ", line_columns!(), " FROM payment_order_lines WHERE end_to_end = $1"))
            .bind(end_to_end)
            .fetch_optional(on)
            .await?;
    row.map(LineRow::read).transpose()
}

/// Writes who has approved an order that is held, or that it was cancelled or is done.
pub async fn change(tx: &mut Tx, order: &Order, approved_by: Option<&str>) -> Result<(), Internal> {
    query(
        "UPDATE payment_orders SET state = $2, approved_by = coalesce($3, approved_by), approved_name = $4, approved_at = $5
         WHERE id = $1",
    )
    .bind(order.id)
    .bind(order.state.as_str())
    .bind(approved_by)
    .bind(order.approved_name.as_deref())
    .bind(order.approved_at)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn change_line(tx: &mut Tx, line: &OrderLine) -> Result<(), Internal> {
    query("UPDATE payment_order_lines SET state = $2, failure = $3, settled_at = $4 WHERE end_to_end = $1")
        .bind(&line.end_to_end)
        .bind(line.state.as_str())
        .bind(line.failure.as_deref())
        .bind(line.settled_at)
        .execute(tx)
        .await?;
    Ok(())
}

/// Whether lines of an order are still to be settled.
pub async fn is_open(tx: &mut Tx, order: Id) -> Result<bool, Internal> {
    let (open,): (i64,) =
        query("SELECT count(*) FROM payment_order_lines WHERE order_id = $1 AND state IN ('waiting', 'sent')")
            .bind(order)
            .fetch_one(tx)
            .await?;
    Ok(open > 0)
}

/// Moves every line of an order.
pub async fn change_lines(tx: &mut Tx, order: Id, to: LineState, failure: Option<&str>) -> Result<(), Internal> {
    query("UPDATE payment_order_lines SET state = $2, failure = $3 WHERE order_id = $1")
        .bind(order)
        .bind(to.as_str())
        .bind(failure)
        .execute(tx)
        .await?;
    Ok(())
}

/// How many orders of some units stand in a state.
pub async fn count<'a>(
    on: impl Into<On<'a>>,
    state: OrderState,
    units: Option<&[String]>,
) -> Result<(i64, i64), Internal> {
    let units = units.map(|units| to_json(&units)).transpose()?;
    query(
        "SELECT count(*), CAST(coalesce(sum(total), 0) AS BIGINT) FROM payment_orders
         WHERE state = $1 AND ($2 IS NULL OR unit IN (SELECT value FROM json_each($2)))",
    )
    .bind(state.as_str())
    .bind(units)
    .fetch_one(on)
    .await
}
