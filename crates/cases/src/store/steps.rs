//! The timeline of a case: appended, read, and what it keeps for undoing.

use songhan_base::{Id, Internal};
use songhan_db::{On, Tx, query, query_dyn};

use crate::undo::Snapshot;
use crate::{Case, Step};

const COLUMNS: &str = "case_id, seq, at, actor, actor_name, action, from_state, to_state, national, note, public_note, \
    public, due_at, stage_due_at, extension, undoes, behalf_name, basis";

/// Appends a step; with `before`, it can be undone.
pub(crate) async fn insert_step(tx: &mut Tx, step: &Step, before: Option<&Case>) -> Result<(), Internal> {
    let snapshot = before.map(|case| serde_json::to_string(&Snapshot::of(case))).transpose().map_err(Internal::new)?;
    query(
        "INSERT INTO case_steps (case_id, seq, at, actor, actor_name, action, from_state, to_state, national, note,
             public_note, public, due_at, stage_due_at, extension, undoes, behalf_name, basis, snapshot)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
    )
    .bind(step.case_id)
    .bind(step.seq)
    .bind(step.at)
    .bind(&step.actor)
    .bind(&step.actor_name)
    .bind(&step.action)
    .bind(step.from_state.as_deref())
    .bind(&step.to_state)
    .bind(step.national.number())
    .bind(step.note.as_deref())
    .bind(step.public_note.as_deref())
    .bind(step.public)
    .bind(step.due_at)
    .bind(step.stage_due_at)
    .bind(step.extension.as_deref())
    .bind(step.undoes)
    .bind(step.behalf_name.as_deref())
    .bind(step.basis.as_deref())
    .bind(snapshot)
    .execute(tx)
    .await?;
    Ok(())
}

/// The timeline, oldest first. A case that has had a thousand steps is stuck, not long.
pub(crate) async fn steps<'a>(on: impl Into<On<'a>>, id: Id, public_only: bool) -> Result<Vec<Step>, Internal> {
    let sql =
        format!("SELECT {COLUMNS} FROM case_steps WHERE case_id = $1 AND (public OR NOT $2) ORDER BY seq LIMIT 1000");
    query_dyn(sql).bind(id).bind(public_only).fetch_all(on).await
}

/// One step by its number.
pub(crate) async fn step<'a>(on: impl Into<On<'a>>, id: Id, seq: i64) -> Result<Option<Step>, Internal> {
    let sql = format!("SELECT {COLUMNS} FROM case_steps WHERE case_id = $1 AND seq = $2");
    query_dyn(sql).bind(id).bind(seq).fetch_optional(on).await
}

/// The case as it was before a step that can be undone.
pub(crate) async fn snapshot<'a>(on: impl Into<On<'a>>, id: Id, seq: i64) -> Result<Option<Snapshot>, Internal> {
    let found: Option<(Option<String>,)> = query("SELECT snapshot FROM case_steps WHERE case_id = $1 AND seq = $2")
        .bind(id)
        .bind(seq)
        .fetch_optional(on)
        .await?;
    let Some((Some(document),)) = found else { return Ok(None) };
    serde_json::from_str(&document).map(Some).map_err(Internal::new)
}
