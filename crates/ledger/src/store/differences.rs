//! Differences between statements and books, and how each was resolved.

use jiff::Timestamp;
use songhan_base::{Id, Internal, Money};
use songhan_db::{At, On, Tx, query};

use super::{to_json, word};
use crate::reconcile::Kind;

macro_rules! columns {
    () => {
        "id, statement, line, kind, account, movement, ours, theirs, fee, our_account, our_day, their_day, reference, description, charge, state, resolution, reason, resolved_name, resolved_at, found_at"
    };
}

words!(
    /// Trạng thái chênh lệch.
    DifferenceState, "state of a difference" {
        Open = "open",
        Resolved = "resolved",
    }
);

words!(
    /// Cách xử lý chênh lệch.
    Resolution, "resolution" {
        /// Đã làm rõ: nothing is booked.
        Explained = "explained",
        /// Ghi sổ theo sao kê.
        Adjusted = "adjusted",
        /// Đã gán cho khoản thu: a credit in suspense, or a payment of the gateway's that we had not heard of.
        Matched = "matched",
        /// A later statement had it.
        Found = "found",
    }
);

/// A difference, as the database holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub id: Id,
    pub statement: Id,
    pub line: Option<i64>,
    pub kind: Kind,
    pub account: String,
    pub movement: Option<String>,
    /// Signed: what came is above zero.
    pub ours: Option<Money>,
    pub theirs: Option<Money>,
    pub fee: Money,
    pub our_account: Option<String>,
    pub our_day: Option<String>,
    pub their_day: Option<String>,
    pub reference: String,
    pub description: Option<String>,
    pub charge: Option<Id>,
    pub state: DifferenceState,
    pub resolution: Option<Resolution>,
    pub reason: Option<String>,
    pub resolved_name: Option<String>,
    pub resolved_at: Option<Timestamp>,
    pub found_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Id,
    statement: Id,
    line: Option<i64>,
    kind: String,
    account: String,
    movement: Option<String>,
    ours: Option<Money>,
    theirs: Option<Money>,
    fee: Money,
    our_account: Option<String>,
    our_day: Option<String>,
    their_day: Option<String>,
    reference: String,
    description: Option<String>,
    charge: Option<Id>,
    state: String,
    resolution: Option<String>,
    reason: Option<String>,
    resolved_name: Option<String>,
    resolved_at: Option<At>,
    found_at: At,
}

impl Row {
    fn read(self) -> Result<Difference, Internal> {
        Ok(Difference {
            id: self.id,
            statement: self.statement,
            line: self.line,
            kind: word(&self.kind)?,
            account: self.account,
            movement: self.movement,
            ours: self.ours,
            theirs: self.theirs,
            fee: self.fee,
            our_account: self.our_account,
            our_day: self.our_day,
            their_day: self.their_day,
            reference: self.reference,
            description: self.description,
            charge: self.charge,
            state: word(&self.state)?,
            resolution: self.resolution.as_deref().map(word).transpose()?,
            reason: self.reason,
            resolved_name: self.resolved_name,
            resolved_at: self.resolved_at.map(|at| at.0),
            found_at: self.found_at.0,
        })
    }
}

pub async fn insert(tx: &mut Tx, difference: &Difference) -> Result<(), Internal> {
    query(
        "INSERT INTO differences (id, statement, line, kind, account, movement, ours, theirs, fee, our_account, our_day,
             their_day, reference, description, charge, state, found_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 'open', $16)",
    )
    .bind(difference.id)
    .bind(difference.statement)
    .bind(difference.line)
    .bind(difference.kind.as_str())
    .bind(&difference.account)
    .bind(difference.movement.as_deref())
    .bind(difference.ours)
    .bind(difference.theirs)
    .bind(difference.fee)
    .bind(difference.our_account.as_deref())
    .bind(difference.our_day.as_deref())
    .bind(difference.their_day.as_deref())
    .bind(&difference.reference)
    .bind(difference.description.as_deref())
    .bind(difference.charge)
    .bind(difference.found_at)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn by_id<'a>(on: impl Into<On<'a>>, id: Id) -> Result<Option<Difference>, Internal> {
    let row: Option<Row> =
        query(concat!("SELECT ", columns!(), " FROM differences WHERE id = $1")).bind(id).fetch_optional(on).await?;
    row.map(Row::read).transpose()
}

pub async fn lock(tx: &mut Tx, id: Id) -> Result<Option<Difference>, Internal> {
    let row: Option<Row> = query(concat!("SELECT ", columns!(), " FROM differences WHERE id = $1 /*pg FOR UPDATE*/"))
        .bind(id)
        .fetch_optional(tx)
        .await?;
    row.map(Row::read).transpose()
}

/// Those of a statement, in its order; what the bank has not at the end.
pub async fn of_statement<'a>(on: impl Into<On<'a>>, statement: Id, limit: i64) -> Result<Vec<Difference>, Internal> {
    let rows: Vec<Row> = query(concat!(
        "SELECT ",
        columns!(),
        " FROM differences WHERE statement = $1 ORDER BY line NULLS LAST, found_at, id LIMIT $2"
    ))
    .bind(statement)
    .bind(limit)
    .fetch_all(on)
    .await?;
    rows.into_iter().map(Row::read).collect()
}

/// Those that are open, by account: (account, how many).
pub async fn open<'a>(on: impl Into<On<'a>>) -> Result<Vec<(String, i64)>, Internal> {
    query("SELECT account, count(*) FROM differences WHERE state = 'open' GROUP BY account ORDER BY account")
        .fetch_all(on)
        .await
}

/// Who resolved how, and why.
pub struct Resolved<'a> {
    pub resolution: Resolution,
    pub reason: &'a str,
    pub by: &'a str,
    pub name: &'a str,
}

pub async fn resolve(tx: &mut Tx, id: Id, resolved: &Resolved<'_>) -> Result<(), Internal> {
    let now = tx.now();
    query(
        "UPDATE differences SET state = 'resolved', resolution = $2, reason = $3, resolved_by = $4, resolved_name = $5,
             resolved_at = $6 WHERE id = $1 AND state = 'open'",
    )
    .bind(id)
    .bind(resolved.resolution.as_str())
    .bind(resolved.reason)
    .bind(resolved.by)
    .bind(resolved.name)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Movements of a kind that are open and have turned up otherwise.
pub async fn resolve_movements(
    tx: &mut Tx,
    kind: Kind,
    movements: &[&str],
    resolved: &Resolved<'_>,
) -> Result<u64, Internal> {
    let now = tx.now();
    query(
        "UPDATE differences SET state = 'resolved', resolution = $3, reason = $4, resolved_by = $5, resolved_name = $6,
             resolved_at = $7 WHERE state = 'open' AND kind = $1 AND movement IN (SELECT value FROM json_each($2))",
    )
    .bind(kind.as_str())
    .bind(to_json(&movements)?)
    .bind(resolved.resolution.as_str())
    .bind(resolved.reason)
    .bind(resolved.by)
    .bind(resolved.name)
    .bind(now)
    .execute(tx)
    .await
}
