//! Marking what is late or due soon, each case once.

use jiff::Timestamp;
use songhan_base::{Id, Internal};
use songhan_db::{Tx, query, query_dyn};

use super::{COLUMNS, Row, cases};
use crate::Case;

/// Marks at most `limit` running cases that were due before `now`; those another process is marking are left to it.
pub(crate) async fn mark_late(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<Case>, Internal> {
    let found: Vec<(Id,)> = query(
        "SELECT id FROM cases WHERE clock = 'running' AND late_at IS NULL AND due_at < $1
         ORDER BY due_at LIMIT $2 /*pg FOR UPDATE SKIP LOCKED*/",
    )
    .bind(now)
    .bind(limit)
    .fetch_all(&mut *tx)
    .await?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = query_dyn(format!(
        "UPDATE cases SET late_at = due_at, soon_at = COALESCE(soon_at, $2)
         WHERE id IN (SELECT value FROM json_each($1)) AND late_at IS NULL RETURNING {COLUMNS}"
    ))
    .bind(ids(&found))
    .bind(now)
    .fetch_all(tx)
    .await?;
    cases(rows)
}

/// Marks at most `limit` running cases that are due by `until` and were not yet.
pub(crate) async fn mark_soon(
    tx: &mut Tx,
    now: Timestamp,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<Case>, Internal> {
    let found: Vec<(Id,)> = query(
        "SELECT id FROM cases WHERE clock = 'running' AND soon_at IS NULL AND due_at <= $1
         ORDER BY due_at LIMIT $2 /*pg FOR UPDATE SKIP LOCKED*/",
    )
    .bind(until)
    .bind(limit)
    .fetch_all(&mut *tx)
    .await?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = query_dyn(format!(
        "UPDATE cases SET soon_at = $2
         WHERE id IN (SELECT value FROM json_each($1)) AND soon_at IS NULL RETURNING {COLUMNS}"
    ))
    .bind(ids(&found))
    .bind(now)
    .fetch_all(tx)
    .await?;
    cases(rows)
}

/// Marks at most `limit` cases that should have left their state before `now`.
pub(crate) async fn mark_stage_late(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<Case>, Internal> {
    let found: Vec<(Id,)> = query(
        "SELECT id FROM cases WHERE stage_due_at IS NOT NULL AND stage_late_at IS NULL AND stage_due_at < $1
         ORDER BY stage_due_at LIMIT $2 /*pg FOR UPDATE SKIP LOCKED*/",
    )
    .bind(now)
    .bind(limit)
    .fetch_all(&mut *tx)
    .await?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = query_dyn(format!(
        "UPDATE cases SET stage_late_at = stage_due_at, stage_soon_at = COALESCE(stage_soon_at, $2)
         WHERE id IN (SELECT value FROM json_each($1)) AND stage_late_at IS NULL RETURNING {COLUMNS}"
    ))
    .bind(ids(&found))
    .bind(now)
    .fetch_all(tx)
    .await?;
    cases(rows)
}

/// Marks at most `limit` cases that have to leave their state by `until` and were not yet.
pub(crate) async fn mark_stage_soon(
    tx: &mut Tx,
    now: Timestamp,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<Case>, Internal> {
    let found: Vec<(Id,)> = query(
        "SELECT id FROM cases WHERE stage_due_at IS NOT NULL AND stage_soon_at IS NULL AND stage_due_at <= $1
         ORDER BY stage_due_at LIMIT $2 /*pg FOR UPDATE SKIP LOCKED*/",
    )
    .bind(until)
    .bind(limit)
    .fetch_all(&mut *tx)
    .await?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = query_dyn(format!(
        "UPDATE cases SET stage_soon_at = $2
         WHERE id IN (SELECT value FROM json_each($1)) AND stage_soon_at IS NULL RETURNING {COLUMNS}"
    ))
    .bind(ids(&found))
    .bind(now)
    .fetch_all(tx)
    .await?;
    cases(rows)
}

fn ids(found: &[(Id,)]) -> serde_json::Value {
    found.iter().map(|(id,)| id.to_string()).collect()
}
