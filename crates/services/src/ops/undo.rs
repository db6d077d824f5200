//! Undo the last step of a dossier: its actor takes it back, for some minutes, where the workflow allows that and no
//! paper came of it.

use axum::Json;
use serde::Deserialize;
use songhan_app::{ApiJson, Cx, IntoProblem, Path, Problem};
use songhan_base::Internal;

use crate::ops::show_dossier::{self, DossierView, Seen, see, view};

#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = UndoInput, example = json!({"version": 4}))]
pub struct Input {
    /// The version that the caller has seen.
    #[schema(example = 4)]
    pub version: Option<i64>,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error(transparent)]
    Seeing(#[from] show_dossier::Rejection),
    #[error(transparent)]
    Case(#[from] songhan_cases::Rejection),
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        match self {
            Self::Seeing(rejection) => rejection.into_problem(),
            Self::Case(rejection) => rejection.into_problem(),
            Self::Internal(error) => error.into(),
        }
    }
}

pub async fn undo(cx: &Cx, code: &str, input: &Input) -> Result<DossierView, Rejection> {
    let seen = see(cx, code).await?;
    let mut tx = cx.begin().await?;
    let case = songhan_cases::undo(&mut tx, cx, seen.case.id, input.version).await?.case;
    let answer = view(cx, &mut tx, &Seen { case, ..seen }).await?;
    cx.keep(&mut tx, 200, &answer).await?;
    tx.commit().await?;
    Ok(answer)
}

/// Undo the last step.
#[utoipa::path(post, path = "/api/v1/dossiers/{code}/undo", operation_id = "undo_dossier_step", tag = "dossiers",
    params(("code" = String, Path, description = "Code of the dossier", example = "000.00.15.H17-261121-0001")),
    request_body = Input,
    responses(
        (status = 200, body = DossierView, description = "Undone; state and clock are what they were"),
        (status = 403, description = "Not yours to do"),
        (status = 404, description = "No such dossier, or not yours"),
        (status = 409, description = "Someone else's step, too long ago, or something came between"),
        (status = 422, description = "Something in the body does not fit"),
    ))]
pub async fn handler(
    cx: Cx,
    Path(code): Path<String>,
    ApiJson(input): ApiJson<Input>,
) -> Result<Json<DossierView>, Problem> {
    undo(&cx, &code, &input).await.map(Json).map_err(IntoProblem::into_problem)
}
