//! All SQL of public services.

pub mod keeping;
pub mod reuse;

use jiff::Timestamp;
use songhan_base::{Id, Internal};
use songhan_db::{At, Db, On, Tx, query, query_dyn};

use crate::dossier::{Dossier, Paper};

const COLUMNS: &str = "case_id, code, procedure, procedure_version, procedure_title, unit, applicant, applicant_name,
    channel, answers, form, exemption, receipt_hash, charge, receipt_document, result_document, result_number, created_at,
    principal_kind, principal_name, principal_number, principal_account, principal_party, mandate,
    principal_unproven, received_by_unit, received_by, postmarked_on";

pub async fn insert(tx: &mut Tx, d: &Dossier) -> Result<(), Internal> {
    let principal = d.principal();
    let principal = principal.as_ref();
    query(
        "INSERT INTO dossiers (case_id, code, procedure, procedure_version, procedure_title, unit, applicant,
             applicant_name, channel, answers, form, exemption, receipt_hash, charge, created_at,
             principal_kind, principal_name, principal_number, principal_account, principal_party, mandate,
             received_by_unit, received_by, postmarked_on, principal_unproven)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
             $23, $24, $25)",
    )
    .bind(d.case_id)
    .bind(&d.code)
    .bind(&d.procedure)
    .bind(&d.procedure_version)
    .bind(&d.procedure_title)
    .bind(&d.unit)
    .bind(d.applicant)
    .bind(&d.applicant_name)
    .bind(d.channel)
    .bind(&d.answers)
    .bind(&d.form)
    .bind(d.exemption.as_deref())
    .bind(&d.receipt_hash)
    .bind(d.charge)
    .bind(d.created_at)
    .bind(principal.map(|p| p.kind.as_str()))
    .bind(principal.map(|p| p.name.as_str()))
    .bind(principal.and_then(|p| p.number.as_deref()))
    .bind(principal.and_then(|p| p.account))
    .bind(principal.and_then(|p| p.party))
    .bind(principal.and_then(|p| p.mandate))
    .bind(d.reception.received_by_unit.as_deref())
    .bind(d.reception.received_by)
    .bind(d.reception.postmarked_on.as_deref())
    .bind(principal.is_some_and(|p| p.unproven))
    .execute(tx)
    .await?;
    Ok(())
}

/// The newest dossiers that others handed in for this account.
pub async fn of_principal(db: &Db, account: Id, limit: i64) -> Result<Vec<Dossier>, Internal> {
    songhan_db::query_dyn(format!(
        "SELECT {COLUMNS} FROM dossiers WHERE principal_account = $1 ORDER BY created_at DESC, case_id DESC LIMIT $2"
    ))
    .bind(account)
    .bind(limit)
    .fetch_all(db)
    .await
}

/// The newest dossiers that the counter of this unit took in, whoever handles them.
pub async fn received_at(db: &Db, unit: &str, limit: i64) -> Result<Vec<Dossier>, Internal> {
    songhan_db::query_dyn(format!(
        "SELECT {COLUMNS} FROM dossiers WHERE received_by_unit = $1 ORDER BY created_at DESC, case_id DESC LIMIT $2"
    ))
    .bind(unit)
    .bind(limit)
    .fetch_all(db)
    .await
}

pub async fn by_code(db: &Db, code: &str) -> Result<Option<Dossier>, Internal> {
    songhan_db::query_dyn(format!("SELECT {COLUMNS} FROM dossiers WHERE code = $1")).bind(code).fetch_optional(db).await
}

pub async fn by_case(db: &Db, case: Id) -> Result<Option<Dossier>, Internal> {
    songhan_db::query_dyn(format!("SELECT {COLUMNS} FROM dossiers WHERE case_id = $1"))
        .bind(case)
        .fetch_optional(db)
        .await
}

pub async fn by_case_in(tx: &mut Tx, case: Id) -> Result<Option<Dossier>, Internal> {
    songhan_db::query_dyn(format!("SELECT {COLUMNS} FROM dossiers WHERE case_id = $1"))
        .bind(case)
        .fetch_optional(tx)
        .await
}

pub async fn by_charge_in(tx: &mut Tx, charge: Id) -> Result<Option<Dossier>, Internal> {
    songhan_db::query_dyn(format!("SELECT {COLUMNS} FROM dossiers WHERE charge = $1"))
        .bind(charge)
        .fetch_optional(tx)
        .await
}

/// Keeps what the applicant says of a dossier; the score that they gave before, and when they rated it first.
pub async fn keep_rating(
    tx: &mut Tx,
    case: Id,
    score: i64,
    comment: Option<&str>,
) -> Result<(Option<i64>, Option<At>), Internal> {
    let now = tx.now();
    query(
        "INSERT INTO dossier_ratings (case_id, score, comment, rated_at, first_rated_at) VALUES ($1, $2, $3, $4, $4)
         ON CONFLICT (case_id) DO UPDATE
             SET score_before = dossier_ratings.score, score = $2, comment = $3, rated_at = $4
         RETURNING score_before, first_rated_at",
    )
    .bind(case)
    .bind(score)
    .bind(comment)
    .bind(now)
    .fetch_one(tx)
    .await
}

/// What the applicant said of a dossier: 1 to 5, and a sentence.
pub async fn rating(db: &Db, case: Id) -> Result<Option<(i64, Option<String>)>, Internal> {
    query("SELECT score, comment FROM dossier_ratings WHERE case_id = $1").bind(case).fetch_optional(db).await
}

/// What applicants said of a unit between two moments, the newest first.
pub async fn rating_comments(
    db: &Db,
    unit: &str,
    (from, to): (Timestamp, Timestamp),
    topics: Option<&[String]>,
    limit: i64,
) -> Result<Vec<String>, Internal> {
    let of_topics = if topics.is_some() { "AND d.procedure IN (SELECT value FROM json_each($5))" } else { "" };
    let mut sql = query_dyn(format!(
        "SELECT r.comment FROM dossier_ratings r JOIN dossiers d ON d.case_id = r.case_id
         WHERE r.comment IS NOT NULL AND r.rated_at >= $1 AND r.rated_at < $2 AND d.unit = $3 {of_topics}
         ORDER BY r.rated_at DESC LIMIT $4"
    ))
    .bind(from)
    .bind(to)
    .bind(unit)
    .bind(limit);
    if let Some(topics) = topics {
        sql = sql.bind(serde_json::json!(topics));
    }
    let rows: Vec<(String,)> = sql.fetch_all(db).await?;
    Ok(rows.into_iter().map(|(comment,)| comment).collect())
}

/// Forgets what an account said of its dossiers; that they were rated, and how, has been counted.
pub async fn forget_comments(tx: &mut Tx, account: Id) -> Result<(), Internal> {
    query(
        "UPDATE dossier_ratings SET comment = NULL
         WHERE comment IS NOT NULL AND case_id IN (SELECT case_id FROM dossiers WHERE applicant = $1)",
    )
    .bind(account)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn set_receipt(tx: &mut Tx, case: Id, document: Id) -> Result<(), Internal> {
    query("UPDATE dossiers SET receipt_document = $2 WHERE case_id = $1").bind(case).bind(document).execute(tx).await?;
    Ok(())
}

pub async fn set_result_number(tx: &mut Tx, case: Id, number: &str) -> Result<(), Internal> {
    query("UPDATE dossiers SET result_number = $2 WHERE case_id = $1").bind(case).bind(number).execute(tx).await?;
    Ok(())
}

pub async fn set_result(tx: &mut Tx, case: Id, document: Id) -> Result<(), Internal> {
    query("UPDATE dossiers SET result_document = $2 WHERE case_id = $1").bind(case).bind(document).execute(tx).await?;
    Ok(())
}

pub async fn add_paper(tx: &mut Tx, case: Id, paper: &Paper) -> Result<(), Internal> {
    let now = tx.now();
    query(
        "INSERT INTO dossier_papers (case_id, upload, question, name, added_at, seen, digitisation)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(case)
    .bind(paper.upload)
    .bind(&paper.question)
    .bind(&paper.name)
    .bind(now)
    .bind(paper.seen.as_deref())
    .bind(paper.digitisation)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn papers<'a>(on: impl Into<On<'a>>, case: Id) -> Result<Vec<Paper>, Internal> {
    query(
        "SELECT upload, question, name, seen, digitisation FROM dossier_papers WHERE case_id = $1
         ORDER BY added_at, upload",
    )
    .bind(case)
    .fetch_all(on)
    .await
}

/// Of these cases those that were handed in for somebody else, with that name.
pub async fn principal_names(db: &Db, cases: &[Id]) -> Result<Vec<(Id, String)>, Internal> {
    let cases = serde_json::to_string(cases).map_err(Internal::new)?;
    query(
        "SELECT case_id, principal_name FROM dossiers
         WHERE principal_name IS NOT NULL AND case_id IN (SELECT value FROM json_each($1))",
    )
    .bind(cases)
    .fetch_all(db)
    .await
}

/// Dossiers that came in from `begin` until before `end`, the oldest first; `None` is every unit.
pub async fn received_between(
    db: &Db,
    units: Option<&[String]>,
    begin: jiff::Timestamp,
    end: jiff::Timestamp,
    limit: i64,
) -> Result<Vec<Dossier>, Internal> {
    let places: Vec<String> = (4..).take(units.map_or(0, <[String]>::len)).map(|n| format!("${n}")).collect();
    let within = match units {
        None => String::new(),
        Some([]) => return Ok(Vec::new()),
        Some(_) => format!("AND unit IN ({})", places.join(", ")),
    };
    let sql = songhan_db::query_dyn(format!(
        "SELECT {COLUMNS} FROM dossiers WHERE created_at >= $1 AND created_at < $2 {within}
         ORDER BY created_at, case_id LIMIT $3"
    ));
    let sql = sql.bind(begin).bind(end).bind(limit);
    units.unwrap_or_default().iter().fold(sql, songhan_db::Query::bind).fetch_all(db).await
}

/// The entry of a scan in the register of electronic copies.
pub async fn copy_of(tx: &mut Tx, upload: Id) -> Result<Option<crate::issue::copy::Entry>, Internal> {
    query("SELECT id, number, officer FROM electronic_copies WHERE upload = $1").bind(upload).fetch_optional(tx).await
}

pub async fn register_copy(
    tx: &mut Tx,
    entry: &crate::issue::copy::Entry,
    case: Id,
    upload: Id,
    unit: &str,
) -> Result<(), Internal> {
    let now = tx.now();
    query(
        "INSERT INTO electronic_copies (id, case_id, upload, unit, number, officer, registered_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(entry.id)
    .bind(case)
    .bind(upload)
    .bind(unit)
    .bind(&entry.number)
    .bind(&entry.officer)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// One of the dossiers that a unit received, by its case.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct Received {
    pub case_id: Id,
    pub created_at: At,
}

/// The dossiers that a unit received between two moments, newest first, behind the place `after`.
pub async fn received(
    db: &Db,
    unit: &str,
    (from, to): (Timestamp, Timestamp),
    topics: Option<&[String]>,
    after: Option<(i64, Id)>,
    limit: i64,
) -> Result<Vec<Received>, Internal> {
    let mut pieces = vec!["unit = $1", "created_at >= $2", "created_at < $3"];
    if topics.is_some() {
        pieces.push("procedure IN (SELECT value FROM json_each($5))");
    }
    if after.is_some() {
        pieces.push(if topics.is_some() {
            "(created_at, case_id) < ($6, $7)"
        } else {
            "(created_at, case_id) < ($5, $6)"
        });
    }
    let mut sql = query_dyn(format!(
        "SELECT case_id, created_at FROM dossiers WHERE {} ORDER BY created_at DESC, case_id DESC LIMIT $4",
        pieces.join(" AND ")
    ))
    .bind(unit)
    .bind(from)
    .bind(to)
    .bind(limit);
    if let Some(topics) = topics {
        sql = sql.bind(serde_json::json!(topics));
    }
    if let Some((at, id)) = after {
        sql = sql.bind(at).bind(id);
    }
    sql.fetch_all(db).await
}
