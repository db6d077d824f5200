//! Restate the figures of supervision: forget them and count all events again.

use axum::http::StatusCode;
use songhan_app::{Cx, IntoProblem, Problem};
use songhan_base::Internal;

use crate::count;

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("events are being counted at this moment; try again in a second")]
    Busy,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        match self {
            Self::Busy => Problem::conflict("counting", self.to_string()),
            Self::Internal(error) => error.into(),
        }
    }
}

pub async fn restate(cx: &Cx) -> Result<(), Rejection> {
    if count::restate(cx).await? { Ok(()) } else { Err(Rejection::Busy) }
}

/// Count the figures of supervision again.
#[utoipa::path(post, path = "/api/v1/supervision/restatements", operation_id = "restate_supervision", tag = "supervision",
    responses(
        (status = 202, description = "Begun; until all events are counted the figures are those of the past"),
        (status = 409, description = "Being counted at this moment"),
    ))]
pub async fn handler(cx: Cx) -> Result<StatusCode, Problem> {
    restate(&cx).await.map_err(IntoProblem::into_problem)?;
    Ok(StatusCode::ACCEPTED)
}
