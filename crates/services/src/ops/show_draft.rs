//! Show a draft: what is in it, whether it can be handed in, and how far its signature is.

use axum::Json;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use songhan_app::{Cx, IntoProblem, Path, Problem};
use songhan_base::{Id, Internal};
use songhan_forms::Answers;
use songhan_forms::drafts::Draft;

use crate::application::{Application, Stop};
use crate::ops::open_draft::{self, open_draft};
use crate::ops::sign_draft::{Standing, standing};
use crate::ops::submit::Ready;

/// Hồ sơ đang soạn.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = Draft)]
pub struct DraftView {
    #[schema(value_type = String, format = "uuid", example = "019aa4c2-7c00-7000-8000-000000000007")]
    pub id: Id,
    /// Code of the procedure.
    #[schema(example = "1.001612")]
    pub procedure: String,
    /// The unit that shall handle it; missing where none is chosen yet.
    #[schema(example = "ubnd-hai-chau")]
    pub unit: Option<String>,
    /// Rises with every change. What is signed is one version.
    #[schema(example = 1)]
    pub version: i64,
    pub answers: Answers,
    /// Whether nothing is open that the form or the procedure asks.
    #[schema(example = true)]
    pub complete: bool,
    pub signature: Standing,
    #[schema(value_type = String, format = "date-time", example = "2026-11-21T02:00:00Z")]
    pub updated_at: Timestamp,
    /// When it is deleted unless it is changed again.
    #[schema(value_type = String, format = "date-time", example = "2027-02-19T02:00:00Z")]
    pub kept_until: Timestamp,
    /// The page on which a person looks through it.
    #[schema(example = "http://127.0.0.1:8080/apply/019aa4c2-7c00-7000-8000-000000000007/review")]
    pub review_url: String,
}

impl DraftView {
    /// One that was just made, of what could be handed in.
    pub fn created(cx: &Cx, draft: &Draft, ready: Ready) -> Self {
        let signature = if ready.form.signature.is_some() { Standing::Missing } else { Standing::NotNeeded };
        let (procedure, unit) = (ready.procedure.code.clone(), Some(ready.unit));
        Self::new(cx, draft, procedure, unit, (ready.answers.into_answers(), true, signature))
    }

    async fn of(cx: &Cx, application: &Application<'_>) -> Result<Self, Internal> {
        let (procedure, unit) = (application.procedure.code.clone(), application.unit());
        let unit = unit.map(|unit| unit.code.to_string());
        let holds = (application.answers.clone(), application.end() == Stop::Review, standing(cx, application).await?);
        Ok(Self::new(cx, &application.draft, procedure, unit, holds))
    }

    fn new(
        cx: &Cx,
        draft: &Draft,
        procedure: String,
        unit: Option<String>,
        (answers, complete, signature): (Answers, bool, Standing),
    ) -> Self {
        Self {
            id: draft.id,
            procedure,
            unit,
            version: draft.version,
            answers,
            complete,
            signature,
            updated_at: draft.updated_at.0,
            kept_until: draft.kept_until(),
            review_url: cx.url(&format!("/apply/{}/review", draft.id)),
        }
    }
}

/// The draft as it would be handed in now: what does not fit its form any more is left out.
pub async fn show_draft(cx: &Cx, draft: &str) -> Result<DraftView, open_draft::Rejection> {
    let application = open_draft(cx, draft).await?;
    Ok(DraftView::of(cx, &application).await?)
}

/// Show a draft.
#[utoipa::path(get, path = "/api/v1/drafts/{id}", operation_id = "show_draft", tag = "drafts",
    params(("id" = String, Path, format = Uuid, description = "Id of the draft",
        example = "019aa4c2-7c00-7000-8000-000000000007")),
    responses(
        (status = 200, body = DraftView, description = "The draft as it would be handed in now"),
        (status = 404, description = "No such draft, or not yours"),
        (status = 409, description = "It was handed in (`draft_submitted`; the detail names the dossier), or its procedure is not open online any more"),
    ))]
pub async fn handler(cx: Cx, Path(draft): Path<String>) -> Result<Json<DraftView>, Problem> {
    show_draft(&cx, &draft).await.map(Json).map_err(IntoProblem::into_problem)
}
