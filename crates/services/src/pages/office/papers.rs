//! Papers of a dossier, for those who handle it. Reading them is logged.

use axum::response::Response;
use songhan_app::{Cx, Path, Problem};
use songhan_base::Id;

use super::dossier::desk;
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
