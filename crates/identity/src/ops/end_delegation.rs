//! End a delegation, and list the register of one's units.

use axum::Json;
use axum::http::StatusCode;
use serde::Serialize;
use serde_json::json;
use songhan_app::{Cx, IntoProblem, Path, Problem};
use songhan_base::{Id, Internal, Role};

use super::give_delegation::may_keep;
use crate::delegation::Delegation;
use crate::events::DelegationEnded;
use crate::store;

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("there is no such entry in the registers of your units")]
    NoDelegation,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        match self {
            Self::NoDelegation => Problem::not_found("delegation"),
            Self::Internal(error) => error.into(),
        }
    }
}

/// Ends an entry at once. Ending it again does no harm.
pub async fn end_delegation(cx: &Cx, id: Id) -> Result<(), Rejection> {
    let mut tx = cx.begin().await?;
    let entry = store::delegation(&mut tx, id).await?.filter(|entry| may_keep(cx, &entry.unit));
    let entry = entry.ok_or(Rejection::NoDelegation)?;
    if store::end_delegation(&mut tx, id).await? {
        let Delegation { kind, unit, giver, receiver, .. } = entry;
        let detail = json!({ "delegation": id, "kind": kind, "unit": unit, "receiver": receiver });
        tx.audit("identity.delegation_ended", &format!("account:{giver}"), detail).await?;
        tx.emit(DelegationEnded { delegation: id, kind, unit, giver, receiver }).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The registers of the units that the actor leads or administers, the latest first.
pub async fn list_delegations(cx: &Cx) -> Result<Vec<Delegation>, Internal> {
    let units = cx.actor.units(&[Role::Leader, Role::Administrator]);
    if units.contains(&None) {
        return store::delegations(&cx.db, None).await;
    }
    let units: Vec<&str> = units.into_iter().flatten().collect();
    store::delegations(&cx.db, Some(&units)).await
}

/// Entries, ended ones too.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = DelegationList)]
pub struct Delegations {
    items: Vec<Delegation>,
}

#[utoipa::path(get, path = "/api/v1/delegations", operation_id = "list_delegations", tag = "identity",
    summary = "Who signs or works in whose place",
    responses(
        (status = 200, description = "The registers of one's units, the latest first", body = Delegations),
    ))]
pub async fn list_delegations_handler(cx: Cx) -> Result<Json<Delegations>, Problem> {
    Ok(Json(Delegations { items: list_delegations(&cx).await? }))
}

#[utoipa::path(delete, path = "/api/v1/delegations/{id}", operation_id = "end_delegation", tag = "identity",
    summary = "End a delegation",
    params(("id" = String, Path, format = Uuid, description = "The entry", example = "019aa4c2-7c00-7000-8000-000000000001")),
    responses(
        (status = 204, description = "It has ended"),
        (status = 404, description = "None of one's units"),
    ))]
pub async fn end_delegation_handler(cx: Cx, Path(id): Path<Id>) -> Result<StatusCode, Problem> {
    end_delegation(&cx, id).await.map_err(IntoProblem::into_problem)?;
    Ok(StatusCode::NO_CONTENT)
}
