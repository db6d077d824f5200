//! Marking what is late or due soon, each case once.

use jiff::Timestamp;
use songhan_base::{Id, Internal};
use songhan_db::{Tx, query_dyn};

use super::{COLUMNS, Row, cases};
use crate::Case;
use crate::sweep::Look;

/// Marks at most `limit` cases: of what is late by `now`, of what is due soon by `until`. Those another process is
/// marking are left to it.
pub(crate) async fn mark(
    tx: &mut Tx,
    what: Look,
    now: Timestamp,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<Case>, Internal> {
    // In the words of the partial indexes.
    let (runs, due, soon, late) = if what.is_of_stage() {
        ("stage_due_at IS NOT NULL", "stage_due_at", "stage_soon_at", "stage_late_at")
    } else {
        ("clock = 'running'", "due_at", "soon_at", "late_at")
    };
    let (mark, is_due, by, set) = if what.is_late() {
        (late, format!("{due} < $1"), now, format!("{late} = {due}, {soon} = COALESCE({soon}, $2)"))
    } else {
        (soon, format!("{due} <= $1"), until, format!("{soon} = $2"))
    };
    let found: Vec<(Id,)> = query_dyn(format!(
        "SELECT id FROM cases WHERE {runs} AND {mark} IS NULL AND {is_due}
         ORDER BY {due} LIMIT $2 /*pg FOR UPDATE SKIP LOCKED*/"
    ))
    .bind(by)
    .bind(limit)
    .fetch_all(&mut *tx)
    .await?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let ids: serde_json::Value = found.iter().map(|(id,)| id.to_string()).collect();
    let rows: Vec<Row> = query_dyn(format!(
        "UPDATE cases SET {set} WHERE id IN (SELECT value FROM json_each($1)) AND {mark} IS NULL RETURNING {COLUMNS}"
    ))
    .bind(ids)
    .bind(now)
    .fetch_all(tx)
    .await?;
    cases(rows)
}
