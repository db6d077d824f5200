//! Lists of what is to be destroyed, and what became of each entry.

use songhan_base::{Id, Internal};
use songhan_db::{Db, On, Tx, query, query_dyn};

use crate::disposal::Disposal;
use crate::entry::Entry;

const COLUMNS: &str = "id, unit, state, note, proposed_by, proposed_by_name, proposed_at, number, decided_by, \
    decided_by_name, decided_at, decided_note, destroys_at, begun_at, ended_at, document";

/// Writes a list and puts its entries on it.
pub async fn insert(tx: &mut Tx, disposal: &Disposal, entries: &[Entry]) -> Result<(), Internal> {
    query(
        "INSERT INTO archive_disposals (id, unit, state, note, proposed_by, proposed_by_name, proposed_at, document)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(disposal.id)
    .bind(&disposal.unit)
    .bind(disposal.state.as_str())
    .bind(disposal.note.as_deref())
    .bind(disposal.proposed_by)
    .bind(&disposal.proposed_by_name)
    .bind(disposal.proposed_at)
    .bind(disposal.document)
    .execute(&mut *tx)
    .await?;
    let ids: Vec<Id> = entries.iter().map(|entry| entry.case_id).collect();
    let ids = serde_json::json!(ids);
    query("INSERT INTO archive_disposal_entries (disposal, case_id) SELECT $1, value FROM json_each($2)")
        .bind(disposal.id)
        .bind(ids.clone())
        .execute(&mut *tx)
        .await?;
    query("UPDATE archive_entries SET disposal = $1 WHERE case_id IN (SELECT value FROM json_each($2))")
        .bind(disposal.id)
        .bind(ids)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn by_id<'a>(on: impl Into<On<'a>>, id: Id) -> Result<Option<Disposal>, Internal> {
    query_dyn(format!("SELECT {COLUMNS} FROM archive_disposals WHERE id = $1")).bind(id).fetch_optional(on).await
}

/// The list, locked until the end of the transaction.
pub async fn lock(tx: &mut Tx, id: Id) -> Result<Option<Disposal>, Internal> {
    query_dyn(format!("SELECT {COLUMNS} FROM archive_disposals WHERE id = $1 /*pg FOR UPDATE*/"))
        .bind(id)
        .fetch_optional(tx)
        .await
}

/// The latest of a unit first, behind a place.
pub async fn page(db: &Db, unit: &str, after: Option<(i64, Id)>, limit: i64) -> Result<Vec<Disposal>, Internal> {
    let behind = if after.is_some() { "AND (proposed_at, id) < ($3, $4)" } else { "" };
    let mut sql = query_dyn(format!(
        "SELECT {COLUMNS} FROM archive_disposals WHERE unit = $1 {behind} ORDER BY proposed_at DESC, id DESC LIMIT $2"
    ))
    .bind(unit)
    .bind(limit);
    if let Some((at, id)) = after {
        sql = sql.bind(at).bind(id);
    }
    sql.fetch_all(db).await
}

/// Writes what a decision and the job change.
pub async fn update(tx: &mut Tx, disposal: &Disposal) -> Result<(), Internal> {
    query(
        "UPDATE archive_disposals SET state = $2, number = $3, decided_by = $4, decided_by_name = $5, decided_at = $6,
             decided_note = $7, destroys_at = $8, begun_at = $9, ended_at = $10
         WHERE id = $1",
    )
    .bind(disposal.id)
    .bind(disposal.state.as_str())
    .bind(disposal.number.as_deref())
    .bind(disposal.decided_by)
    .bind(disposal.decided_by_name.as_deref())
    .bind(disposal.decided_at)
    .bind(disposal.decided_note.as_deref())
    .bind(disposal.destroys_at)
    .bind(disposal.begun_at)
    .bind(disposal.ended_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// Takes all that is not destroyed off a list that ends without being carried out.
pub async fn dissolve(tx: &mut Tx, id: Id) -> Result<(), Internal> {
    query("UPDATE archive_disposal_entries SET outcome = 'left_out' WHERE disposal = $1 AND outcome IS NULL")
        .bind(id)
        .execute(&mut *tx)
        .await?;
    query("UPDATE archive_entries SET disposal = NULL WHERE disposal = $1 AND state = 'kept'")
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Entries of a list of which nothing has become yet.
pub async fn open_entries(db: &Db, id: Id, limit: i64) -> Result<Vec<Id>, Internal> {
    let rows: Vec<(Id,)> = query(
        "SELECT case_id FROM archive_disposal_entries WHERE disposal = $1 AND outcome IS NULL ORDER BY case_id LIMIT $2",
    )
    .bind(id)
    .bind(limit)
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Takes one entry off a list.
pub async fn leave_out(tx: &mut Tx, disposal: Id, case: Id) -> Result<(), Internal> {
    query(
        "UPDATE archive_disposal_entries SET outcome = 'left_out'
         WHERE disposal = $1 AND case_id = $2 AND outcome IS NULL",
    )
    .bind(disposal)
    .bind(case)
    .execute(&mut *tx)
    .await?;
    query("UPDATE archive_entries SET disposal = NULL WHERE case_id = $1 AND disposal = $2 AND state = 'kept'")
        .bind(case)
        .bind(disposal)
        .execute(tx)
        .await?;
    Ok(())
}

/// Notes that an entry was destroyed.
pub async fn destroyed(tx: &mut Tx, disposal: Id, case: Id) -> Result<(), Internal> {
    let now = tx.now();
    query("UPDATE archive_disposal_entries SET outcome = 'destroyed' WHERE disposal = $1 AND case_id = $2")
        .bind(disposal)
        .bind(case)
        .execute(&mut *tx)
        .await?;
    query("UPDATE archive_entries SET state = 'destroyed', destroyed_at = $2 WHERE case_id = $1")
        .bind(case)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}
