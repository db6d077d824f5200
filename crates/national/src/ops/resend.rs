//! Send a dossier to the national portal again: now, and whatever the portal is known to know.

use axum::Json;
use axum::response::IntoResponse;
use serde_json::json;
use songhan_app::{Cx, IntoProblem, Path, Problem};
use songhan_base::{Id, Internal};

use crate::message::Message;
use crate::promise;
use crate::settings::Settings;
use crate::store::messages;

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("there is no such message")]
    Unknown,
    #[error("nothing is sent to the national portal: its section [national] is not configured")]
    NotConfigured,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        match self {
            Self::Unknown => Problem::not_found("message"),
            Self::NotConfigured => Problem::conflict("national_not_configured", self.to_string()),
            Self::Internal(error) => error.into(),
        }
    }
}

/// Promises that the message's dossier is sent now. Answers the message that will be: this one while it waits, else a
/// new one. Doing it twice before it was sent is doing it once.
pub async fn resend(cx: &Cx, id: Id) -> Result<Message, Rejection> {
    let row = messages::by_id(&cx.db, id).await?.ok_or(Rejection::Unknown)?;
    if Settings::of(cx).is_none() {
        return Err(Rejection::NotConfigured);
    }
    let mut tx = cx.begin().await?;
    let id = promise::again(&mut tx, cx, row.case_id, &row.code).await?;
    tx.audit("national.resend", &format!("dossier:{}", row.code), json!({ "message": id })).await?;
    tx.commit().await?;
    let row = messages::by_id(&cx.db, id).await?.ok_or(Rejection::Unknown)?;
    Ok(Message::from(row))
}

#[utoipa::path(post, path = "/api/v1/national/messages/{id}/actions/resend", operation_id = "resend_national_message",
    tag = "national", summary = "Send a dossier to the national portal again",
    params(("id" = String, Path, description = "A message of the dossier", format = Uuid,
        example = "019aa4c2-7c00-7000-8000-000000000001")),
    responses(
        (status = 200, description = "The message that will be sent", body = Message,
            example = json!({ "id": "019aa4c2-7c00-7000-8000-000000000002", "dossier": "000.00.15.H17-261121-0001",
                "state": "waiting", "status": null, "steps": 0, "changes": 1, "attempts": 0, "answer_code": null,
                "answer": null, "created_at": "2026-11-21T02:10:00Z", "tried_at": null,
                "next_at": "2026-11-21T02:10:00Z", "ended_at": null })),
        (status = 404, description = "No such message"),
        (status = 409, description = "The portal is not configured"),
    ))]
pub async fn handler(cx: Cx, Path(id): Path<Id>) -> Result<impl IntoResponse, Problem> {
    Ok(Json(resend(&cx, id).await.map_err(IntoProblem::into_problem)?))
}
