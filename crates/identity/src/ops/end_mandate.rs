//! End a mandate: its giver takes it back, its holder gives it up. It counts for nothing from the next request on.

use axum::http::StatusCode;
use serde_json::json;
use songhan_app::{Cx, IntoProblem, Path, Problem};
use songhan_base::{Id, Internal};

use crate::events::MandateEnded;
use crate::mandate::MandateState;
use crate::store;

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("there is no such mandate of yours")]
    NoMandate,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        match self {
            Self::NoMandate => Problem::not_found("mandate"),
            Self::Internal(error) => error.into(),
        }
    }
}

/// Ends a mandate that `account` holds, gave, or that was given for a party which it speaks for. One that had ended stays
/// as it was.
pub async fn end_mandate(cx: &Cx, account: Id, id: Id) -> Result<(), Rejection> {
    let mut tx = cx.begin().await?;
    let mandate = store::lock_mandate(&mut tx, id).await?.ok_or(Rejection::NoMandate)?;
    let speaks = match mandate.party {
        Some(party) if mandate.grantor.is_some() => store::speaks_for(&mut tx, account, party, cx.today()).await?,
        _ => false,
    };
    let state = if mandate.agent == Some(account) {
        MandateState::Ended
    } else if mandate.grantor == Some(account) || speaks {
        MandateState::Revoked
    } else {
        return Err(Rejection::NoMandate);
    };
    if mandate.state.is_open() {
        store::close_mandate(&mut tx, id, state).await?;
        let detail = json!({ "mandate": id, "state": state });
        tx.audit("identity.mandate_ended", &format!("account:{account}"), detail).await?;
        let crate::mandate::Mandate { agent, grantor, party, .. } = mandate;
        tx.emit(MandateEnded { mandate: id, state, agent, grantor, party }).await?;
    }
    tx.commit().await?;
    Ok(())
}

#[utoipa::path(delete, path = "/api/v1/me/mandates/{id}", operation_id = "end_mandate", tag = "identity",
    summary = "Take an authority back, or give it up",
    params(("id" = String, Path, format = Uuid, description = "The mandate", example = "019aa4c2-7c00-7000-8000-000000000001")),
    responses(
        (status = 204, description = "It has ended"),
        (status = 404, description = "None of one's own"),
    ))]
pub async fn end_mandate_handler(cx: Cx, Path(id): Path<Id>) -> Result<StatusCode, Problem> {
    let account = cx.person()?.account;
    end_mandate(&cx, account, id).await.map_err(IntoProblem::into_problem)?;
    Ok(StatusCode::NO_CONTENT)
}
