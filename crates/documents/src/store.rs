//! All SQL of documents.

pub mod keeping;

use jiff::Timestamp;
use songhan_base::{Id, Internal};
use songhan_db::{At, Db, On, Tx, query, query_dyn};

use crate::files::Hold;
use crate::issued::Document;
use crate::personal::{PersonalSignature, SignatureState};
use crate::upload::Upload;

const UPLOAD: &str = "id, owner, sha256, name, mime, size, created_at, claimed_at";
const DOCUMENT: &str =
    "id, template, title, number, subject, unit, unit_name, signer_name, holder, holder_name, sha256,
    size, issued_at, revoked_at, revoked_reason, evidence_ends_at, destroyed_at, destroyed_by";

/// Where rows name files: table, column, and which rows. What stands in none of these may be taken away. Of what was
/// destroyed at the end of its term the digest stays, but not the file.
pub const NAMING: [(&str, &str, &str); 5] = [
    ("uploads", "sha256", "true"),
    ("documents", "sha256", "destroyed_at IS NULL"),
    (
        "document_renewals",
        "sha256",
        "EXISTS (SELECT 1 FROM documents d WHERE d.id = document AND d.destroyed_at IS NULL)",
    ),
    ("personal_signatures", "sha256", "true"),
    ("personal_signatures", "signed_sha256", "true"),
];

/// Those of these files that a row names.
pub async fn named<'a>(on: impl Into<On<'a>>, files: &[String]) -> Result<Vec<String>, Internal> {
    let selects = NAMING.map(|(table, column, rows)| {
        format!("SELECT {column} FROM {table} WHERE {column} IN (SELECT value FROM json_each($1)) AND {rows}")
    });
    let rows: Vec<(String,)> = query_dyn(selects.join(" UNION ")).bind(serde_json::json!(files)).fetch_all(on).await?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

/// Whether a row names this file.
pub async fn is_named(tx: &mut Tx, file: &str) -> Result<bool, Internal> {
    Ok(!named(tx, &[file.to_owned()]).await?.is_empty())
}

pub async fn insert_upload(tx: &mut Tx, upload: &Upload, file: &Hold) -> Result<(), Internal> {
    query("INSERT INTO uploads (id, owner, sha256, name, mime, size, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .bind(upload.id)
        .bind(upload.owner)
        .bind(file.name())
        .bind(&upload.name)
        .bind(&upload.mime)
        .bind(upload.size)
        .bind(upload.created_at)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn upload<'a>(on: impl Into<On<'a>>, id: Id) -> Result<Option<Upload>, Internal> {
    query_dyn(format!("SELECT {UPLOAD} FROM uploads WHERE id = $1")).bind(id).fetch_optional(on).await
}

pub async fn uploads(db: &Db, ids: &[String]) -> Result<Vec<Upload>, Internal> {
    query_dyn(format!("SELECT {UPLOAD} FROM uploads WHERE id IN (SELECT value FROM json_each($1))"))
        .bind(serde_json::json!(ids))
        .fetch_all(db)
        .await
}

/// All that somebody has uploaded, the latest first.
pub async fn uploads_of(db: &Db, owner: Id, limit: i64) -> Result<Vec<Upload>, Internal> {
    query_dyn(format!("SELECT {UPLOAD} FROM uploads WHERE owner = $1 ORDER BY created_at DESC, id DESC LIMIT $2"))
        .bind(owner)
        .bind(limit)
        .fetch_all(db)
        .await
}

/// Bytes and number of an owner's uploads that nothing has claimed.
pub async fn unclaimed_of(db: &Db, owner: Id) -> Result<(i64, i64), Internal> {
    query(
        "SELECT CAST(coalesce(sum(size), 0) AS BIGINT), count(*) FROM uploads WHERE owner = $1 AND claimed_at IS NULL",
    )
    .bind(owner)
    .fetch_one(db)
    .await
}

/// `false` when something else has claimed it already.
pub async fn claim(tx: &mut Tx, id: Id, at: Timestamp) -> Result<bool, Internal> {
    let rows = query("UPDATE uploads SET claimed_at = $2 WHERE id = $1 AND claimed_at IS NULL")
        .bind(id)
        .bind(at)
        .execute(tx)
        .await?;
    Ok(rows == 1)
}

pub async fn remove_unclaimed(tx: &mut Tx, id: Id, owner: Id) -> Result<bool, Internal> {
    let rows = query("DELETE FROM uploads WHERE id = $1 AND owner = $2 AND claimed_at IS NULL")
        .bind(id)
        .bind(owner)
        .execute(tx)
        .await?;
    Ok(rows == 1)
}

/// Forgets uploads from before `before` that nothing has claimed, some at a time.
pub async fn forget_stale_uploads(db: &Db, before: Timestamp) -> Result<(), Internal> {
    query(
        "DELETE FROM uploads WHERE claimed_at IS NULL
             AND id IN (SELECT id FROM uploads WHERE claimed_at IS NULL AND created_at < $1 LIMIT 500)",
    )
    .bind(before)
    .execute(db)
    .await?;
    Ok(())
}

pub async fn insert_document(tx: &mut Tx, d: &Document, file: &Hold) -> Result<(), Internal> {
    query(
        "INSERT INTO documents (id, template, title, number, subject, unit, unit_name, signer_name, holder,
             holder_name, sha256, size, issued_at, evidence_ends_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(d.id)
    .bind(&d.template)
    .bind(&d.title)
    .bind(d.number.clone())
    .bind(&d.subject)
    .bind(&d.unit)
    .bind(&d.unit_name)
    .bind(d.signer_name.clone())
    .bind(d.holder)
    .bind(&d.holder_name)
    .bind(file.name())
    .bind(d.size)
    .bind(d.issued_at)
    .bind(d.evidence_ends_at)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn document<'a>(on: impl Into<On<'a>>, id: Id) -> Result<Option<Document>, Internal> {
    query_dyn(format!("SELECT {DOCUMENT} FROM documents WHERE id = $1")).bind(id).fetch_optional(on).await
}

/// The documents about something, the oldest first.
pub async fn of_subject<'a>(on: impl Into<On<'a>>, subject: &str) -> Result<Vec<Document>, Internal> {
    query_dyn(format!("SELECT {DOCUMENT} FROM documents WHERE subject = $1 ORDER BY issued_at, id LIMIT 1000"))
        .bind(subject)
        .fetch_all(on)
        .await
}

/// Documents whose evidence ends before `before`, or of which that is not known yet; those that end first, and behind
/// the place `after`.
pub async fn ending(
    db: &Db,
    before: Timestamp,
    after: Option<(i64, Id)>,
    limit: i64,
) -> Result<Vec<Document>, Internal> {
    let beyond = if after.is_some() { "AND (evidence_ends_at, id) > ($3, $4)" } else { "" };
    let mut sql = query_dyn(format!(
        "SELECT {DOCUMENT} FROM documents WHERE evidence_ends_at < $1 AND destroyed_at IS NULL {beyond}
         ORDER BY evidence_ends_at, id LIMIT $2"
    ))
    .bind(before)
    .bind(limit);
    if let Some((at, id)) = after {
        sql = sql.bind(at).bind(id);
    }
    sql.fetch_all(db).await
}

/// Documents of which nobody has found out yet when their evidence ends.
pub async fn unknown_ends(db: &Db, after: Option<Id>, limit: i64) -> Result<Vec<Document>, Internal> {
    let beyond = if after.is_some() { "AND id > $2" } else { "" };
    let mut sql = query_dyn(format!(
        "SELECT {DOCUMENT} FROM documents WHERE evidence_ends_at IS NULL AND destroyed_at IS NULL {beyond}
         ORDER BY id LIMIT $1"
    ))
    .bind(limit);
    if let Some(id) = after {
        sql = sql.bind(id);
    }
    sql.fetch_all(db).await
}

/// Notes when the evidence of a document ends; `false` when someone else has changed it since.
pub async fn set_evidence_end(tx: &mut Tx, id: Id, before: Option<At>, ends_at: Timestamp) -> Result<bool, Internal> {
    let rows = query(
        "UPDATE documents SET evidence_ends_at = $2
         WHERE id = $1 AND destroyed_at IS NULL AND coalesce(evidence_ends_at, 0) = coalesce(CAST($3 AS BIGINT), 0)",
    )
    .bind(id)
    .bind(ends_at)
    .bind(before)
    .execute(tx)
    .await?;
    Ok(rows == 1)
}

/// The documents in force of which this is the file, as issued or as renewed.
pub async fn of_file<'a>(on: impl Into<On<'a>>, sha256: &str) -> Result<Vec<Id>, Internal> {
    let rows: Vec<(Id,)> = query(
        "SELECT id FROM documents WHERE revoked_at IS NULL
           AND (sha256 = $1 OR id IN (SELECT document FROM document_renewals WHERE sha256 = $1)) LIMIT 100",
    )
    .bind(sha256)
    .fetch_all(on)
    .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The files of a document's renewals, the oldest first.
pub async fn renewals<'a>(on: impl Into<On<'a>>, document: Id) -> Result<Vec<String>, Internal> {
    let rows: Vec<(String,)> = query("SELECT sha256 FROM document_renewals WHERE document = $1 ORDER BY number")
        .bind(document)
        .fetch_all(on)
        .await?;
    Ok(rows.into_iter().map(|(sha256,)| sha256).collect())
}

pub async fn insert_renewal(tx: &mut Tx, document: Id, number: i64, file: &Hold, size: i64) -> Result<(), Internal> {
    let now = tx.now();
    query("INSERT INTO document_renewals (document, number, sha256, size, made_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(document)
        .bind(number)
        .bind(file.name())
        .bind(size)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn revoke(tx: &mut Tx, id: Id, at: Timestamp, reason: &str) -> Result<bool, Internal> {
    let rows = query("UPDATE documents SET revoked_at = $2, revoked_reason = $3 WHERE id = $1 AND revoked_at IS NULL")
        .bind(id)
        .bind(at)
        .bind(reason)
        .execute(tx)
        .await?;
    Ok(rows == 1)
}

const SIGNATURE: &str = "id, account, subject, version, title, template, state, signer_name, sha256, signed_sha256,
    credential, chain, algorithm, reference, code, begun_at, expires_at, ended_at";

/// `false` when another request for the same thing waits already.
pub async fn insert_signature(tx: &mut Tx, s: &PersonalSignature, shown: &Hold) -> Result<bool, Internal> {
    let rows = query(
        "INSERT INTO personal_signatures (id, account, subject, version, title, template, state, signer_name, sha256,
             credential, chain, algorithm, reference, code, begun_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
         ON CONFLICT DO NOTHING",
    )
    .bind(s.id)
    .bind(s.account)
    .bind(&s.subject)
    .bind(s.version)
    .bind(&s.title)
    .bind(&s.template)
    .bind(s.state.as_str())
    .bind(&s.signer_name)
    .bind(shown.name())
    .bind(&s.credential)
    .bind(&s.chain)
    .bind(&s.algorithm)
    .bind(&s.reference)
    .bind(&s.code)
    .bind(s.begun_at)
    .bind(s.expires_at)
    .execute(tx)
    .await?;
    Ok(rows == 1)
}

/// The latest request for this version.
pub async fn signature_of<'a>(
    on: impl Into<On<'a>>,
    subject: &str,
    version: i64,
) -> Result<Option<PersonalSignature>, Internal> {
    query_dyn(format!(
        "SELECT {SIGNATURE} FROM personal_signatures WHERE subject = $1 AND version = $2
         ORDER BY begun_at DESC, id DESC LIMIT 1"
    ))
    .bind(subject)
    .bind(version)
    .fetch_optional(on)
    .await
}

/// Whether somebody signed this when it was older.
pub async fn signed_before(db: &Db, subject: &str, version: i64) -> Result<bool, Internal> {
    let row: Option<(i32,)> =
        query("SELECT 1 FROM personal_signatures WHERE subject = $1 AND version < $2 AND state = 'confirmed' LIMIT 1")
            .bind(subject)
            .bind(version)
            .fetch_optional(db)
            .await?;
    Ok(row.is_some())
}

/// Ends a request that waits; `false` when it had ended.
pub async fn end_signature(
    tx: &mut Tx,
    id: Id,
    state: SignatureState,
    signed: Option<&Hold>,
) -> Result<bool, Internal> {
    let now = tx.now();
    let rows = query(
        "UPDATE personal_signatures SET state = $2, signed_sha256 = $3, ended_at = $4
         WHERE id = $1 AND state = 'waiting'",
    )
    .bind(id)
    .bind(state.as_str())
    .bind(signed.map(Hold::name))
    .bind(now)
    .execute(tx)
    .await?;
    Ok(rows == 1)
}

/// Ends what waits for other versions of a thing.
pub async fn expire_signatures(tx: &mut Tx, subject: &str, version: i64) -> Result<(), Internal> {
    let now = tx.now();
    query(
        "UPDATE personal_signatures SET state = 'expired', ended_at = $3
         WHERE subject = $1 AND version <> $2 AND state = 'waiting'",
    )
    .bind(subject)
    .bind(version)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Forgets requests from before `before` whose paper was never handed in, some at a time.
pub async fn forget_stale_signatures(db: &Db, before: Timestamp) -> Result<(), Internal> {
    query(
        "DELETE FROM personal_signatures WHERE id IN (
             SELECT id FROM personal_signatures s WHERE begun_at < $1
                 AND NOT EXISTS (SELECT 1 FROM documents d WHERE d.id = s.id) LIMIT 500)",
    )
    .bind(before)
    .execute(db)
    .await?;
    Ok(())
}

/// What somebody was asked to sign, the latest first.
pub async fn signatures_of(db: &Db, account: Id, limit: i64) -> Result<Vec<PersonalSignature>, Internal> {
    query_dyn(format!(
        "SELECT {SIGNATURE} FROM personal_signatures WHERE account = $1 ORDER BY begun_at DESC, id DESC LIMIT $2"
    ))
    .bind(account)
    .bind(limit)
    .fetch_all(db)
    .await
}

/// Takes out what somebody has not handed in and all that they were asked to sign; answers the files that were named.
pub async fn forget_account(tx: &mut Tx, account: Id) -> Result<Vec<String>, Internal> {
    let signed: Vec<(String, Option<String>)> =
        query("DELETE FROM personal_signatures WHERE account = $1 RETURNING sha256, signed_sha256")
            .bind(account)
            .fetch_all(&mut *tx)
            .await?;
    let uploaded: Vec<(String,)> =
        query("DELETE FROM uploads WHERE owner = $1 AND claimed_at IS NULL RETURNING sha256")
            .bind(account)
            .fetch_all(tx)
            .await?;
    let signed = signed.into_iter().flat_map(|(shown, signed)| [Some(shown), signed]).flatten();
    Ok(signed.chain(uploaded.into_iter().map(|(sha256,)| sha256)).collect())
}
