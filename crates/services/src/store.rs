//! All SQL of public services.

use songhan_base::{Id, Internal};
use songhan_db::{Db, Tx, query};

use crate::dossier::{Dossier, Paper};

const COLUMNS: &str = "case_id, code, procedure, procedure_version, procedure_title, unit, applicant, applicant_name,
    channel, answers, form, receipt_hash, charge, receipt_document, result_document, result_number, created_at";

/// What a dossier is inserted with; `form_document` is the form as it was asked, for reading the answers later.
pub struct NewDossier<'a> {
    pub dossier: &'a Dossier,
    pub form_document: &'a str,
}

pub async fn insert(tx: &mut Tx, new: NewDossier<'_>) -> Result<(), Internal> {
    let NewDossier { dossier: d, form_document } = new;
    query(
        "INSERT INTO dossiers (case_id, code, procedure, procedure_version, procedure_title, unit, applicant,
             applicant_name, channel, answers, form, form_document, receipt_hash, charge, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
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
    .bind(form_document)
    .bind(&d.receipt_hash)
    .bind(d.charge)
    .bind(d.created_at)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn by_code(db: &Db, code: &str) -> Result<Option<Dossier>, Internal> {
    songhan_db::query_dyn(format!("SELECT {COLUMNS} FROM dossiers WHERE code = $1")).bind(code).fetch_optional(db).await
}

pub async fn by_case(db: &Db, case: Id) -> Result<Option<Dossier>, Internal> {
    songhan_db::query_dyn(format!("SELECT {COLUMNS} FROM dossiers WHERE case_id = $1")).bind(case).fetch_optional(db).await
}

pub async fn by_case_in(tx: &mut Tx, case: Id) -> Result<Option<Dossier>, Internal> {
    songhan_db::query_dyn(format!("SELECT {COLUMNS} FROM dossiers WHERE case_id = $1")).bind(case).fetch_optional(tx).await
}

pub async fn by_charge_in(tx: &mut Tx, charge: Id) -> Result<Option<Dossier>, Internal> {
    songhan_db::query_dyn(format!("SELECT {COLUMNS} FROM dossiers WHERE charge = $1")).bind(charge).fetch_optional(tx).await
}

/// The form as it was asked.
pub async fn form_document(db: &Db, case: Id) -> Result<Option<String>, Internal> {
    let row: Option<(String,)> =
        query("SELECT form_document FROM dossiers WHERE case_id = $1").bind(case).fetch_optional(db).await?;
    Ok(row.map(|(document,)| document))
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
    query("INSERT INTO dossier_papers (case_id, upload, question, name, added_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(case)
        .bind(paper.upload)
        .bind(&paper.question)
        .bind(&paper.name)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn papers(db: &Db, case: Id) -> Result<Vec<Paper>, Internal> {
    query("SELECT upload, question, name FROM dossier_papers WHERE case_id = $1 ORDER BY added_at, upload")
        .bind(case)
        .fetch_all(db)
        .await
}

/// Dossiers of these cases, in no order.
pub async fn of_cases(db: &Db, cases: &[Id]) -> Result<Vec<Dossier>, Internal> {
    let ids: Vec<String> = cases.iter().map(ToString::to_string).collect();
    songhan_db::query_dyn(format!("SELECT {COLUMNS} FROM dossiers WHERE case_id IN (SELECT value FROM json_each($1))"))
        .bind(serde_json::json!(ids))
        .fetch_all(db)
        .await
}
