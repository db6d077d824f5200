//! Documents and uploads at the end of their term.

use std::collections::HashMap;

use songhan_base::{Id, Internal};
use songhan_db::{Tx, query};

use crate::keeping::Destroyed;

pub async fn counts(tx: &mut Tx, subjects: &[String]) -> Result<HashMap<String, i64>, Internal> {
    let rows: Vec<(String, i64)> = query(
        "SELECT subject, COUNT(*) FROM documents WHERE subject IN (SELECT value FROM json_each($1)) GROUP BY subject",
    )
    .bind(serde_json::json!(subjects))
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().collect())
}

/// Answers the files that were named.
pub async fn destroy(tx: &mut Tx, destroyed: &Destroyed<'_>) -> Result<Vec<String>, Internal> {
    let now = tx.now();
    let uploads: Vec<(String,)> =
        query("DELETE FROM uploads WHERE id IN (SELECT value FROM json_each($1)) RETURNING sha256")
            .bind(serde_json::json!(destroyed.uploads))
            .fetch_all(&mut *tx)
            .await?;
    let documents: Vec<(Id, String)> = query(
        "UPDATE documents SET destroyed_at = $2, destroyed_by = $3, holder = NULL, holder_name = '',
             signer_name = CASE WHEN template = 'application' THEN NULL ELSE signer_name END,
             title = CASE WHEN template = 'electronic-copy' THEN 'Bản sao điện tử' ELSE title END
         WHERE subject = $1 AND destroyed_at IS NULL AND template NOT IN (SELECT value FROM json_each($4))
         RETURNING id, sha256",
    )
    .bind(destroyed.subject)
    .bind(now)
    .bind(destroyed.by)
    .bind(serde_json::json!(destroyed.but))
    .fetch_all(&mut *tx)
    .await?;
    let ids: Vec<Id> = documents.iter().map(|(id, _)| *id).collect();
    let ids = serde_json::json!(ids);
    // The digests stay: whoever holds a file can still have it compared.
    let renewed: Vec<(String,)> =
        query("SELECT sha256 FROM document_renewals WHERE document IN (SELECT value FROM json_each($1))")
            .bind(ids.clone())
            .fetch_all(&mut *tx)
            .await?;
    let signed: Vec<(String, Option<String>)> = query(
        "DELETE FROM personal_signatures WHERE id IN (SELECT value FROM json_each($1))
         RETURNING sha256, signed_sha256",
    )
    .bind(ids)
    .fetch_all(tx)
    .await?;
    let signed = signed.into_iter().flat_map(|(shown, signed)| [Some(shown), signed]).flatten();
    let issued = documents.into_iter().map(|(_, sha256)| sha256);
    let mut named: Vec<String> =
        uploads.into_iter().chain(renewed).map(|(sha256,)| sha256).chain(issued).chain(signed).collect();
    named.sort_unstable();
    named.dedup();
    Ok(named)
}
