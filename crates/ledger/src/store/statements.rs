//! Statements, their lines, and what of ours they may show.

use jiff::Timestamp;
use songhan_base::{Id, Internal, Money};
use songhan_db::{At, On, Tx, query};

use super::{to_json, word};
use crate::reconcile::Line;
use crate::statement::{Format, Source};

macro_rules! columns {
    () => {
        "id, source, format, file_name, sha256, accounts, first_day, last_day, line_count, matched, repeated, credit_total, debit_total, imported_at"
    };
}

/// A statement, as the database holds it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[schema(as = Statement, example = json!({"id": "019aa4a0-7c00-7000-8000-000000000007", "source": "bank", "format": "camt.053",
    "file_name": "saoke-20261120.xml", "accounts": ["1017595600"], "first_day": "2026-11-20", "last_day": "2026-11-20",
    "line_count": 2000, "matched": 1950, "repeated": 0, "differences": 50, "open": 50, "credit_total": 32000000,
    "debit_total": 0, "imported_at": "2026-11-21T01:00:00Z"}))]
pub struct Kept {
    #[schema(value_type = String, format = Uuid)]
    pub id: Id,
    pub source: Source,
    pub format: Format,
    pub file_name: String,
    /// Account numbers, or the merchant at the gateway.
    pub accounts: Vec<String>,
    #[schema(format = Date)]
    pub first_day: String,
    #[schema(format = Date)]
    pub last_day: String,
    pub line_count: i64,
    pub matched: i64,
    /// Lines that an earlier statement had.
    pub repeated: i64,
    pub differences: i64,
    /// Differences that nobody has resolved yet.
    pub open: i64,
    #[schema(value_type = i64)]
    pub credit_total: Money,
    #[schema(value_type = i64)]
    pub debit_total: Money,
    #[schema(value_type = String, format = DateTime)]
    pub imported_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Id,
    source: String,
    format: String,
    file_name: String,
    accounts: String,
    first_day: String,
    last_day: String,
    line_count: i64,
    matched: i64,
    repeated: i64,
    credit_total: Money,
    debit_total: Money,
    imported_at: At,
    differences: i64,
    open: i64,
}

impl Row {
    fn read(self) -> Result<Kept, Internal> {
        Ok(Kept {
            id: self.id,
            source: word(&self.source)?,
            format: word(&self.format)?,
            file_name: self.file_name,
            accounts: super::json(&self.accounts)?,
            first_day: self.first_day,
            last_day: self.last_day,
            line_count: self.line_count,
            matched: self.matched,
            repeated: self.repeated,
            differences: self.differences,
            open: self.open,
            credit_total: self.credit_total,
            debit_total: self.debit_total,
            imported_at: self.imported_at.0,
        })
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            ", (SELECT count(*) FROM differences d WHERE d.statement = s.id) AS differences,
             (SELECT count(*) FROM differences d WHERE d.statement = s.id AND d.state = 'open') AS open FROM statements s ",
            $rest
        )
    };
}

pub async fn by_id<'a>(on: impl Into<On<'a>>, id: Id) -> Result<Option<Kept>, Internal> {
    let row: Option<Row> = query(select!("WHERE s.id = $1")).bind(id).fetch_optional(on).await?;
    row.map(Row::read).transpose()
}

/// The statement that was read from the same bytes.
pub async fn of_bytes(tx: &mut Tx, sha256: &str) -> Result<Option<Kept>, Internal> {
    let row: Option<Row> = query(select!("WHERE s.sha256 = $1")).bind(sha256).fetch_optional(tx).await?;
    row.map(Row::read).transpose()
}

pub async fn latest<'a>(on: impl Into<On<'a>>, limit: i64) -> Result<Vec<Kept>, Internal> {
    let rows: Vec<Row> =
        query(select!("ORDER BY s.imported_at DESC, s.id DESC LIMIT $1")).bind(limit).fetch_all(on).await?;
    rows.into_iter().map(Row::read).collect()
}

pub async fn insert(tx: &mut Tx, kept: &Kept, sha256: &str, by: &str) -> Result<(), Internal> {
    query(concat!(
        "INSERT INTO statements (",
        columns!(),
        ", imported_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
    ))
    .bind(kept.id)
    .bind(kept.source.as_str())
    .bind(kept.format.as_str())
    .bind(&kept.file_name)
    .bind(sha256)
    .bind(to_json(&kept.accounts)?)
    .bind(&kept.first_day)
    .bind(&kept.last_day)
    .bind(kept.line_count)
    .bind(kept.matched)
    .bind(kept.repeated)
    .bind(kept.credit_total)
    .bind(kept.debit_total)
    .bind(kept.imported_at)
    .bind(by)
    .execute(tx)
    .await?;
    Ok(())
}

/// A line with what became of it.
pub struct Told<'a> {
    pub number: usize,
    pub line: &'a Line,
    pub outcome: &'static str,
    pub movement: Option<String>,
}

/// Writes lines, many at a time.
pub async fn insert_lines(tx: &mut Tx, statement: Id, lines: &[Told<'_>]) -> Result<(), Internal> {
    for some in lines.chunks(2_000) {
        let rows: Vec<_> = some
            .iter()
            .map(|told| {
                let line = told.line;
                serde_json::json!({
                    "line": told.number, "account": line.account, "booked_on": line.booked_on.to_string(),
                    "direction": line.direction, "amount": line.amount, "fee": line.fee, "reference": line.reference,
                    "end_to_end": line.end_to_end, "outcome": told.outcome, "movement": told.movement,
                    // Whoever is matched needs no description any more.
                    "description": (told.outcome == "difference").then_some(&line.description),
                })
            })
            .collect();
        query(
            "INSERT INTO statement_lines (statement, line, account, booked_on, direction, amount, fee, reference, end_to_end,
                 description, outcome, movement)
             SELECT $1, CAST(value ->> 'line' AS BIGINT), value ->> 'account', value ->> 'booked_on', value ->> 'direction',
                 CAST(value ->> 'amount' AS BIGINT), CAST(value ->> 'fee' AS BIGINT), value ->> 'reference',
                 value ->> 'end_to_end', value ->> 'description', value ->> 'outcome', value ->> 'movement'
             FROM json_each($2)",
        )
        .bind(statement)
        .bind(serde_json::Value::Array(rows))
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}

/// A line of an earlier statement, as it is compared.
#[derive(sqlx::FromRow)]
pub struct Earlier {
    pub account: String,
    pub booked_on: String,
    pub direction: String,
    pub amount: Money,
    pub reference: String,
    pub end_to_end: String,
}

/// Lines of earlier statements with one of these numbers.
pub async fn earlier(tx: &mut Tx, references: &[&str]) -> Result<Vec<Earlier>, Internal> {
    query(
        "SELECT account, booked_on, direction, amount, reference, end_to_end FROM statement_lines
         WHERE outcome <> 'repeated' AND reference IN (SELECT value FROM json_each($1))",
    )
    .bind(to_json(&references)?)
    .fetch_all(tx)
    .await
}

/// A credit that the bank told us of.
#[derive(sqlx::FromRow)]
pub struct Credit {
    pub transaction_id: String,
    pub account: String,
    pub amount: Money,
    pub booked_at: Option<At>,
    pub received_at: At,
    /// Payment code of its charge.
    pub code: Option<String>,
    pub seen: i64,
}

/// Credits by the bank's number, by the code of their charge, or received between two moments.
pub async fn credits(
    tx: &mut Tx,
    ids: &[&str],
    codes: &[String],
    (from, until): (Timestamp, Timestamp),
) -> Result<Vec<Credit>, Internal> {
    query(
        "SELECT n.transaction_id, n.account, n.amount, n.booked_at, n.received_at, c.reference AS code,
             (SELECT count(*) FROM statement_lines s WHERE s.movement = 'credit:' || n.transaction_id)
             + (SELECT count(*) FROM differences d WHERE d.movement = 'credit:' || n.transaction_id AND d.kind = 'missing'
                  AND d.resolution = 'adjusted') AS seen
         FROM bank_notifications n LEFT JOIN charges c ON c.id = n.charge
         WHERE n.transaction_id IN (
             SELECT value FROM json_each($1)
             UNION SELECT m.transaction_id FROM bank_notifications m JOIN charges k ON k.id = m.charge
                   WHERE k.reference IN (SELECT value FROM json_each($2))
             UNION SELECT m.transaction_id FROM bank_notifications m WHERE m.received_at >= $3 AND m.received_at < $4)
         ORDER BY n.received_at, n.transaction_id",
    )
    .bind(to_json(&ids)?)
    .bind(to_json(&codes)?)
    .bind(from)
    .bind(until)
    .fetch_all(tx)
    .await
}

/// A payment through a gateway.
#[derive(sqlx::FromRow)]
pub struct Paid {
    pub id: Id,
    pub channel: String,
    pub txn_ref: String,
    pub gateway_no: Option<String>,
    pub amount: Money,
    pub settled_at: Option<At>,
    pub raw: Option<String>,
    pub code: String,
    pub seen: i64,
}

/// Payments through a gateway that succeeded, by their number or settled between two moments.
pub async fn paid(
    tx: &mut Tx,
    txn_refs: &[&str],
    (from, until): (Timestamp, Timestamp),
) -> Result<Vec<Paid>, Internal> {
    query(
        "SELECT p.id, p.channel, p.txn_ref, p.gateway_no, p.amount, p.settled_at, p.raw, c.reference AS code,
             (SELECT count(*) FROM statement_lines s WHERE s.movement = 'payment:' || p.id)
             + (SELECT count(*) FROM differences d WHERE d.movement = 'payment:' || p.id AND d.kind = 'missing'
                  AND d.resolution = 'adjusted') AS seen
         FROM payments p JOIN charges c ON c.id = p.charge
         WHERE p.channel IN ('vnpay', 'momo') AND p.state = 'succeeded' AND p.id IN (
             SELECT q.id FROM payments q WHERE q.txn_ref IN (SELECT value FROM json_each($1))
             UNION SELECT q.id FROM payments q WHERE q.channel IN ('vnpay', 'momo') AND q.state = 'succeeded'
                 AND q.settled_at >= $2 AND q.settled_at < $3)
         ORDER BY p.settled_at, p.id",
    )
    .bind(to_json(&txn_refs)?)
    .bind(from)
    .bind(until)
    .fetch_all(tx)
    .await
}

/// A line of an order that left.
#[derive(sqlx::FromRow)]
pub struct Left {
    pub end_to_end: String,
    pub kind: String,
    pub account: String,
    pub amount: Money,
    pub approved_at: Option<At>,
    pub settled_at: Option<At>,
    /// Number of the payment that a gateway gives back.
    pub txn_ref: Option<String>,
    pub seen: i64,
}

/// Lines of orders by their number (or by that of the payment given back), all that are on their way, and what the
/// gateway gave back between two moments.
pub async fn left(
    tx: &mut Tx,
    numbers: &[String],
    (from, until): (Timestamp, Timestamp),
) -> Result<Vec<Left>, Internal> {
    query(
        "SELECT l.end_to_end, o.kind, o.account, l.amount, o.approved_at, l.settled_at, p.txn_ref,
             (SELECT count(*) FROM statement_lines s WHERE s.movement = 'order:' || l.end_to_end) AS seen
         FROM payment_order_lines l JOIN payment_orders o ON o.id = l.order_id
             LEFT JOIN refunds r ON r.id = l.refund LEFT JOIN payments p ON p.id = r.payment
         WHERE l.state IN ('sent', 'paid') AND (l.state = 'sent'
             OR l.end_to_end IN (SELECT value FROM json_each($1))
             OR (o.kind = 'gateway_refund' AND p.txn_ref IN (SELECT value FROM json_each($1)))
             OR (o.kind = 'gateway_refund' AND l.settled_at >= $2 AND l.settled_at < $3))
         ORDER BY o.approved_at, l.end_to_end",
    )
    .bind(to_json(&numbers)?)
    .bind(from)
    .bind(until)
    .fetch_all(tx)
    .await
}

/// The charge that a movement is for, where it is for one.
pub async fn charge_of<'a>(on: impl Into<On<'a>>, movement: &str) -> Result<Option<Id>, Internal> {
    let (kind, id) = movement.split_once(':').unwrap_or(("", movement));
    let sql = match kind {
        "credit" => "SELECT charge FROM bank_notifications WHERE transaction_id = $1",
        "payment" => "SELECT charge FROM payments WHERE id = $1",
        _ => "SELECT r.charge FROM payment_order_lines l JOIN refunds r ON r.id = l.refund WHERE l.end_to_end = $1",
    };
    let row: Option<(Option<Id>,)> = query(sql).bind(id).fetch_optional(on).await?;
    Ok(row.and_then(|(charge,)| charge))
}

/// Our own number on a line of a statement.
pub async fn end_to_end<'a>(on: impl Into<On<'a>>, statement: Id, line: i64) -> Result<Option<String>, Internal> {
    let row: Option<(String,)> = query("SELECT end_to_end FROM statement_lines WHERE statement = $1 AND line = $2")
        .bind(statement)
        .bind(line)
        .fetch_optional(on)
        .await?;
    Ok(row.map(|(number,)| number))
}
