//! Files of residents: photos and papers on their way in, receipts and results on their way out.

use axum::body::Bytes;
use axum::response::Response;
use songhan_app::{Cx, IntoProblem, Path, Problem};
use songhan_base::{Id, Internal};
use songhan_documents::{Upload, UploadRejection};
use songhan_forms::UploadedFile;

use crate::ops::show_dossier::{Seen, log_reading, see};

/// Stores one file; what is wrong with it comes back in the visitor's language.
pub async fn store(cx: &Cx, name: &str, bytes: Bytes) -> Result<Result<Id, String>, Problem> {
    match songhan_documents::take(cx, name, bytes.into()).await {
        Ok(upload) => Ok(Ok(upload.id)),
        Err(rejection @ (UploadRejection::SignIn | UploadRejection::Internal(_))) => Err(rejection.into_problem()),
        Err(rejection) => {
            let name: String = name.chars().take(80).collect();
            let key = match rejection {
                UploadRejection::Empty => "services-file-empty",
                UploadRejection::TooLarge => "services-file-large",
                UploadRejection::TooMany => "services-file-many",
                _ => "services-file-type",
            };
            Ok(Err(cx.text(cx.lang, key, &[("name", &name)])))
        }
    }
}

/// What is known of uploads of the person's own; of others nothing.
pub async fn uploaded(cx: &Cx, ids: &[&str]) -> Result<Vec<UploadedFile>, Internal> {
    let own = own(cx, ids).await?;
    let file = |upload: Upload| UploadedFile {
        id: upload.id.to_string(),
        href: format!("/uploads/{}", upload.id),
        name: upload.name,
        size: upload.size,
    };
    Ok(own.into_iter().map(file).collect())
}

async fn own(cx: &Cx, ids: &[&str]) -> Result<Vec<Upload>, Internal> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
    let found = songhan_documents::uploads(cx, &ids).await?;
    Ok(found.into_iter().filter(|upload| Some(upload.owner) == cx.actor.account()).collect())
}

/// A file of one's own, to look at again.
pub async fn show(cx: Cx, Path(id): Path<String>) -> Result<Response, Problem> {
    let found = own(&cx, &[&id]).await?;
    let upload = found.first().ok_or_else(|| Problem::not_found("file"))?;
    songhan_documents::serve_upload(&cx, upload.id).await
}

/// Giấy tiếp nhận hồ sơ và hẹn trả kết quả.
pub async fn receipt(cx: Cx, Path(code): Path<String>) -> Result<Response, Problem> {
    let seen = see(&cx, &code).await.map_err(IntoProblem::into_problem)?;
    serve(&cx, &seen, seen.dossier.receipt_document).await
}

/// Kết quả giải quyết.
pub async fn result(cx: Cx, Path(code): Path<String>) -> Result<Response, Problem> {
    let seen = see(&cx, &code).await.map_err(IntoProblem::into_problem)?;
    serve(&cx, &seen, seen.dossier.result_document).await
}

async fn serve(cx: &Cx, seen: &Seen, document: Option<Id>) -> Result<Response, Problem> {
    let document = document.ok_or_else(|| Problem::not_found("document"))?;
    log_reading(cx, seen).await?;
    songhan_documents::serve(cx, document).await
}
