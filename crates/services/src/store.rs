//! All SQL of public services.

use songhan_base::{Id, Internal};
use songhan_db::{Db, On, Tx, query};

use crate::dossier::{Dossier, Paper};

const COLUMNS: &str = "case_id, code, procedure, procedure_version, procedure_title, unit, applicant, applicant_name,
    channel, answers, form, exemption, receipt_hash, charge, receipt_document, result_document, result_number, created_at";

pub async fn insert(tx: &mut Tx, d: &Dossier) -> Result<(), Internal> {
    query(
        "INSERT INTO dossiers (case_id, code, procedure, procedure_version, procedure_title, unit, applicant,
             applicant_name, channel, answers, form, exemption, receipt_hash, charge, created_at)
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
    .bind(d.exemption.as_deref())
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

pub async fn papers<'a>(on: impl Into<On<'a>>, case: Id) -> Result<Vec<Paper>, Internal> {
    query("SELECT upload, question, name FROM dossier_papers WHERE case_id = $1 ORDER BY added_at, upload")
        .bind(case)
        .fetch_all(on)
        .await
}
