//! List sessions: where one is signed in.

use axum::Json;
use axum::http::header;
use axum::response::IntoResponse;
use serde::Serialize;
use songhan_app::{Cx, Problem};
use songhan_base::Id;
use songhan_db::At;

use crate::session::SessionKind;
use crate::store;

/// A session as its owner sees it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Session {
    #[schema(value_type = String, format = Uuid)]
    pub id: Id,
    pub kind: SessionKind,
    /// The browser and system, or the program's name.
    #[schema(example = "Firefox, Android")]
    pub name: String,
    /// Address it was opened from.
    pub address: Option<String>,
    /// Whether a code was given when it was opened.
    pub second_factor: bool,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: At,
    /// To the minute.
    #[schema(value_type = String, format = DateTime)]
    pub seen_at: At,
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: At,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// One's living sessions, the latest used first.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = SessionList)]
pub struct Sessions {
    pub items: Vec<Session>,
}

/// The living sessions of the person that asks.
pub async fn list_sessions(cx: &Cx) -> Result<Vec<Session>, Problem> {
    let person = cx.person()?;
    let rows = store::sessions_of(&cx.db, person.account, cx.now()).await?;
    let session = |row: store::SessionRow| Session {
        current: row.id == person.session,
        id: row.id,
        kind: SessionKind::read(&row.kind),
        name: row.name,
        address: row.address,
        second_factor: row.second_factor,
        created_at: row.created_at,
        seen_at: row.seen_at,
        expires_at: row.expires_at,
    };
    Ok(rows.into_iter().map(session).collect())
}

#[utoipa::path(get, path = "/api/v1/sessions", operation_id = "list_sessions", tag = "identity",
    summary = "Where I am signed in",
    responses(
        (status = 200, description = "One's living sessions", body = Sessions),
    ))]
pub async fn list_sessions_handler(cx: Cx) -> Result<impl IntoResponse, Problem> {
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(Sessions { items: list_sessions(&cx).await? })))
}
