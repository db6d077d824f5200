//! What the city has of a resident already: papers of their earlier dossiers, and results that it issued to them.

use songhan_base::{Id, Internal};
use songhan_db::{Db, On, Tx, query};

/// A paper of an earlier dossier.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct EarlierPaper {
    pub upload: Id,
    pub question: String,
    pub name: String,
    /// Code of that dossier.
    pub code: String,
}

/// Scanned or sent papers of the account's own earlier dossiers that answered questions of these names, the newest first.
pub async fn earlier_papers(
    db: &Db,
    account: Id,
    questions: &[&str],
    limit: i64,
) -> Result<Vec<EarlierPaper>, Internal> {
    let questions = serde_json::to_string(questions).map_err(Internal::new)?;
    query(
        "SELECT p.upload, p.question, p.name, d.code
         FROM dossiers d JOIN dossier_papers p ON p.case_id = d.case_id
         WHERE d.applicant = $1 AND d.principal_kind IS NULL AND (p.seen IS NULL OR p.digitisation > 0)
           AND p.question IN (SELECT value FROM json_each($2))
         ORDER BY d.created_at DESC, p.upload LIMIT $3",
    )
    .bind(account)
    .bind(questions)
    .bind(limit)
    .fetch_all(db)
    .await
}

/// Those of the uploads that are papers of the account's own dossiers.
pub async fn own_papers<'a>(on: impl Into<On<'a>>, account: Id, uploads: &[String]) -> Result<Vec<Id>, Internal> {
    let uploads = serde_json::to_string(uploads).map_err(Internal::new)?;
    let rows: Vec<(Id,)> = query(
        "SELECT DISTINCT p.upload FROM dossiers d JOIN dossier_papers p ON p.case_id = d.case_id
         WHERE d.applicant = $1 AND (p.seen IS NULL OR p.digitisation > 0)
           AND p.upload IN (SELECT value FROM json_each($2))",
    )
    .bind(account)
    .bind(uploads)
    .fetch_all(on)
    .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// A result of the account's own dossier.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OwnResult {
    pub document: Id,
    /// Code of that dossier.
    pub code: String,
}

/// The results of the account's own dossiers, the newest dossier first.
pub async fn own_results(db: &Db, account: Id, limit: i64) -> Result<Vec<OwnResult>, Internal> {
    query(
        "SELECT result_document AS document, code FROM dossiers
         WHERE applicant = $1 AND principal_kind IS NULL AND result_document IS NOT NULL
         ORDER BY created_at DESC, case_id LIMIT $2",
    )
    .bind(account)
    .bind(limit)
    .fetch_all(db)
    .await
}

/// Whether one of the documents is the result of a dossier of the account's own.
pub async fn is_own_result(tx: &mut Tx, account: Id, documents: &[Id]) -> Result<bool, Internal> {
    if documents.is_empty() {
        return Ok(false);
    }
    let documents = serde_json::to_string(documents).map_err(Internal::new)?;
    let found: Option<(i64,)> = query(
        "SELECT CAST(1 AS BIGINT) FROM dossiers WHERE applicant = $1 AND principal_kind IS NULL
           AND result_document IN (SELECT value FROM json_each($2)) LIMIT 1",
    )
    .bind(account)
    .bind(documents)
    .fetch_optional(tx)
    .await?;
    Ok(found.is_some())
}
