//! Files of residents: photos and papers on their way in, receipts and results on their way out.

use axum::body::Bytes;
use axum::response::Response;
use songhan_app::{Cx, IntoProblem, Path, Problem};
use songhan_base::{Id, Internal};
use songhan_documents::{Upload, UploadRejection};
use songhan_forms::UploadedFile;

use crate::ops::show_dossier::{Seen, log_reading, see};
use crate::store;

/// Stores one file; what is wrong with it comes back in the visitor's language.
pub async fn store(cx: &Cx, name: &str, bytes: Bytes) -> Result<Result<Id, String>, Problem> {
    stored(cx, name, songhan_documents::take(cx, name, bytes.into()).await)
}

/// What became of a file, in the visitor's language.
pub fn stored(cx: &Cx, name: &str, outcome: Result<Upload, UploadRejection>) -> Result<Result<Id, String>, Problem> {
    match outcome {
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
    let Some(account) = cx.actor.account() else { return Ok(Vec::new()) };
    if found.iter().all(|upload| upload.owner == account) {
        return Ok(found);
    }
    // What a counter has scanned for them is theirs too, once it is a paper of their dossier.
    let papers = store::reuse::own_papers(&cx.db, account, &ids).await?;
    Ok(found.into_iter().filter(|upload| upload.owner == account || papers.contains(&upload.id)).collect())
}

/// A file of one's own, to look at again.
pub async fn show(cx: Cx, Path(id): Path<String>) -> Result<Response, Problem> {
    let found = own(&cx, &[&id]).await?;
    let upload = found.first().ok_or_else(|| Problem::not_found("file"))?;
    songhan_documents::serve_upload(&cx, upload.id).await
}

/// A paper of one's dossier, also where someone else has sent or scanned it.
pub async fn paper(cx: Cx, Path((code, upload)): Path<(String, String)>) -> Result<Response, Problem> {
    let seen = see(&cx, &code).await.map_err(IntoProblem::into_problem)?;
    let upload: Id = upload.parse().map_err(|_| Problem::not_found("paper"))?;
    let papers = store::papers(&cx.db, seen.case.id).await?;
    if !papers.iter().any(|paper| paper.upload == upload && !paper.is_paper_only()) {
        return Err(Problem::not_found("paper"));
    }
    log_reading(&cx, &seen).await?;
    songhan_documents::serve_upload(&cx, upload).await
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

/// Any paper that was issued about one's dossier: phiếu, biên lai.
pub async fn issued(cx: Cx, Path((code, document)): Path<(String, String)>) -> Result<Response, Problem> {
    let seen = see(&cx, &code).await.map_err(IntoProblem::into_problem)?;
    let id = crate::issued::of(&cx, &seen.dossier, &document).await?;
    serve(&cx, &seen, Some(id)).await
}

async fn serve(cx: &Cx, seen: &Seen, document: Option<Id>) -> Result<Response, Problem> {
    let document = document.ok_or_else(|| Problem::not_found("document"))?;
    log_reading(cx, seen).await?;
    songhan_documents::serve(cx, document).await
}
