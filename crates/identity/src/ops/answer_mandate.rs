//! Answer a mandate: whoever it is offered to accepts or declines it.

use axum::Json;
use serde_json::json;
use songhan_app::{Cx, IntoProblem, Path, Problem};
use songhan_base::{Id, Internal};

use crate::events::{MandateConfirmed, MandateEnded};
use crate::mandate::{Mandate, MandateState};
use crate::store;

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("nothing of this kind is offered to you")]
    NoMandate,
    #[error("this authority is {}, so it cannot be answered", .0.as_str())]
    Answered(MandateState),
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::NoMandate => Problem::not_found("mandate"),
            Self::Answered(_) => Problem::conflict("mandate_answered", detail),
            Self::Internal(error) => error.into(),
        }
    }
}

/// Accepts or declines what is offered to the account's number. Doing the same twice does no harm.
pub async fn answer_mandate(cx: &Cx, account: Id, id: Id, accept: bool) -> Result<Mandate, Rejection> {
    let mut tx = cx.begin().await?;
    let number = store::account(&mut tx, account).await?.and_then(|own| own.citizen_id);
    let number = number.ok_or(Rejection::NoMandate)?;
    let mandate = store::lock_mandate(&mut tx, id).await?.ok_or(Rejection::NoMandate)?;
    if !store::is_offered_to(&mut tx, id, &number).await? {
        return Err(Rejection::NoMandate);
    }
    let wanted = if accept { MandateState::Confirmed } else { MandateState::Declined };
    if mandate.state != MandateState::Offered {
        return if mandate.state == wanted { Ok(mandate) } else { Err(Rejection::Answered(mandate.state)) };
    }
    let Mandate { grantor, party, .. } = mandate;
    let subject = format!("account:{account}");
    if accept {
        store::accept_mandate(&mut tx, id, account).await?;
        tx.audit("identity.mandate_accepted", &subject, json!({ "mandate": id })).await?;
        tx.emit(MandateConfirmed { mandate: id, agent: account, grantor, party }).await?;
    } else {
        store::close_mandate(&mut tx, id, wanted).await?;
        tx.audit("identity.mandate_declined", &subject, json!({ "mandate": id })).await?;
        tx.emit(MandateEnded { mandate: id, state: wanted, agent: None, grantor, party }).await?;
    }
    let answered = store::mandate(&mut tx, id).await?.ok_or_else(|| Internal::new("the mandate is gone"))?;
    tx.commit().await?;
    Ok(answered)
}

#[utoipa::path(post, path = "/api/v1/me/mandates/{id}/accept", operation_id = "accept_mandate", tag = "identity",
    summary = "Accept to act for someone",
    params(("id" = String, Path, format = Uuid, description = "The mandate", example = "019aa4c2-7c00-7000-8000-000000000001")),
    responses(
        (status = 200, description = "It counts within its days", body = Mandate),
        (status = 404, description = "Nothing of this kind is offered"),
        (status = 409, description = "It was answered or taken back"),
    ))]
pub async fn accept_mandate_handler(cx: Cx, Path(id): Path<Id>) -> Result<Json<Mandate>, Problem> {
    let account = cx.person()?.account;
    answer_mandate(&cx, account, id, true).await.map(Json).map_err(IntoProblem::into_problem)
}

#[utoipa::path(post, path = "/api/v1/me/mandates/{id}/decline", operation_id = "decline_mandate", tag = "identity",
    summary = "Decline to act for someone",
    params(("id" = String, Path, format = Uuid, description = "The mandate", example = "019aa4c2-7c00-7000-8000-000000000001")),
    responses(
        (status = 200, description = "It is declined", body = Mandate),
        (status = 404, description = "Nothing of this kind is offered"),
        (status = 409, description = "It was answered or taken back"),
    ))]
pub async fn decline_mandate_handler(cx: Cx, Path(id): Path<Id>) -> Result<Json<Mandate>, Problem> {
    let account = cx.person()?.account;
    answer_mandate(&cx, account, id, false).await.map(Json).map_err(IntoProblem::into_problem)
}
