//! Papers of a dossier, for those who handle it. Reading them is logged.

use axum::response::Response;
use serde::Deserialize;
use songhan_app::{Cx, Path, Problem, Query};
use songhan_base::Id;

use super::dossier::desk;
use super::inbox::units;
use crate::issue::book::{self, Rejection};
use crate::issue::sheet;
use crate::ops::show_dossier::{Seen, log_reading};
use crate::store;

pub async fn show(cx: Cx, Path((code, upload)): Path<(String, String)>) -> Result<Response, Problem> {
    let seen = desk(&cx, &code).await?;
    let upload: Id = upload.parse().map_err(|_| Problem::not_found("paper"))?;
    let papers = store::papers(&cx.db, seen.case.id).await?;
    if !papers.iter().any(|paper| paper.upload == upload) {
        return Err(Problem::not_found("paper"));
    }
    log_reading(&cx, &seen).await?;
    songhan_documents::serve_upload(&cx, upload).await
}

pub async fn receipt(cx: Cx, Path(code): Path<String>) -> Result<Response, Problem> {
    let seen = desk(&cx, &code).await?;
    document(&cx, &seen, seen.dossier.receipt_document).await
}

pub async fn result(cx: Cx, Path(code): Path<String>) -> Result<Response, Problem> {
    let seen = desk(&cx, &code).await?;
    document(&cx, &seen, seen.dossier.result_document).await
}

async fn document(cx: &Cx, seen: &Seen, id: Option<Id>) -> Result<Response, Problem> {
    let id = id.ok_or_else(|| Problem::not_found("document"))?;
    log_reading(cx, seen).await?;
    songhan_documents::serve(cx, id).await
}

/// Any paper that was issued about the dossier.
pub async fn issued(cx: Cx, Path((code, document)): Path<(String, String)>) -> Result<Response, Problem> {
    let seen = desk(&cx, &code).await?;
    let id = crate::issued::of(&cx, &seen.dossier, &document).await?;
    self::document(&cx, &seen, Some(id)).await
}

/// Phiếu kiểm soát quá trình giải quyết hồ sơ (form 05), as of now.
pub async fn process_sheet(cx: Cx, Path(code): Path<String>) -> Result<Response, Problem> {
    let seen = desk(&cx, &code).await?;
    log_reading(&cx, &seen).await?;
    let bytes = sheet::sheet(&cx, &seen).await?;
    Ok(songhan_documents::answer(bytes, &format!("kiem-soat-{code}.pdf")))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Days {
    from: String,
    until: String,
}

/// Sổ theo dõi hồ sơ (form 06) of the units where the actor has a desk.
pub async fn tracking_book(cx: Cx, Query(days): Query<Days>) -> Result<Response, Problem> {
    let units = units(&cx);
    let (from, until) = book::days(&cx, days.from.trim(), days.until.trim()).map_err(refused)?;
    let bytes = book::book(&cx, units.as_deref(), from, until).await.map_err(refused)?;
    // Many people's names leave the house at once.
    let mut tx = cx.begin().await?;
    let detail = serde_json::json!({ "units": units, "from": from.to_string(), "until": until.to_string() });
    tx.audit("services.read_book", "dossiers", detail).await?;
    tx.commit().await?;
    Ok(songhan_documents::answer(bytes, &format!("so-theo-doi-{from}-{until}.pdf")))
}

fn refused(rejection: Rejection) -> Problem {
    let told = rejection.to_string();
    match rejection {
        Rejection::Days(field) => Problem::invalid("days_invalid", told, vec![field]),
        Rejection::TooMany => Problem::invalid("book_too_long", told, Vec::new()),
        Rejection::Internal(error) => error.into(),
    }
}
