//! All SQL of opinions.

use songhan_base::{Id, Internal};
use songhan_db::{On, Tx, query, query_dyn};

use super::Opinion;

const COLUMNS: &str = "opinion, dossier, unit, question, asked_by, asked_by_name, asked_at, answer, answered_by_name,
    answered_at, upload, upload_name";

pub async fn insert(tx: &mut Tx, opinion: &Opinion) -> Result<(), Internal> {
    query(
        "INSERT INTO dossier_opinions (opinion, dossier, unit, question, asked_by, asked_by_name, asked_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(opinion.case)
    .bind(opinion.dossier)
    .bind(&opinion.unit)
    .bind(&opinion.question)
    .bind(opinion.asked_by)
    .bind(&opinion.asked_by_name)
    .bind(opinion.asked_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// Keeps the answer, and the document that came with it.
pub async fn set_answer(
    tx: &mut Tx,
    opinion: Id,
    answer: &str,
    by: &str,
    upload: Option<(Id, &str)>,
) -> Result<(), Internal> {
    let now = tx.now();
    query(
        "UPDATE dossier_opinions SET answer = $2, answered_by_name = $3, answered_at = $4, upload = $5, upload_name = $6
         WHERE opinion = $1",
    )
    .bind(opinion)
    .bind(answer)
    .bind(by)
    .bind(now)
    .bind(upload.map(|(id, _)| id))
    .bind(upload.map(|(_, name)| name))
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn by_case<'a>(on: impl Into<On<'a>>, case: Id) -> Result<Option<Opinion>, Internal> {
    let sql = format!("SELECT {COLUMNS} FROM dossier_opinions WHERE opinion = $1");
    query_dyn(sql).bind(case).fetch_optional(on).await
}

/// The opinions asked about a dossier, oldest first.
pub async fn of_dossier<'a>(on: impl Into<On<'a>>, dossier: Id) -> Result<Vec<Opinion>, Internal> {
    let sql =
        format!("SELECT {COLUMNS} FROM dossier_opinions WHERE dossier = $1 ORDER BY asked_at, unit, opinion LIMIT 200");
    query_dyn(sql).bind(dossier).fetch_all(on).await
}
