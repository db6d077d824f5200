//! List what the national portal was told, for administrators.

use axum::Json;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use songhan_app::{Cx, Problem, Query};
use songhan_base::{Id, Internal};

use crate::message::{Message, State};
use crate::store::messages;

/// Messages on one page.
pub const PAGE: usize = 50;

/// Which, and where to go on.
#[derive(Clone, Copy, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// Only those in this state.
    pub state: Option<State>,
    /// The `next` of the page before.
    #[param(value_type = Option<String>, format = Uuid)]
    pub before: Option<Id>,
}

/// A page of messages.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = NationalMessages)]
pub struct Output {
    /// The latest first.
    pub items: Vec<Message>,
    /// Send it as `before` for the next page; missing on the last one.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub next: Option<Id>,
}

/// The messages before a place.
pub async fn list_messages(cx: &Cx, asked: Asked) -> Result<Output, Internal> {
    let mut rows = messages::page(&cx.db, asked.state, asked.before, PAGE as i64 + 1).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().map(|row| row.id).filter(|_| more);
    Ok(Output { items: rows.into_iter().map(Message::from).collect(), next })
}

#[utoipa::path(get, path = "/api/v1/national/messages", operation_id = "list_national_messages", tag = "national",
    summary = "List what the national portal was told", params(Asked),
    responses(
        (status = 200, description = "Messages, the latest first", body = Output,
            example = json!({ "items": [{ "id": "019aa4c2-7c00-7000-8000-000000000001",
                "dossier": "000.00.15.H17-261121-0001", "state": "sent", "status": 2, "steps": 2, "changes": 3,
                "attempts": 1, "answer_code": "0", "answer": null, "created_at": "2026-11-21T02:00:00Z",
                "tried_at": "2026-11-21T02:00:05Z", "next_at": null, "ended_at": "2026-11-21T02:00:05Z" }],
                "next": null })),
    ))]
pub async fn handler(cx: Cx, Query(asked): Query<Asked>) -> Result<impl IntoResponse, Problem> {
    Ok(Json(list_messages(&cx, asked).await?))
}
