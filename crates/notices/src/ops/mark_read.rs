//! Mark as read: one notice, or all.

use axum::http::StatusCode;
use songhan_app::{Cx, Path, Problem};
use songhan_base::Id;

use crate::store;

/// Marks one of one's notices as read; answers where it leads. Reading it again changes nothing.
pub async fn mark_read(cx: &Cx, id: Id) -> Result<Option<String>, Problem> {
    let account = cx.person()?.account;
    let mut tx = cx.begin().await?;
    let row = store::notice(&mut tx, id).await?.filter(|row| row.account == account);
    let row = row.ok_or_else(|| Problem::not_found("notice"))?;
    store::mark_read(&mut tx, account, Some(id)).await?;
    tx.commit().await?;
    Ok(row.link)
}

/// Marks all of one's notices as read.
pub async fn mark_all_read(cx: &Cx) -> Result<(), Problem> {
    let account = cx.person()?.account;
    let mut tx = cx.begin().await?;
    store::mark_read(&mut tx, account, None).await?;
    tx.commit().await?;
    Ok(())
}

#[utoipa::path(post, path = "/api/v1/notices/{id}/read", operation_id = "mark_notice_read", tag = "notices",
    summary = "Mark a notice as read",
    params(("id" = String, Path, format = Uuid, description = "One of one's own notices", example = "019aa4c2-7c00-7000-8000-000000000001")),
    responses(
        (status = 204, description = "It is read"),
        (status = 400, description = "A header cannot be read"),
        (status = 404, description = "None of one's notices"),
    ))]
pub async fn mark_read_handler(cx: Cx, Path(id): Path<Id>) -> Result<StatusCode, Problem> {
    mark_read(&cx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
