//! Offer a mandate: someone lets another person act for them, or for what they speak for, by that person's number.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::json;
use songhan_app::{ApiJson, Cx, IntoProblem, Problem};
use songhan_base::{CitizenId, FieldError, Id, Internal};

use crate::account::{citizen_id, wrong};
use crate::events::MandateMade;
use crate::mandate::{Mandate, MandateKind, MandateState, Scope};
use crate::store;

/// Authorities that one account may have given at a time.
const OPEN_MAX: i64 = 100;

/// Who may act, for what, and until when.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = MandateInput, example = json!({"to": "048201004321", "scope": {"fields": ["land"]}, "until": "2027-06-30"}))]
pub struct Input {
    /// Citizen id of whoever may act. Whether they have an account is not told.
    pub to: String,
    /// For this party, which one speaks for; missing: for oneself.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub party: Option<Id>,
    pub scope: Scope,
    /// The first day, as `2026-12-01`; missing: today.
    pub from: String,
    /// The last day, as `2027-06-30`; missing: until it is taken back.
    pub until: String,
    /// Upload of the written authority, where there is one.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub evidence: Option<Id>,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("the authority was not given; correct the fields named")]
    Invalid(Vec<FieldError>),
    #[error("you do not speak for this party, or that is not confirmed yet")]
    NoParty,
    #[error("you have given {OPEN_MAX} authorities already; take back what is no longer needed")]
    TooMany,
    #[error("only a person gives authority; sign in as one")]
    NotAPerson,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::Invalid(errors) => Problem::invalid("mandate_invalid", detail, errors),
            Self::NoParty => Problem::not_found("party"),
            Self::TooMany => Problem::conflict("too_many_mandates", detail),
            Self::NotAPerson => Problem::conflict("not_a_person", detail),
            Self::Internal(error) => error.into(),
        }
    }
}

/// A day as typed; nothing where nothing was.
pub(crate) fn day(cx: &Cx, field: &str, typed: &str) -> Result<Option<Date>, FieldError> {
    match typed.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| wrong(cx, field, "date_form")),
    }
}

struct Read {
    to: CitizenId,
    scope: Scope,
    from: Date,
    until: Option<Date>,
}

fn read(cx: &Cx, input: &Input) -> Result<Read, Vec<FieldError>> {
    let mut errors = Vec::new();
    let to = citizen_id(cx, &input.to).map_err(|code| errors.push(wrong(cx, "to", code)));
    let scope = input.scope.clone().check(cx).map_err(|error| errors.push(error));
    let from = day(cx, "from", &input.from).map_err(|error| errors.push(error));
    let until = day(cx, "until", &input.until).map_err(|error| errors.push(error));
    let from = from.map(|from| from.unwrap_or_else(|| cx.today()));
    if let (Ok(from), Ok(Some(until))) = (&from, &until) {
        if until < from {
            errors.push(wrong(cx, "until", "until_before_from"));
        } else if *until < cx.today() {
            errors.push(wrong(cx, "until", "until_past"));
        }
    }
    match (to, scope, from, until) {
        (Ok(to), Ok(scope), Ok(from), Ok(until)) if errors.is_empty() => Ok(Read { to, scope, from, until }),
        _ => Err(errors),
    }
}

/// `grantor` lets the person with a number act; it counts when they accept.
pub async fn offer_mandate(cx: &Cx, grantor: Id, input: &Input) -> Result<Mandate, Rejection> {
    let Read { to, scope, from, until } = read(cx, input).map_err(Rejection::Invalid)?;
    let id = cx.env.id();
    let mut tx = cx.begin().await?;
    let own =
        store::account(&mut tx, grantor).await?.filter(|own| own.service.is_none()).ok_or(Rejection::NotAPerson)?;
    if own.citizen_id.as_ref() == Some(&to) {
        return Err(Rejection::Invalid(vec![wrong(cx, "to", "own_number")]));
    }
    if let Some(party) = input.party
        && !store::speaks_for(&mut tx, grantor, party, cx.today()).await?
    {
        return Err(Rejection::NoParty);
    }
    if store::count_open(&mut tx, grantor).await?.1 >= OPEN_MAX {
        return Err(Rejection::TooMany);
    }
    let offered = store::NewMandate {
        id,
        kind: MandateKind::WrittenAuthority,
        state: MandateState::Offered,
        agent: None,
        offered_to: Some(&to),
        party: input.party,
        grantor: Some(grantor),
        scope: &scope,
        from,
        until,
        evidence: input.evidence,
    };
    store::insert_mandate(&mut tx, offered).await?;
    let detail = json!({ "mandate": id, "party": input.party, "scope": scope, "from": from.to_string(),
        "until": until.map(|day| day.to_string()) });
    tx.audit("identity.mandate_offered", &format!("account:{grantor}"), detail).await?;
    let state = MandateState::Offered;
    let paper = store::Paper { citizen_id: Some(to.as_str()), passport: None };
    let agent = store::account_by_paper(&mut tx, paper).await?.map(|account| account.id);
    tx.emit(MandateMade { mandate: id, state, agent, grantor: Some(grantor), party: input.party }).await?;
    let mandate = store::mandate(&mut tx, id).await?.ok_or_else(|| Internal::new("the mandate is gone"))?;
    cx.keep(&mut tx, 201, &mandate).await?;
    tx.commit().await?;
    Ok(mandate)
}

#[utoipa::path(post, path = "/api/v1/me/mandates", operation_id = "offer_mandate", tag = "identity",
    summary = "Let someone act for me",
    description = "It counts from the moment when whoever has the number accepts it, within its days.",
    request_body = Input,
    responses(
        (status = 201, description = "It is offered", body = Mandate),
        (status = 404, description = "No party that one speaks for"),
        (status = 409, description = "Too many, or the account is no person's"),
        (status = 422, description = "A field does not fit"),
    ))]
pub async fn offer_mandate_handler(cx: Cx, ApiJson(input): ApiJson<Input>) -> Result<Response, Problem> {
    let account = cx.person()?.account;
    let mandate = offer_mandate(&cx, account, &input).await.map_err(IntoProblem::into_problem)?;
    Ok((StatusCode::CREATED, Json(mandate)).into_response())
}
