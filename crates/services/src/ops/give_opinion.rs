//! Give an opinion: the agency that was asked answers, with words and a document, or sees what it is asked; who asked
//! calls it off.

use axum::Json;
use serde::Deserialize;
use songhan_app::{ApiJson, Cx, IntoProblem, Path, Problem};
use songhan_base::{Actor, FieldError, Internal, clean_text};
use songhan_cases::Act;

use crate::opinions::{self, OpinionView, SeenOpinion, Side, store, whole_view};
use crate::ops::show_dossier::log_reading;

/// The answer.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OpinionAnswer, example = json!({"answer": "Thống nhất. Thửa đất không có tranh chấp.", "version": 1}))]
pub struct Input {
    pub answer: String,
    /// Id of an upload of the caller's own, a PDF or an image.
    #[serde(default)]
    pub upload: Option<String>,
    /// The version that the caller has seen.
    #[serde(default)]
    pub version: Option<i64>,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("there is no such opinion, or your agency has no part in it")]
    NotFound,
    #[error("only the agency that was asked answers")]
    NotAsked,
    #[error("only the agency that asked calls it off")]
    NotAsking,
    #[error(transparent)]
    Case(#[from] songhan_cases::Rejection),
    #[error(transparent)]
    Uploads(#[from] songhan_documents::UploadRejection),
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let message = self.to_string();
        match self {
            Self::NotFound => Problem::not_found("opinion"),
            Self::NotAsked | Self::NotAsking => {
                Problem::new(axum::http::StatusCode::FORBIDDEN, "opinion_not_yours", message)
            }
            Self::Case(songhan_cases::Rejection::NoteRequired(_) | songhan_cases::Rejection::NoteTooLong) => {
                let errors = vec![FieldError::new("answer", "invalid", message.clone())];
                Problem::invalid("answer_invalid", message, errors)
            }
            Self::Case(rejection) => rejection.into_problem(),
            Self::Uploads(rejection) => rejection.into_problem(),
            Self::Internal(error) => error.into(),
        }
    }
}

/// Types of documents that come with an opinion.
const PAPERS: [&str; 3] = ["application/pdf", "image/jpeg", "image/png"];

async fn seen(cx: &Cx, code: &str) -> Result<SeenOpinion, Rejection> {
    opinions::see(cx, code).await?.ok_or(Rejection::NotFound)
}

/// Shows an opinion, with the dossier to who is asked while they are. Reading a dossier is logged.
pub async fn show(cx: &Cx, code: &str) -> Result<OpinionView, Rejection> {
    let seen = seen(cx, code).await?;
    let whole = whole_view(cx, &seen).await?;
    if whole.about.is_some() {
        log_reading(cx, &seen.about).await?;
    }
    Ok(whole)
}

/// Answers.
pub async fn answer(cx: &Cx, code: &str, input: &Input) -> Result<OpinionView, Rejection> {
    let seen = seen(cx, code).await?;
    let Some(person) = cx.actor.person().filter(|_| seen.side == Side::Asked) else { return Err(Rejection::NotAsked) };
    let answer = clean_text(&input.answer);
    let mut tx = cx.begin().await?;
    let act = Act { action: "answer", version: input.version, note: Some(&answer), ..Act::default() };
    let case = songhan_cases::act(&mut tx, cx, seen.case.id, act).await?.case;
    let upload = match input.upload.as_deref().filter(|upload| !upload.is_empty()) {
        Some(upload) => {
            let accept = PAPERS.map(str::to_owned);
            Some(songhan_documents::claim_upload(&mut tx, cx, person.account, upload, "upload", &accept).await?)
        }
        None => None,
    };
    let named = upload.as_ref().map(|upload| (upload.id, upload.name.as_str()));
    store::set_answer(&mut tx, case.id, &answer, &person.name, named).await?;
    let kept = store::by_case(&mut tx, case.id).await?.ok_or(Rejection::NotFound)?;
    let view = opinions::opinion_view(cx, &mut tx, &seen.about.dossier, &case, &kept).await?;
    cx.keep(&mut tx, 200, &view).await?;
    tx.commit().await?;
    Ok(view)
}

/// Calls a question off, on the asking agency's behalf: the asked one need not answer any more.
pub async fn call_off(cx: &Cx, code: &str) -> Result<OpinionView, Rejection> {
    let seen = seen(cx, code).await?;
    let Some(person) = cx.actor.person().filter(|_| opinions::works_at(cx, &seen.about.case)) else {
        return Err(Rejection::NotAsking);
    };
    // The workflow leaves it to the system: in the asked agency nobody may, and who asked holds no role there.
    let system = cx.clone().acting_as(Actor::System("opinions"));
    let mut tx = cx.begin().await?;
    let act = Act { action: "call_off", note: Some(&person.name), ..Act::default() };
    let case = songhan_cases::act(&mut tx, &system, seen.case.id, act).await?.case;
    let view = opinions::opinion_view(cx, &mut tx, &seen.about.dossier, &case, &seen.opinion).await?;
    cx.keep(&mut tx, 200, &view).await?;
    tx.commit().await?;
    Ok(view)
}

/// One opinion.
#[utoipa::path(get, path = "/api/v1/opinions/{code}", operation_id = "show_opinion", tag = "opinions",
    params(("code" = String, Path, description = "Code of the opinion", example = "000.00.15.H17-261121-0001.1")),
    responses(
        (status = 200, body = OpinionView, description = "The opinion; with the dossier for who is asked, while they are"),
        (status = 404, description = "No such opinion, or not your agency's"),
    ))]
pub async fn handler(cx: Cx, Path(code): Path<String>) -> Result<Json<OpinionView>, Problem> {
    show(&cx, &code).await.map(Json).map_err(IntoProblem::into_problem)
}

/// Give an opinion.
#[utoipa::path(post, path = "/api/v1/opinions/{code}/answer", operation_id = "give_opinion", tag = "opinions",
    params(("code" = String, Path, description = "Code of the opinion", example = "000.00.15.H17-261121-0001.1")),
    request_body = Input,
    responses(
        (status = 200, body = OpinionView, description = "Answered"),
        (status = 403, description = "Your agency asked; it does not answer"),
        (status = 404, description = "No such opinion, or not your agency's"),
        (status = 409, description = "Answered or called off already"),
        (status = 422, description = "Something in the body does not fit"),
    ))]
pub async fn answer_handler(
    cx: Cx,
    Path(code): Path<String>,
    ApiJson(input): ApiJson<Input>,
) -> Result<Json<OpinionView>, Problem> {
    answer(&cx, &code, &input).await.map(Json).map_err(IntoProblem::into_problem)
}

/// Call a question off.
#[utoipa::path(post, path = "/api/v1/opinions/{code}/call-off", operation_id = "call_off_opinion", tag = "opinions",
    params(("code" = String, Path, description = "Code of the opinion", example = "000.00.15.H17-261121-0001.1")),
    responses(
        (status = 200, body = OpinionView, description = "Called off"),
        (status = 403, description = "Only who asked calls it off"),
        (status = 404, description = "No such opinion, or not your agency's"),
        (status = 409, description = "Answered or called off already"),
    ))]
pub async fn call_off_handler(cx: Cx, Path(code): Path<String>) -> Result<Json<OpinionView>, Problem> {
    call_off(&cx, &code).await.map(Json).map_err(IntoProblem::into_problem)
}
