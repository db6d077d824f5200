//! Delete a draft: its owner does not want it any more.

use axum::http::StatusCode;
use songhan_app::{Cx, IntoProblem, Path, Problem};
use songhan_base::Id;
use songhan_forms::drafts::{self, DraftError};

use crate::ops::open_draft::{Rejection, open_draft};

/// Deletes a draft with the papers that were uploaded for it.
pub async fn delete_draft(cx: &Cx, draft: &str) -> Result<(), Rejection> {
    let account = cx.actor.account().ok_or(Rejection::SignIn)?;
    let id: Id = draft.parse().map_err(|_| Rejection::NotFound)?;
    let papers = match open_draft(cx, draft).await {
        Ok(application) => {
            application.form.uploads(&application.answers).into_iter().map(|(_, id)| id.to_owned()).collect()
        }
        // Of a procedure that has closed, what was uploaded is swept with the other orphans.
        Err(_) => Vec::new(),
    };
    let mut tx = cx.begin().await?;
    match drafts::delete(&mut tx, account, id).await {
        Ok(()) => tx.commit().await?,
        Err(DraftError::Internal(error)) => return Err(error.into()),
        Err(_) => return Err(Rejection::NotFound),
    }
    for paper in papers.iter().filter_map(|id: &String| id.parse().ok()) {
        songhan_documents::remove_upload(cx, account, paper).await?;
    }
    Ok(())
}

/// Delete a draft.
#[utoipa::path(delete, path = "/api/v1/drafts/{id}", operation_id = "delete_draft", tag = "drafts",
    params(("id" = String, Path, format = Uuid, description = "Id of the draft",
        example = "019aa4c2-7c00-7000-8000-000000000007")),
    responses(
        (status = 204, description = "It is gone, and the files that were uploaded for it"),
        (status = 404, description = "No such draft, or not yours"),
    ))]
pub async fn handler(cx: Cx, Path(draft): Path<String>) -> Result<StatusCode, Problem> {
    delete_draft(&cx, &draft).await.map_err(IntoProblem::into_problem)?;
    Ok(StatusCode::NO_CONTENT)
}
