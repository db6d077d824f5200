//! All SQL of the queue.

use jiff::civil::Date;
use songhan_base::{Id, Internal};
use songhan_db::{At, Db, On, Tx, query, query_dyn};

use crate::ticket::{DayFigures, Ticket};

const COLUMNS: &str =
    "id, unit, day, number, service, priority, state, desk, officer, calls, taken_at, called_at, ended_at";

/// Those with a priority first, then as they came.
const ORDER: &str = "CASE WHEN priority IS NULL THEN 1 ELSE 0 END, number";

pub async fn insert(tx: &mut Tx, ticket: &Ticket) -> Result<(), Internal> {
    query(
        "INSERT INTO queue_tickets (id, unit, day, number, service, priority, state, taken_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(ticket.id)
    .bind(&ticket.unit)
    .bind(&ticket.day)
    .bind(ticket.number)
    .bind(&ticket.service)
    .bind(ticket.priority.as_deref())
    .bind(&ticket.state)
    .bind(ticket.taken_at)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn by_id<'a>(on: impl Into<On<'a>>, id: Id) -> Result<Option<Ticket>, Internal> {
    query_dyn(format!("SELECT {COLUMNS} FROM queue_tickets WHERE id = $1")).bind(id).fetch_optional(on).await
}

/// The ticket, locked until the end of the transaction.
pub async fn lock(tx: &mut Tx, id: Id) -> Result<Option<Ticket>, Internal> {
    query_dyn(format!("SELECT {COLUMNS} FROM queue_tickets WHERE id = $1 /*pg FOR UPDATE*/"))
        .bind(id)
        .fetch_optional(tx)
        .await
}

/// Whose turn it is, locked; one that another desk calls at this moment is left to it.
pub async fn next(tx: &mut Tx, unit: &str, day: &str) -> Result<Option<Ticket>, Internal> {
    query_dyn(format!(
        "SELECT {COLUMNS} FROM queue_tickets WHERE unit = $1 AND day = $2 AND state = 'waiting'
         ORDER BY {ORDER} LIMIT 1 /*pg FOR UPDATE SKIP LOCKED*/"
    ))
    .bind(unit)
    .bind(day)
    .fetch_optional(tx)
    .await
}

pub async fn waiting(db: &Db, unit: &str, day: &str, limit: i64) -> Result<Vec<Ticket>, Internal> {
    query_dyn(format!(
        "SELECT {COLUMNS} FROM queue_tickets WHERE unit = $1 AND day = $2 AND state = 'waiting' ORDER BY {ORDER} LIMIT $3"
    ))
    .bind(unit)
    .bind(day)
    .bind(limit)
    .fetch_all(db)
    .await
}

/// Those that are called now, the last first.
pub async fn called(db: &Db, unit: &str, day: &str, limit: i64) -> Result<Vec<Ticket>, Internal> {
    query_dyn(format!(
        "SELECT {COLUMNS} FROM queue_tickets WHERE unit = $1 AND day = $2 AND state = 'called'
         ORDER BY called_at DESC, number DESC LIMIT $3"
    ))
    .bind(unit)
    .bind(day)
    .bind(limit)
    .fetch_all(db)
    .await
}

/// What an officer has called and not finished.
pub async fn called_by<'a>(on: impl Into<On<'a>>, unit: &str, day: &str, officer: Id) -> Result<Vec<Ticket>, Internal> {
    query_dyn(format!(
        "SELECT {COLUMNS} FROM queue_tickets WHERE unit = $1 AND day = $2 AND state = 'called' AND officer = $3
         ORDER BY called_at DESC"
    ))
    .bind(unit)
    .bind(day)
    .bind(officer)
    .fetch_all(on)
    .await
}

/// Writes what calling and finishing change.
pub async fn update(tx: &mut Tx, ticket: &Ticket) -> Result<(), Internal> {
    query(
        "UPDATE queue_tickets SET state = $2, desk = $3, officer = $4, calls = $5, called_at = $6, ended_at = $7
         WHERE id = $1",
    )
    .bind(ticket.id)
    .bind(&ticket.state)
    .bind(ticket.desk.as_deref())
    .bind(ticket.officer)
    .bind(ticket.calls)
    .bind(ticket.called_at)
    .bind(ticket.ended_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// How many are called before this one.
pub async fn ahead(db: &Db, ticket: &Ticket) -> Result<i64, Internal> {
    let (count,): (i64,) = query(
        "SELECT COUNT(*) FROM queue_tickets WHERE unit = $1 AND day = $2 AND state = 'waiting'
         AND CASE WHEN $4 THEN priority IS NOT NULL AND number < $3 ELSE priority IS NOT NULL OR number < $3 END",
    )
    .bind(&ticket.unit)
    .bind(&ticket.day)
    .bind(ticket.number)
    .bind(ticket.priority.is_some())
    .fetch_one(db)
    .await?;
    Ok(count)
}

/// The moments of the last calls of the day.
pub async fn calls(db: &Db, unit: &str, day: &str, limit: i64) -> Result<Vec<At>, Internal> {
    let rows: Vec<(At,)> = query(
        "SELECT called_at FROM queue_tickets WHERE unit = $1 AND day = $2 AND called_at IS NOT NULL
         ORDER BY called_at DESC LIMIT $3",
    )
    .bind(unit)
    .bind(day)
    .bind(limit)
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|(at,)| at).collect())
}

pub async fn figures<'a>(on: impl Into<On<'a>>, unit: &str, day: &str) -> Result<DayFigures, Internal> {
    query(
        "SELECT COUNT(*) AS taken, COUNT(*) FILTER (WHERE state = 'waiting') AS waiting,
             COUNT(*) FILTER (WHERE state = 'done') AS done, COUNT(*) FILTER (WHERE state = 'skipped') AS skipped
         FROM queue_tickets WHERE unit = $1 AND day = $2",
    )
    .bind(unit)
    .bind(day)
    .fetch_one(on)
    .await
}

/// Forgets the tickets of the days before.
pub async fn sweep(tx: &mut Tx, before: Date) -> Result<(), Internal> {
    query("DELETE FROM queue_tickets WHERE day < $1").bind(before.to_string()).execute(tx).await?;
    Ok(())
}
