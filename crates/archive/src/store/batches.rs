//! Batches that were handed in.

use songhan_base::{Id, Internal};
use songhan_db::{Db, Tx, query_dyn};

use crate::entry::Batch;

const COLUMNS: &str = "id, number, unit, year, entries, handed_by, handed_by_name, handed_at, document";

pub async fn insert(tx: &mut Tx, batch: &Batch) -> Result<(), Internal> {
    query_dyn(format!("INSERT INTO archive_batches ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"))
        .bind(batch.id)
        .bind(&batch.number)
        .bind(&batch.unit)
        .bind(batch.year)
        .bind(batch.entries)
        .bind(batch.handed_by)
        .bind(&batch.handed_by_name)
        .bind(batch.handed_at)
        .bind(batch.document)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn by_id(db: &Db, id: Id) -> Result<Option<Batch>, Internal> {
    query_dyn(format!("SELECT {COLUMNS} FROM archive_batches WHERE id = $1")).bind(id).fetch_optional(db).await
}

/// The latest of a unit first, behind a place.
pub async fn page(db: &Db, unit: &str, after: Option<(i64, Id)>, limit: i64) -> Result<Vec<Batch>, Internal> {
    let behind = if after.is_some() { "AND (handed_at, id) < ($3, $4)" } else { "" };
    let mut sql = query_dyn(format!(
        "SELECT {COLUMNS} FROM archive_batches WHERE unit = $1 {behind} ORDER BY handed_at DESC, id DESC LIMIT $2"
    ))
    .bind(unit)
    .bind(limit);
    if let Some((at, id)) = after {
        sql = sql.bind(at).bind(id);
    }
    sql.fetch_all(db).await
}
