//! Dossiers at the end of their term.

use std::collections::HashMap;

use songhan_base::{Id, Internal};
use songhan_db::{Tx, query};

/// How many papers were handed in with each.
pub async fn handed_in(tx: &mut Tx, cases: &[Id]) -> Result<HashMap<Id, i64>, Internal> {
    let rows: Vec<(Id, i64)> = query(
        "SELECT case_id, COUNT(*) FROM dossier_papers WHERE case_id IN (SELECT value FROM json_each($1)) GROUP BY case_id",
    )
    .bind(serde_json::json!(cases))
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().collect())
}

/// The files of a dossier that no other dossier has taken over: those handed in, and those that came with opinions.
pub async fn own_uploads(tx: &mut Tx, case: Id) -> Result<Vec<Id>, Internal> {
    let rows: Vec<(Id,)> = query(
        "SELECT p.upload FROM dossier_papers p WHERE p.case_id = $1
             AND NOT EXISTS (SELECT 1 FROM dossier_papers o WHERE o.upload = p.upload AND o.case_id <> $1)
         UNION SELECT upload FROM dossier_opinions WHERE dossier = $1 AND upload IS NOT NULL",
    )
    .bind(case)
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Takes out what was answered, handed in and asked, and the names.
pub async fn empty(tx: &mut Tx, case: Id, name: &str) -> Result<(), Internal> {
    query(
        "UPDATE dossiers SET answers = '{}', applicant_name = $2, exemption = NULL, receipt_hash = '', mandate = NULL,
             principal_name = CASE WHEN principal_name IS NULL THEN NULL ELSE $2 END, principal_number = NULL,
             principal_party = NULL, postmarked_on = NULL
         WHERE case_id = $1",
    )
    .bind(case)
    .bind(name)
    .execute(&mut *tx)
    .await?;
    query("UPDATE dossier_ratings SET comment = NULL WHERE case_id = $1").bind(case).execute(&mut *tx).await?;
    query("DELETE FROM dossier_papers WHERE case_id = $1").bind(case).execute(&mut *tx).await?;
    query("UPDATE dossier_ratings SET comment = NULL WHERE case_id = $1").bind(case).execute(&mut *tx).await?;
    query(
        "UPDATE dossier_opinions SET question = '', asked_by_name = '', answer = NULL, answered_by_name = NULL,
             upload = NULL, upload_name = NULL
         WHERE dossier = $1",
    )
    .bind(case)
    .execute(tx)
    .await?;
    Ok(())
}
