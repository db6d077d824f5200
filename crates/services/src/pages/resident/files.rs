//! Files of residents: photos and papers on their way in, receipts and results on their way out.

use axum::body::Bytes;
use axum::response::Response;
use songhan_app::{Cx, IntoProblem, Path, Problem};
use songhan_base::{Id, Internal};
use songhan_forms::UploadedFile;

use crate::ops::show_dossier::{log_reading, see};

/// Stores one file; what is wrong with it comes back in the visitor's language.
pub async fn store(cx: &Cx, name: &str, bytes: Bytes) -> Result<Result<Id, String>, Problem> {
    todo!()
}

/// What is known of uploads of the applicant's own; of others nothing.
pub async fn uploaded(cx: &Cx, ids: &[&str]) -> Result<Vec<UploadedFile>, Internal> {
    todo!()
}

/// Giấy tiếp nhận hồ sơ và hẹn trả kết quả.
pub async fn receipt(cx: Cx, Path(code): Path<String>) -> Result<Response, Problem> {
    let seen = see(&cx, &code).await.map_err(IntoProblem::into_problem)?;
    let document = seen.dossier.receipt_document.ok_or_else(|| Problem::not_found("receipt"))?;
    log_reading(&cx, &seen).await?;
    download(&cx, document, &format!("giay-tiep-nhan-{code}.pdf")).await
}

/// Kết quả giải quyết.
pub async fn result(cx: Cx, Path(code): Path<String>) -> Result<Response, Problem> {
    let seen = see(&cx, &code).await.map_err(IntoProblem::into_problem)?;
    let document = seen.dossier.result_document.ok_or_else(|| Problem::not_found("result"))?;
    log_reading(&cx, &seen).await?;
    download(&cx, document, &format!("ket-qua-{code}.pdf")).await
}

async fn download(cx: &Cx, document: Id, name: &str) -> Result<Response, Problem> {
    todo!()
}
