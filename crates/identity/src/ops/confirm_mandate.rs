//! Confirm a mandate: an office has seen the papers, or refuses what they do not show.

use axum::Json;
use axum::http::StatusCode;
use serde_json::json;
use songhan_app::{Cx, IntoProblem, Path, Problem};
use songhan_base::{Id, Internal};
use songhan_db::Tx;

use crate::events::{MandateConfirmed, MandateEnded};
use crate::mandate::{Mandate, MandateState};
use crate::party::PartyKind;
use crate::store;

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("there is no such mandate")]
    NoMandate,
    #[error("this mandate is {}, so there is nothing to confirm", .0.as_str())]
    NotClaimed(MandateState),
    #[error("nobody confirms what they claim themselves; ask a colleague")]
    Own,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::NoMandate => Problem::not_found("mandate"),
            Self::NotClaimed(_) => Problem::conflict("mandate_not_claimed", detail),
            Self::Own => Problem::new(StatusCode::FORBIDDEN, "own_mandate", detail),
            Self::Internal(error) => error.into(),
        }
    }
}

/// An arbitrary constant: the advisory lock under which organisations become known.
const ORGANISATIONS: i64 = 0x7061_7274;

/// Confirms or refuses a claimed mandate, in the caller's transaction; that the actor is an office is for the route (or
/// the module above) to know. Doing the same twice does no harm.
pub async fn confirm_in(tx: &mut Tx, cx: &Cx, id: Id, fine: bool) -> Result<Mandate, Rejection> {
    let mandate = store::lock_mandate(tx, id).await?.ok_or(Rejection::NoMandate)?;
    let agent = mandate.agent.filter(|_| mandate.state != MandateState::Offered).ok_or(Rejection::NoMandate)?;
    if cx.actor.account() == Some(agent) {
        return Err(Rejection::Own);
    }
    let wanted = if fine { MandateState::Confirmed } else { MandateState::Ended };
    if mandate.state != MandateState::Claimed {
        return if mandate.state == wanted { Ok(mandate) } else { Err(Rejection::NotClaimed(mandate.state)) };
    }
    let (subject, grantor) = (format!("account:{agent}"), mandate.grantor);
    if fine {
        let party = known_party(tx, mandate.party).await?;
        store::confirm_mandate(tx, id, party).await?;
        if let Some(party) = party {
            store::confirm_party(tx, party).await?;
        }
        tx.audit("identity.mandate_confirmed", &subject, json!({ "mandate": id, "party": party })).await?;
        tx.emit(MandateConfirmed { mandate: id, agent, grantor, party }).await?;
    } else {
        store::close_mandate(tx, id, wanted).await?;
        tx.audit("identity.mandate_refused", &subject, json!({ "mandate": id })).await?;
        tx.emit(MandateEnded { mandate: id, state: wanted, agent: Some(agent), grantor, party: mandate.party }).await?;
    }
    store::mandate(tx, id).await?.ok_or_else(|| Internal::new("the mandate is gone").into())
}

/// An organisation that an office confirmed before is the same one, by its tax code, however its name was typed.
async fn known_party(tx: &mut Tx, party: Option<Id>) -> Result<Option<Id>, Internal> {
    let Some(id) = party else { return Ok(None) };
    let found = store::party(&mut *tx, id).await?.ok_or_else(|| Internal::new("the party is gone"))?;
    let PartyKind::Organisation { tax_code, .. } = &found.kind else { return Ok(party) };
    // Two claims of one organisation may be confirmed at the same time.
    tx.lock(ORGANISATIONS).await?;
    Ok(store::confirmed_organisation(tx, tax_code).await?.or(party))
}

/// The same as an operation of its own.
pub async fn confirm_mandate(cx: &Cx, id: Id, fine: bool) -> Result<Mandate, Rejection> {
    let mut tx = cx.begin().await?;
    let mandate = confirm_in(&mut tx, cx, id, fine).await?;
    tx.commit().await?;
    Ok(mandate)
}

#[utoipa::path(post, path = "/api/v1/mandates/{id}/confirm", operation_id = "confirm_mandate", tag = "identity",
    summary = "Confirm that someone may act for another",
    params(("id" = String, Path, format = Uuid, description = "The mandate", example = "019aa4c2-7c00-7000-8000-000000000001")),
    responses(
        (status = 200, description = "It counts within its days", body = Mandate),
        (status = 403, description = "Not an office, or one's own"),
        (status = 404, description = "No such mandate"),
        (status = 409, description = "It is not one that waits for this"),
    ))]
pub async fn confirm_mandate_handler(cx: Cx, Path(id): Path<Id>) -> Result<Json<Mandate>, Problem> {
    confirm_mandate(&cx, id, true).await.map(Json).map_err(IntoProblem::into_problem)
}

#[utoipa::path(post, path = "/api/v1/mandates/{id}/refuse", operation_id = "refuse_mandate", tag = "identity",
    summary = "Refuse what the papers do not show",
    params(("id" = String, Path, format = Uuid, description = "The mandate", example = "019aa4c2-7c00-7000-8000-000000000001")),
    responses(
        (status = 200, description = "It has ended", body = Mandate),
        (status = 403, description = "Not an office, or one's own"),
        (status = 404, description = "No such mandate"),
        (status = 409, description = "It is not one that waits for this"),
    ))]
pub async fn refuse_mandate_handler(cx: Cx, Path(id): Path<Id>) -> Result<Json<Mandate>, Problem> {
    confirm_mandate(&cx, id, false).await.map(Json).map_err(IntoProblem::into_problem)
}
