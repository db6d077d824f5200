//! End a grant: someone no longer works for a unit. It counts with their next request.

use axum::http::StatusCode;
use songhan_app::{Cx, IntoProblem, Path, Problem};
use songhan_base::{Id, Internal, Role};

use crate::grant::may_administer;
use crate::{people, store};

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("there is no such grant")]
    NoGrant,
    #[error("only an administrator of that unit, or of the whole city, may do this")]
    Forbidden,
    #[error("nobody ends their own role as administrator; ask another administrator")]
    Own,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::NoGrant => Problem::not_found("grant"),
            Self::Forbidden => Problem::new(StatusCode::FORBIDDEN, "forbidden", detail),
            Self::Own => Problem::conflict("own_grant", detail),
            Self::Internal(error) => error.into(),
        }
    }
}

/// Ends a grant at once; answers whose it was. Ending it again does no harm.
pub async fn end_grant(cx: &Cx, id: Id) -> Result<Id, Rejection> {
    let mut tx = cx.begin().await?;
    let grant = store::grant(&mut tx, id).await?.ok_or(Rejection::NoGrant)?;
    if !may_administer(&cx.actor, grant.unit.as_deref()) {
        return Err(Rejection::Forbidden);
    }
    // So that the city is never left without an administrator by a slip.
    if grant.role == Role::Administrator && cx.actor.account() == Some(grant.account) {
        return Err(Rejection::Own);
    }
    people::end_grant(&mut tx, &grant).await?;
    tx.commit().await?;
    Ok(grant.account)
}

#[utoipa::path(delete, path = "/api/v1/grants/{id}", operation_id = "end_grant", tag = "identity",
    summary = "Take a role away",
    params(("id" = String, Path, format = Uuid, description = "The grant", example = "019aa4c2-7c00-7000-8000-000000000001")),
    responses(
        (status = 204, description = "It has ended"),
        (status = 403, description = "Not an administrator of that unit"),
        (status = 404, description = "No such grant"),
        (status = 409, description = "One's own role as administrator"),
    ))]
pub async fn end_grant_handler(cx: Cx, Path(id): Path<Id>) -> Result<StatusCode, Problem> {
    end_grant(&cx, id).await.map_err(IntoProblem::into_problem)?;
    Ok(StatusCode::NO_CONTENT)
}
