//! List one's drafts.

use axum::Json;
use serde::Serialize;
use songhan_app::{Cx, IntoProblem, Problem};

use crate::ops::list_own::{OwnDraft, Rejection, list_drafts};

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Drafts)]
pub struct Output {
    /// The last touched first; there are fifty at most.
    pub items: Vec<OwnDraft>,
}

/// List drafts.
#[utoipa::path(get, path = "/api/v1/drafts", operation_id = "list_drafts", tag = "drafts",
    responses(
        (status = 200, body = Output, description = "The drafts of the caller"),
    ))]
pub async fn handler(cx: Cx) -> Result<Json<Output>, Problem> {
    let account = cx.actor.account().ok_or(Rejection::SignIn).map_err(IntoProblem::into_problem)?;
    Ok(Json(Output { items: list_drafts(&cx, account).await? }))
}
