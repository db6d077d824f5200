//! How far the walk through closed cases has come.

use songhan_base::{Id, Internal};
use songhan_db::{Db, Tx, query};

#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct Place {
    pub at: Option<i64>,
    pub case_id: Option<Id>,
    pub done: bool,
}

const NAME: &str = "cases";

pub async fn place(db: &Db) -> Result<Option<Place>, Internal> {
    query("SELECT at, case_id, done FROM archive_fill WHERE name = $1").bind(NAME).fetch_optional(db).await
}

/// Keeps the last case that was looked at; where there was none the place stays.
pub async fn keep(tx: &mut Tx, last: Option<(i64, Id)>, done: bool) -> Result<(), Internal> {
    query(
        "INSERT INTO archive_fill (name, at, case_id, done) VALUES ($1, $2, $3, $4)
         ON CONFLICT (name) DO UPDATE SET at = COALESCE($2, archive_fill.at),
             case_id = COALESCE($3, archive_fill.case_id), done = $4",
    )
    .bind(NAME)
    .bind(last.map(|(at, _)| at))
    .bind(last.map(|(_, id)| id))
    .bind(done)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn begin(tx: &mut Tx) -> Result<(), Internal> {
    query("DELETE FROM archive_fill WHERE name = $1").bind(NAME).execute(tx).await?;
    Ok(())
}
