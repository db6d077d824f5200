//! Cases that have ended: listed in that order, marked as archived, emptied.

use songhan_base::{Id, Internal};
use songhan_db::{Db, Tx, query, query_dyn};

use super::{COLUMNS, Row, cases};
use crate::{Case, Cursor};

/// In the order in which they ended, by the index that the inbox of closed cases has.
pub(crate) async fn closed(db: &Db, after: Option<Cursor>, limit: i64) -> Result<Vec<Case>, Internal> {
    let beyond = if after.is_some() { "AND (closed_at, id) > ($2, $3)" } else { "" };
    let mut sql = query_dyn(format!(
        "SELECT {COLUMNS} FROM cases WHERE closed_at IS NOT NULL {beyond} ORDER BY closed_at, id LIMIT $1"
    ))
    .bind(limit);
    if let Some(cursor) = after {
        sql = sql.bind(cursor.order).bind(cursor.id);
    }
    cases(sql.fetch_all::<Row>(db).await?)
}

pub(crate) async fn archive(tx: &mut Tx, ids: &[Id]) -> Result<u64, Internal> {
    let now = tx.now();
    query(
        "UPDATE cases SET archived_at = $2 WHERE id IN (SELECT value FROM json_each($1))
             AND closed_at IS NOT NULL AND archived_at IS NULL",
    )
    .bind(serde_json::json!(ids))
    .bind(now)
    .execute(tx)
    .await
}

/// The cases that were opened because of this one and are none of its kind: opinions.
pub(crate) async fn hanging(tx: &mut Tx, case: &Case) -> Result<Vec<Id>, Internal> {
    let rows: Vec<(Id,)> = query("SELECT id FROM cases WHERE parent = $1 AND kind <> $2")
        .bind(case.id)
        .bind(&case.kind)
        .fetch_all(tx)
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub(crate) async fn empty(tx: &mut Tx, ids: &[Id], by: &str, name: &str) -> Result<(), Internal> {
    let (now, ids) = (tx.now(), serde_json::json!(ids));
    query(
        "UPDATE cases SET archived_at = COALESCE(archived_at, $2), emptied_at = $2, emptied_by = $3,
             applicant_name = $4, data = '{}'
         WHERE id IN (SELECT value FROM json_each($1))",
    )
    .bind(ids.clone())
    .bind(now)
    .bind(by)
    .bind(name)
    .execute(&mut *tx)
    .await?;
    query(
        "UPDATE case_steps SET actor_name = '', note = NULL, public_note = NULL, snapshot = NULL, behalf_name = NULL,
             basis = NULL
         WHERE case_id IN (SELECT value FROM json_each($1))",
    )
    .bind(ids)
    .execute(tx)
    .await?;
    Ok(())
}
