//! Close an account: nobody signs in to it from now on, and its sessions end. What it did stays; it can be opened again.

use axum::http::StatusCode;
use serde_json::json;
use songhan_app::{Cx, IntoProblem, Problem};
use songhan_base::{Id, Internal};

use crate::events::SessionEnded;
use crate::grant::may_administer;
use crate::store;

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("there is no such account")]
    NoAccount,
    #[error("only an administrator of the whole city may close or open an account")]
    Forbidden,
    #[error("nobody closes their own account here; ask another administrator")]
    Own,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::NoAccount => Problem::not_found("account"),
            Self::Forbidden => Problem::new(StatusCode::FORBIDDEN, "forbidden", detail),
            Self::Own => Problem::conflict("own_account", detail),
            Self::Internal(error) => error.into(),
        }
    }
}

/// Closes an account, or opens it again. Doing it twice does no harm.
pub async fn close_account(cx: &Cx, account: Id, closed: bool) -> Result<(), Rejection> {
    if !may_administer(&cx.actor, None) {
        return Err(Rejection::Forbidden);
    }
    if cx.actor.account() == Some(account) {
        return Err(Rejection::Own);
    }
    let mut tx = cx.begin().await?;
    // What was erased does not come back.
    if store::account(&mut tx, account).await?.is_none_or(|found| found.erased_at.is_some()) {
        return Err(Rejection::NoAccount);
    }
    if store::set_closed(&mut tx, account, closed).await? {
        if closed {
            for session in store::end_other_sessions(&mut tx, account, None).await? {
                tx.emit(SessionEnded { session, account }).await?;
            }
        }
        let action = if closed { "identity.account_closed" } else { "identity.account_opened" };
        tx.audit(action, &format!("account:{account}"), json!({})).await?;
    }
    tx.commit().await?;
    Ok(())
}
