//! Ask other agencies for their opinion about a dossier: several at once, each with the same question and term.

use axum::Json;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use songhan_app::{ApiJson, Cx, IntoProblem, Path, Problem};
use songhan_base::{FieldError, Internal, clean_text};
use songhan_cases::{Link, NOTE_CHARS_MAX, NewCase, Workflows};
use songhan_city::{Term, TermUnit};
use songhan_db::At;

use crate::dossier::Part;
use crate::opinions::{self, KIND, Opinion, OpinionView, WORKFLOW, store};
use crate::ops::show_dossier::{self, see};

/// What is asked.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OpinionInput, example = json!({"units": ["ubnd-hoa-cuong"], "days": 3,
    "question": "Đề nghị cho ý kiến về hiện trạng sử dụng đất của thửa đất nêu trong hồ sơ"}))]
pub struct Input {
    /// Codes of the agencies, 1 to 20, none of them the one that handles the dossier.
    pub units: Vec<String>,
    pub question: String,
    /// Working days to answer, 1 to 60.
    #[schema(minimum = 1, maximum = 60, example = 3)]
    pub days: u32,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Opinions)]
pub struct Output {
    /// The oldest first.
    pub opinions: Vec<OpinionView>,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error(transparent)]
    Seeing(#[from] show_dossier::Rejection),
    #[error("the question is empty or has more than {NOTE_CHARS_MAX} characters")]
    Question,
    #[error("give 1 to {DAYS_MAX} working days to answer")]
    Days,
    #[error("ask 1 to {UNITS_MAX} agencies, each once")]
    Units,
    #[error("{0:?} cannot be asked: it is no agency of the city, handles the dossier itself, or has not answered yet")]
    Unit(String),
    #[error("the city declares no workflow for opinions; add workflows/{WORKFLOW}.toml")]
    Undeclared,
    #[error("the dossier is closed; nobody can be asked about it any more")]
    Closed,
    #[error(transparent)]
    Case(#[from] songhan_cases::Rejection),
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let message = self.to_string();
        let wrong = |field: &str| {
            Problem::invalid(
                "opinion_invalid",
                message.clone(),
                vec![FieldError::new(field, "invalid", message.clone())],
            )
        };
        match self {
            Self::Seeing(rejection) => rejection.into_problem(),
            Self::Question => wrong("question"),
            Self::Days => wrong("days"),
            Self::Units | Self::Unit(_) => wrong("units"),
            Self::Undeclared => Problem::conflict("opinions_undeclared", message),
            Self::Closed => Problem::conflict("dossier_closed", message),
            Self::Case(rejection) => rejection.into_problem(),
            Self::Internal(error) => error.into(),
        }
    }
}

const UNITS_MAX: usize = 20;
const DAYS_MAX: u32 = 60;

/// Asks them all in one commit.
pub async fn ask(cx: &Cx, code: &str, input: &Input) -> Result<Output, Rejection> {
    let seen = see(cx, code).await?;
    if seen.part != Part::Office {
        return Err(show_dossier::Rejection::NotFound.into());
    }
    if seen.case.is_closed() {
        return Err(Rejection::Closed);
    }
    if cx.city.get::<Workflows>().get(WORKFLOW).is_none() {
        return Err(Rejection::Undeclared);
    }
    let question = check(cx, &seen.case.unit, input)?;
    let Some(person) = cx.actor.person() else { return Err(show_dossier::Rejection::SignIn.into()) };
    let title = cx.text(songhan_base::Lang::Vi, "opinions-case-title", &[("title", &seen.dossier.procedure_title)]);
    let asking = cx.city.agencies().get(&seen.case.unit).map_or(seen.case.unit.as_str(), |unit| &unit.name.vi);
    let mut tx = cx.begin().await?;
    let earlier = store::of_dossier(&mut tx, seen.case.id).await?;
    let mut views = Vec::new();
    for unit in &input.units {
        let waits = earlier.iter().filter(|one| one.unit == *unit && one.answer.is_none());
        for one in waits {
            if songhan_cases::by_id(&mut tx, one.case).await?.is_some_and(|case| !case.is_closed()) {
                return Err(Rejection::Unit(unit.clone()));
            }
        }
        let new = NewCase {
            kind: KIND,
            topic: KIND,
            workflow: WORKFLOW,
            unit,
            area: seen.case.area.as_deref(),
            title: &title,
            applicant_name: asking,
            term: Some(Term { amount: input.days, unit: TermUnit::Days }),
            data: json!({ "dossier": seen.dossier.code }),
            link: Some(Link { parent: seen.case.id, kind: KIND, public: false, numbered: false }),
            ..NewCase::default()
        };
        let case = songhan_cases::open(&mut tx, cx, new).await?;
        let opinion = Opinion {
            case: case.id,
            dossier: seen.case.id,
            unit: unit.clone(),
            question: question.clone(),
            asked_by: person.account,
            asked_by_name: person.name.clone(),
            asked_at: At(tx.now()),
            answer: None,
            answered_by_name: None,
            answered_at: None,
            upload: None,
            upload_name: None,
        };
        store::insert(&mut tx, &opinion).await?;
        views.push((case, opinion));
    }
    let mut opinions = Vec::with_capacity(views.len());
    for (case, opinion) in &views {
        opinions.push(opinions::opinion_view(cx, &mut tx, &seen.dossier, case, opinion).await?);
    }
    let output = Output { opinions };
    cx.keep(&mut tx, 201, &output).await?;
    tx.commit().await?;
    Ok(output)
}

/// The question as it is kept.
fn check(cx: &Cx, own: &str, input: &Input) -> Result<String, Rejection> {
    let question = clean_text(&input.question);
    if question.is_empty() || question.chars().count() > NOTE_CHARS_MAX {
        return Err(Rejection::Question);
    }
    if !(1..=DAYS_MAX).contains(&input.days) {
        return Err(Rejection::Days);
    }
    if input.units.is_empty() || input.units.len() > UNITS_MAX {
        return Err(Rejection::Units);
    }
    for (n, unit) in input.units.iter().enumerate() {
        if input.units[..n].contains(unit) {
            return Err(Rejection::Units);
        }
        if unit == own || cx.city.agencies().get(unit).is_none() {
            return Err(Rejection::Unit(unit.chars().take(40).collect()));
        }
    }
    Ok(question)
}

/// Ask other agencies.
#[utoipa::path(post, path = "/api/v1/dossiers/{code}/opinions", operation_id = "ask_opinions", tag = "opinions",
    params(("code" = String, Path, description = "Code of the dossier", example = "000.00.15.H17-261121-0001")),
    request_body = Input,
    responses(
        (status = 201, body = Output, description = "Asked; a repeat with the same key gets the same answer"),
        (status = 400, description = "No Idempotency-Key, or unreadable JSON"),
        (status = 404, description = "No such dossier, or not yours to handle"),
        (status = 409, description = "The dossier is closed"),
        (status = 422, description = "Something in the body does not fit"),
    ))]
pub async fn handler(
    cx: Cx,
    Path(code): Path<String>,
    ApiJson(input): ApiJson<Input>,
) -> Result<(StatusCode, Json<Output>), Problem> {
    let output = ask(&cx, &code, &input).await.map_err(IntoProblem::into_problem)?;
    Ok((StatusCode::CREATED, Json(output)))
}

/// What was asked about a dossier, for those who handle it.
pub async fn list(cx: &Cx, code: &str) -> Result<Output, Rejection> {
    let seen = see(cx, code).await?;
    if seen.part != Part::Office {
        return Err(show_dossier::Rejection::NotFound.into());
    }
    Ok(Output { opinions: opinions::of_dossier(cx, &seen.dossier).await? })
}

/// The opinions about a dossier.
#[utoipa::path(get, path = "/api/v1/dossiers/{code}/opinions", operation_id = "list_opinions", tag = "opinions",
    params(("code" = String, Path, description = "Code of the dossier", example = "000.00.15.H17-261121-0001")),
    responses(
        (status = 200, body = Output, description = "All that were asked, the oldest first"),
        (status = 404, description = "No such dossier, or not yours to handle"),
    ))]
pub async fn list_handler(cx: Cx, Path(code): Path<String>) -> Result<Json<Output>, Problem> {
    list(&cx, &code).await.map(Json).map_err(IntoProblem::into_problem)
}
