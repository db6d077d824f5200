//! One case and its timeline: written, locked, found.

use jiff::Timestamp;
use songhan_base::{Id, Internal};
use songhan_db::{Db, On, Tx, query, query_dyn};

use super::{COLUMNS, Row, cases};
use crate::{Case, Cursor, Workflow};

pub(super) fn stages(case: &Case) -> Result<String, Internal> {
    serde_json::to_string(&case.stages).map_err(Internal::new)
}

pub(super) fn remaining(case: &Case) -> Result<Option<String>, Internal> {
    case.remaining.map(|left| serde_json::to_string(&left)).transpose().map_err(Internal::new)
}

/// As `2026-02-17`.
pub(super) fn last_day(case: &Case) -> Option<String> {
    case.last_day.map(|day| day.to_string())
}

pub(crate) async fn insert(tx: &mut Tx, case: &Case) -> Result<(), Internal> {
    query(
        "INSERT INTO cases (id, code, kind, topic, workflow, workflow_version, state, national, queue, unit, area,
             title, applicant, applicant_name, term_amount, term_unit, clock, received_at, due_at, soon_at,
             version, created_at, data, parent, link, running_since, stages, stage_due_at, stage_soon_at, last_day)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
             $23, $24, $25, $26, $27, $28, $29, $30)",
    )
    .bind(case.id)
    .bind(&case.code)
    .bind(&case.kind)
    .bind(&case.topic)
    .bind(&case.workflow)
    .bind(&case.workflow_version)
    .bind(&case.state)
    .bind(case.national.number())
    .bind(case.queue)
    .bind(&case.unit)
    .bind(case.area.as_deref())
    .bind(&case.title)
    .bind(case.applicant)
    .bind(&case.applicant_name)
    .bind(case.term.map(|term| term.amount))
    .bind(case.term.map(|term| term.unit.as_str()))
    .bind(case.clock.as_str())
    .bind(case.received_at)
    .bind(case.due_at)
    .bind(case.soon_at)
    .bind(case.version)
    .bind(case.created_at)
    .bind(&case.data)
    .bind(case.parent)
    .bind(case.link.as_deref())
    .bind(case.running_since)
    .bind(stages(case)?)
    .bind(case.stage_due_at)
    .bind(case.stage_soon_at)
    .bind(last_day(case))
    .execute(tx)
    .await?;
    Ok(())
}

/// Writes everything that a step may change. The row is locked by [`lock`]; that the version is the one before is
/// asked again all the same.
pub(crate) async fn update(tx: &mut Tx, case: &Case) -> Result<(), Internal> {
    let rows = query(
        "UPDATE cases SET state = $2, national = $3, queue = $4, assignee = $5, assignee_name = $6, clock = $7,
             due_at = $8, paused_at = $9, remaining = $10, soon_at = $11, late_at = $12, stopped_at = $13,
             closed_at = $14, version = $15, extensions = $16, first_late_at = $17, running_since = $18,
             worked_us = $19, stages = $20, stage_due_at = $21, stage_soon_at = $22, stage_late_at = $23,
             last_day = $24
         WHERE id = $1 AND version = $15 - 1",
    )
    .bind(case.id)
    .bind(&case.state)
    .bind(case.national.number())
    .bind(case.queue)
    .bind(case.assignee)
    .bind(case.assignee_name.as_deref())
    .bind(case.clock.as_str())
    .bind(case.due_at)
    .bind(case.paused_at)
    .bind(remaining(case)?)
    .bind(case.soon_at)
    .bind(case.late_at)
    .bind(case.stopped_at)
    .bind(case.closed_at)
    .bind(case.version)
    .bind(case.extensions)
    .bind(case.first_late_at)
    .bind(case.running_since)
    .bind(case.worked_us)
    .bind(stages(case)?)
    .bind(case.stage_due_at)
    .bind(case.stage_soon_at)
    .bind(case.stage_late_at)
    .bind(last_day(case))
    .execute(tx)
    .await?;
    if rows == 1 { Ok(()) } else { Err(Internal::new(format!("case {} changed under its lock", case.id))) }
}

/// Cases by their ids, in no order.
pub(crate) async fn by_ids(db: &Db, ids: &[Id]) -> Result<Vec<Case>, Internal> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (1..=ids.len()).map(|place| format!("${place}")).collect();
    let sql = format!("SELECT {COLUMNS} FROM cases WHERE id IN ({})", places.join(", "));
    cases(ids.iter().fold(query_dyn(sql), |query, id| query.bind(*id)).fetch_all::<Row>(db).await?)
}

/// The case, locked until the end of the transaction.
pub(crate) async fn lock(tx: &mut Tx, id: Id) -> Result<Option<Case>, Internal> {
    let row: Option<Row> = query_dyn(format!("SELECT {COLUMNS} FROM cases WHERE id = $1 /*pg FOR UPDATE*/"))
        .bind(id)
        .fetch_optional(tx)
        .await?;
    row.map(Row::case).transpose()
}

pub(crate) async fn by_id<'a>(on: impl Into<On<'a>>, id: Id) -> Result<Option<Case>, Internal> {
    let row: Option<Row> =
        query_dyn(format!("SELECT {COLUMNS} FROM cases WHERE id = $1")).bind(id).fetch_optional(on).await?;
    row.map(Row::case).transpose()
}

pub(crate) async fn by_code<'a>(on: impl Into<On<'a>>, code: &str) -> Result<Option<Case>, Internal> {
    // Codes come from addresses; a NUL, which PostgreSQL refuses, stands in none.
    if code.contains('\0') {
        return Ok(None);
    }
    let row: Option<Row> =
        query_dyn(format!("SELECT {COLUMNS} FROM cases WHERE code = $1")).bind(code).fetch_optional(on).await?;
    row.map(Row::case).transpose()
}

/// The cases opened because of this one, oldest first.
pub(crate) async fn children<'a>(on: impl Into<On<'a>>, parent: Id) -> Result<Vec<Case>, Internal> {
    let sql = format!("SELECT {COLUMNS} FROM cases WHERE parent = $1 ORDER BY created_at, code LIMIT $2");
    cases(query_dyn(sql).bind(parent).bind(crate::PAGE_MAX as i64).fetch_all::<Row>(on).await?)
}

pub(crate) async fn count_children(tx: &mut Tx, parent: Id) -> Result<i64, Internal> {
    let (count,): (i64,) = query("SELECT COUNT(*) FROM cases WHERE parent = $1").bind(parent).fetch_one(tx).await?;
    Ok(count)
}

/// Newest first; `after` holds the creation time of the last one seen.
pub(crate) async fn of_applicant(
    db: &Db,
    account: Id,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Case>, Internal> {
    let before = if after.is_some() { "AND (created_at, id) < ($3, $4)" } else { "" };
    let mut sql = query_dyn(format!(
        "SELECT {COLUMNS} FROM cases WHERE applicant = $1 {before} ORDER BY created_at DESC, id DESC LIMIT $2"
    ))
    .bind(account)
    .bind(limit);
    if let Some(cursor) = after {
        sql = sql.bind(cursor.order).bind(cursor.id);
    }
    cases(sql.fetch_all::<Row>(db).await?)
}

/// Keeps a workflow for the cases that begin with it.
pub(crate) async fn keep_workflow(tx: &mut Tx, workflow: &Workflow, now: Timestamp) -> Result<(), Internal> {
    query(
        "INSERT INTO case_workflows (code, version, document, first_used_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (code, version) DO NOTHING",
    )
    .bind(&workflow.code)
    .bind(&workflow.version)
    .bind(serde_json::to_string(workflow).map_err(Internal::new)?)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

pub(crate) async fn workflow_document<'a>(
    on: impl Into<On<'a>>,
    code: &str,
    version: &str,
) -> Result<Option<Workflow>, Internal> {
    let found: Option<(String,)> = query("SELECT document FROM case_workflows WHERE code = $1 AND version = $2")
        .bind(code)
        .bind(version)
        .fetch_optional(on)
        .await?;
    found.map(|(document,)| serde_json::from_str(&document)).transpose().map_err(Internal::new)
}
