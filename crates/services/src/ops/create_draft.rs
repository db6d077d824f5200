//! Create a draft: what the pages keep question by question, sent whole by a program. From then on it is a draft like any
//! other, on the pages too: it can be changed there, signed where its form asks for it, and handed in.

use axum::Json;
use axum::http::StatusCode;
use songhan_app::{ApiJson, Cx, IntoProblem, Problem};
use songhan_base::{Id, Internal};
use songhan_documents::UploadRejection;
use songhan_forms::drafts::{self, DraftError, NewDraft};
use songhan_forms::{Answers, Form};

use crate::application::{Choice, MYSELF, NO_GROUP, kept, purpose};
use crate::ops::show_draft::DraftView;
use crate::ops::submit::{self, Input, Ready};
use crate::store;

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("there are {} drafts already; hand in or delete one first", drafts::DRAFTS_MAX)]
    TooMany,
    #[error(transparent)]
    Submitting(#[from] submit::Rejection),
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl From<UploadRejection> for Rejection {
    fn from(rejection: UploadRejection) -> Self {
        Self::Submitting(rejection.into())
    }
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        match self {
            Self::TooMany => Problem::conflict("drafts_too_many", self.to_string()),
            Self::Submitting(rejection) => rejection.into_problem(),
            Self::Internal(error) => error.into(),
        }
    }
}

/// Keeps what could be handed in as a draft: it passes the same checks, so that what is signed is whole.
pub async fn create_draft(cx: &Cx, input: Input) -> Result<DraftView, Rejection> {
    let on_behalf = input.on_behalf.clone();
    let ready = submit::prepare(cx, input).await?;
    let account = ready.applicant.account;
    check_uploads(cx, &ready.form, &ready.answers, account, &ready.reused).await?;
    let answers = to_keep(&ready, on_behalf.as_deref());

    let mut tx = cx.begin().await?;
    let purpose = purpose(&ready.procedure.code);
    let new = NewDraft { account, form: &ready.form, purpose: &purpose, answers: &answers, at_screen: "review" };
    let draft = match drafts::start(&mut tx, cx.env.id(), new).await {
        Ok(draft) => draft,
        Err(DraftError::Internal(error)) => return Err(error.into()),
        Err(_) => return Err(Rejection::TooMany),
    };
    let view = DraftView::created(cx, &draft, ready);
    cx.keep(&mut tx, 201, &view).await?;
    tx.commit().await?;
    Ok(view)
}

/// The files are the account's and free, or papers of its earlier dossiers that it uses again.
async fn check_uploads(
    cx: &Cx,
    form: &Form,
    answers: &Answers,
    account: Id,
    reused: &[String],
) -> Result<(), Rejection> {
    let earlier =
        if reused.is_empty() { Vec::new() } else { store::reuse::own_papers(&cx.db, account, reused).await? };
    for (question, upload) in form.uploads(answers) {
        if !earlier.iter().any(|id| id.to_string() == *upload) {
            songhan_documents::check_upload(cx, account, upload, &question.id, &question.accept).await?;
        }
    }
    Ok(())
}

/// Answers and choices as a draft keeps them; what was left out is chosen, so that nothing is asked for again.
fn to_keep(ready: &Ready, on_behalf: Option<&str>) -> Answers {
    let (way, to) = ready.delivery.as_ref().map_or((None, None), |(way, to)| (Some(*way), to.as_ref()));
    let chosen = |choice| {
        Some(match choice {
            Choice::ForWhom => on_behalf.unwrap_or(MYSELF),
            Choice::Unit => ready.unit.as_str(),
            Choice::Exemption => ready.exemption.as_deref().unwrap_or(NO_GROUP),
            Choice::Return => way.unwrap_or(songhan_delivery::Way::Electronic).as_str(),
        })
    };
    kept(&ready.answers, chosen, to)
}

/// Create a draft.
#[utoipa::path(post, path = "/api/v1/drafts", operation_id = "create_draft", tag = "drafts",
    request_body = Input,
    responses(
        (status = 201, body = DraftView, description = "Kept for ninety days after its last change; a repeat with the same key gets the same answer"),
        (status = 400, description = "No Idempotency-Key, or unreadable JSON"),
        (status = 409, description = "The procedure is not open online, or there are fifty drafts already"),
        (status = 422, description = "Something in the body does not fit; `errors` names the fields"),
    ))]
pub async fn handler(cx: Cx, ApiJson(input): ApiJson<Input>) -> Result<(StatusCode, Json<DraftView>), Problem> {
    let view = create_draft(&cx, input).await.map_err(IntoProblem::into_problem)?;
    Ok((StatusCode::CREATED, Json(view)))
}
