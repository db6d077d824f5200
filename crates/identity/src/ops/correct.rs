//! Correct: someone says that their name, number or day of birth is wrong here; an administrator compares and decides.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;
use songhan_app::{ApiJson, Cx, IntoProblem, Path, Problem};
use songhan_base::{CitizenId, FieldError, Id, Internal, clean_text};
use songhan_db::Tx;

use crate::account::{citizen_id, wrong};
use crate::born::Born;
use crate::contact;
use crate::store::{self, Correction};

/// Open requests of one account at a time.
const OPEN_MAX: usize = 5;

/// What is wrong, and what would be right.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = CorrectionInput, example = json!({"field": "name", "wanted": "Nguyễn Thị Lân", "reason": "Trên thẻ căn cước là Lân"}))]
pub struct Input {
    /// `name`, `citizen_id` or `date_of_birth`.
    pub field: String,
    pub wanted: String,
    pub reason: String,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("the request does not fit; correct the fields named")]
    Invalid(Vec<FieldError>),
    #[error("{OPEN_MAX} of your requests wait already; wait for the answers")]
    TooMany,
    #[error("there is no such request, or it is decided")]
    NoCorrection,
    #[error("nobody decides on their own data; ask another administrator")]
    Own,
    #[error("another account has this number; find out whose it is first")]
    Taken,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::Invalid(errors) => Problem::invalid("correction_invalid", detail, errors),
            Self::TooMany => Problem::conflict("too_many_corrections", detail),
            Self::NoCorrection => Problem::not_found("correction"),
            Self::Own => Problem::new(StatusCode::FORBIDDEN, "own_correction", detail),
            Self::Taken => Problem::conflict("citizen_id_taken", detail),
            Self::Internal(error) => error.into(),
        }
    }
}

/// A value that was wanted, checked.
enum Wanted {
    Name(String),
    CitizenId(CitizenId),
    Born(Born),
}

impl Wanted {
    fn read(cx: &Cx, field: &str, text: &str) -> Result<Self, (&'static str, &'static str)> {
        let wanted = match field {
            "name" => contact::name(text).map(Self::Name),
            "citizen_id" => citizen_id(cx, text).map(Self::CitizenId),
            "date_of_birth" => Born::parse(text, cx.today()).map(Self::Born),
            _ => return Err(("field", "required")),
        };
        wanted.map_err(|code| ("wanted", code))
    }

    fn text(&self) -> String {
        match self {
            Self::Name(name) => name.clone(),
            Self::CitizenId(number) => number.as_str().to_owned(),
            Self::Born(born) => born.to_string(),
        }
    }
}

/// Asks for a correction of one's own data.
pub async fn ask(cx: &Cx, account: Id, input: &Input) -> Result<Correction, Rejection> {
    let mut errors = Vec::new();
    let field = input.field.trim();
    let wanted = Wanted::read(cx, field, &input.wanted).map_err(|(at, code)| {
        errors.push(wrong(cx, at, code));
        // Without the kind it cannot be read, but that it is missing is told at once.
        if at == "field" && input.wanted.trim().is_empty() {
            errors.push(wrong(cx, "wanted", "required"));
        }
    });
    let reason = clean_text(&input.reason);
    match reason.chars().count() {
        0 => errors.push(wrong(cx, "reason", "required")),
        n if n > 1000 => errors.push(wrong(cx, "reason", "too_long")),
        _ => {}
    }
    let Ok(wanted) = wanted else { return Err(Rejection::Invalid(errors)) };
    if !errors.is_empty() {
        return Err(Rejection::Invalid(errors));
    }
    let id = cx.env.id();
    let mut tx = cx.begin().await?;
    let waiting = store::corrections_of(&mut tx, account).await?.iter().filter(|c| c.state == "open").count();
    if waiting >= OPEN_MAX {
        return Err(Rejection::TooMany);
    }
    store::insert_correction(&mut tx, (id, account, field, &wanted.text(), &reason)).await?;
    tx.audit("identity.correction_asked", &format!("account:{account}"), json!({ "correction": id, "field": field }))
        .await?;
    let made = store::lock_correction(&mut tx, id).await?.ok_or_else(|| Internal::new("the request is gone"))?;
    cx.keep(&mut tx, 201, &made).await?;
    tx.commit().await?;
    Ok(made)
}

/// Decides a request; accepting it changes the account.
pub async fn decide(cx: &Cx, id: Id, fine: bool, answer: &str) -> Result<Correction, Rejection> {
    let answer: String = clean_text(answer).chars().take(1000).collect();
    let mut tx = cx.begin().await?;
    let found = store::lock_correction(&mut tx, id).await?.filter(|found| found.state == "open");
    let found = found.ok_or(Rejection::NoCorrection)?;
    if cx.actor.account() == Some(found.account) {
        return Err(Rejection::Own);
    }
    if fine {
        apply(&mut tx, cx, &found).await?;
    }
    let state = if fine { "accepted" } else { "refused" };
    store::decide_correction(&mut tx, id, state, &answer).await?;
    let detail = json!({ "correction": id, "field": found.field, "state": state });
    tx.audit("identity.correction_decided", &format!("account:{}", found.account), detail).await?;
    let decided = store::lock_correction(&mut tx, id).await?.ok_or_else(|| Internal::new("the request is gone"))?;
    tx.commit().await?;
    Ok(decided)
}

async fn apply(tx: &mut Tx, cx: &Cx, found: &Correction) -> Result<(), Rejection> {
    let told = |(field, code): (&'static str, &'static str)| Rejection::Invalid(vec![wrong(cx, field, code)]);
    match Wanted::read(cx, &found.field, &found.wanted).map_err(told)? {
        Wanted::Name(name) => store::set_name(tx, found.account, &name).await?,
        Wanted::Born(born) => store::set_born(tx, found.account, born).await?,
        Wanted::CitizenId(number) => {
            let paper = store::Paper { citizen_id: Some(number.as_str()), passport: None };
            if !store::taken(&mut *tx, Some(found.account), paper, None, None).await?.is_empty() {
                return Err(Rejection::Taken);
            }
            store::set_citizen_id(tx, found.account, &number).await?;
        }
    }
    Ok(())
}

/// Requests, the latest first.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = CorrectionList)]
pub struct Corrections {
    items: Vec<Correction>,
}

#[utoipa::path(get, path = "/api/v1/me/corrections", operation_id = "list_corrections", tag = "identity",
    summary = "What I asked to have corrected",
    responses((status = 200, description = "One's own requests, the latest first", body = Corrections)))]
pub async fn list_handler(cx: Cx) -> Result<Json<Corrections>, Problem> {
    Ok(Json(Corrections { items: store::corrections_of(&cx.db, cx.person()?.account).await? }))
}

#[utoipa::path(post, path = "/api/v1/me/corrections", operation_id = "ask_correction", tag = "identity",
    summary = "Ask for a correction of my data",
    request_body = Input,
    responses(
        (status = 201, description = "It waits for an administrator", body = Correction),
        (status = 409, description = "Too many wait already"),
        (status = 422, description = "A field does not fit"),
    ))]
pub async fn ask_handler(cx: Cx, ApiJson(input): ApiJson<Input>) -> Result<Response, Problem> {
    let account = cx.person()?.account;
    let made = ask(&cx, account, &input).await.map_err(IntoProblem::into_problem)?;
    Ok((StatusCode::CREATED, Json(made)).into_response())
}

/// What is decided.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CorrectionDecision, example = json!({"accept": true, "answer": "Đã đối chiếu thẻ căn cước"}))]
pub struct Decision {
    pub accept: bool,
    #[serde(default)]
    pub answer: String,
}

#[utoipa::path(post, path = "/api/v1/corrections/{id}/decision", operation_id = "decide_correction", tag = "identity",
    summary = "Decide a request for correction",
    params(("id" = String, Path, format = Uuid, description = "The request", example = "019aa4c2-7c00-7000-8000-000000000001")),
    request_body = Decision,
    responses(
        (status = 200, description = "It is decided; accepted, the account is changed", body = Correction),
        (status = 403, description = "No administrator of the whole city, or one's own data"),
        (status = 404, description = "No such open request"),
        (status = 409, description = "Another account has the number"),
        (status = 422, description = "The value fits no longer"),
    ))]
pub async fn decide_handler(
    cx: Cx,
    Path(id): Path<Id>,
    ApiJson(decision): ApiJson<Decision>,
) -> Result<Json<Correction>, Problem> {
    if !crate::may_administer(&cx.actor, None) {
        return Err(Problem::forbidden());
    }
    decide(&cx, id, decision.accept, &decision.answer).await.map(Json).map_err(IntoProblem::into_problem)
}
