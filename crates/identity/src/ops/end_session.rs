//! End a session: sign out here, or take the sign-in away from a device that was lost.

use axum::http::StatusCode;
use songhan_app::{Cx, Path, Problem};
use songhan_base::Id;

use crate::session::secret_hash;
use crate::{people, store};

/// Ends one of one's own sessions.
pub async fn end_session(cx: &Cx, session: Id) -> Result<(), Problem> {
    let account = cx.person()?.account;
    let mut tx = cx.begin().await?;
    if !people::end_session(&mut tx, account, session).await? {
        return Err(Problem::not_found("session"));
    }
    tx.commit().await?;
    Ok(())
}

/// Ends the session with this secret, whoever's: who holds the secret may.
pub async fn sign_out(cx: &Cx, secret: &str) -> Result<(), Problem> {
    let Some(hash) = secret_hash(secret) else { return Ok(()) };
    let mut tx = cx.begin().await?;
    if let Some((session, account)) = store::session_by_hash(&mut tx, &hash).await? {
        people::end_session(&mut tx, account, session).await?;
    }
    tx.commit().await?;
    Ok(())
}

#[utoipa::path(delete, path = "/api/v1/sessions/{id}", operation_id = "end_session", tag = "identity",
    summary = "Sign out a session",
    params(("id" = String, Path, format = Uuid, description = "One of one's own sessions", example = "019aa4c2-7c00-7000-8000-000000000001")),
    responses(
        (status = 204, description = "It has ended; its token is nobody's from now on"),
        (status = 404, description = "None of one's living sessions"),
    ))]
pub async fn end_session_handler(cx: Cx, Path(id): Path<Id>) -> Result<StatusCode, Problem> {
    end_session(&cx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
