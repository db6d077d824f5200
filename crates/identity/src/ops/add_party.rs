//! Add a party: someone says whom they act for: an organisation, a child, a household. An office confirms it.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;
use songhan_app::{ApiJson, Cx, IntoProblem, Problem};
use songhan_base::{FieldError, Id, Internal};

use crate::account::wrong;
use crate::born::Born;
use crate::events::MandateMade;
use crate::mandate::{Mandate, MandateKind, MandateState, Scope};
use crate::party::{self, NewParty, Party, PartyKind, TypedParty};
use crate::rules::Rules;
use crate::store;

/// Parties that one account may act for at a time; more belongs to an office.
const OPEN_MAX: i64 = 50;

/// Whom one acts for, and by which right.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = PartyInput, example = json!({"kind": "dependant", "right": "parent", "name": "Nguyễn Minh Khôi", "born": "2019-05-04",
    "birth_certificate": "112/2019"}))]
pub struct Input {
    /// `organisation`, `dependant` or `household`.
    pub kind: String,
    /// `legal_representative`, `parent`, `guardian` or `household_head`; missing: what fits the kind.
    pub right: String,
    pub name: String,
    /// Of an organisation: `enterprise`, `organisation` or `public_unit`.
    pub form: String,
    /// Of an organisation: 10 or 13 digits.
    pub tax_code: String,
    /// Of an organisation: who represents it by law.
    pub representative: String,
    /// Of a dependant: `2019-05-04` or, where the papers say no more, `2019`.
    pub born: String,
    /// Of a dependant, or of the head of a household.
    pub citizen_id: String,
    /// Of a dependant: number of the birth certificate.
    pub birth_certificate: String,
    pub address: String,
    /// Code of the ward or commune.
    pub area: String,
    /// The last day; missing: until it is ended, of a parent until the child is of age.
    pub until: String,
    /// Upload that shows it.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub evidence: Option<Id>,
}

/// The party, and the mandate that is to be confirmed.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = NewParty)]
pub struct Added {
    pub party: Party,
    pub mandate: Mandate,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("some of the data does not fit; correct the fields named")]
    Invalid(Vec<FieldError>),
    #[error("you act for {OPEN_MAX} parties already; end what you no longer need, or ask at a one-stop counter")]
    TooMany,
    #[error("only a person acts for others; sign in as one")]
    NotAPerson,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::Invalid(errors) => Problem::invalid("party_invalid", detail, errors),
            Self::TooMany => Problem::conflict("too_many_parties", detail),
            Self::NotAPerson => Problem::conflict("not_a_person", detail),
            Self::Internal(error) => error.into(),
        }
    }
}

/// Adds a party that `account` says to act for.
pub async fn add_party(cx: &Cx, account: Id, input: &Input) -> Result<Added, Rejection> {
    let (new, right, until) = read(cx, input).map_err(Rejection::Invalid)?;
    let (party, mandate) = (cx.env.id(), cx.env.id());
    let mut tx = cx.begin().await?;
    let person = store::account(&mut tx, account).await?.is_some_and(|found| found.service.is_none());
    if !person {
        return Err(Rejection::NotAPerson);
    }
    if store::count_open(&mut tx, account).await?.0 >= OPEN_MAX {
        return Err(Rejection::TooMany);
    }
    store::insert_party(&mut tx, party, account, &new).await?;
    let claimed = store::NewMandate {
        id: mandate,
        kind: right,
        state: MandateState::Claimed,
        agent: Some(account),
        offered_to: None,
        party: Some(party),
        grantor: None,
        scope: &Scope::default(),
        from: cx.today(),
        until,
        evidence: input.evidence,
    };
    store::insert_mandate(&mut tx, claimed).await?;
    let detail = json!({ "mandate": mandate, "party": party, "kind": right });
    tx.audit("identity.party_added", &format!("account:{account}"), detail).await?;
    let state = MandateState::Claimed;
    tx.emit(MandateMade { mandate, state, agent: Some(account), grantor: None, party: Some(party) }).await?;
    let gone = || Internal::new("what was just written is gone");
    let added = Added {
        party: store::party(&mut tx, party).await?.ok_or_else(gone)?,
        mandate: store::mandate(&mut tx, mandate).await?.ok_or_else(gone)?,
    };
    cx.keep(&mut tx, 201, &added).await?;
    tx.commit().await?;
    Ok(added)
}

fn read(cx: &Cx, input: &Input) -> Result<(NewParty, MandateKind, Option<Date>), Vec<FieldError>> {
    let typed = TypedParty {
        kind: input.kind.trim().to_owned(),
        name: input.name.clone(),
        form: input.form.clone(),
        tax_code: input.tax_code.clone(),
        representative: input.representative.clone(),
        born: input.born.clone(),
        citizen_id: input.citizen_id.clone(),
        birth_certificate: input.birth_certificate.clone(),
        address: input.address.clone(),
        area: input.area.clone(),
    };
    let new = party::check(cx, &typed)?;
    let right = match (input.right.trim(), &new.kind) {
        ("", PartyKind::Organisation { .. }) => Some(MandateKind::LegalRepresentative),
        ("", PartyKind::Household { .. }) => Some(MandateKind::HouseholdHead),
        (right, _) => MandateKind::read(right).filter(|right| right.is_own() && right.fits(&new.kind)),
    };
    let right = right.ok_or_else(|| vec![wrong(cx, "right", "required")])?;
    let until = last_day(cx, &input.until, &new.kind, right)?;
    Ok((new, right, until))
}

/// The last day as typed; a parent's right ends with the child's majority in any case.
fn last_day(cx: &Cx, typed: &str, kind: &PartyKind, right: MandateKind) -> Result<Option<Date>, Vec<FieldError>> {
    let until = super::offer_mandate::day(cx, "until", typed).map_err(|error| vec![error])?;
    if until.is_some_and(|until| until < cx.today()) {
        return Err(vec![wrong(cx, "until", "until_past")]);
    }
    let PartyKind::Dependant { born, .. } = kind else { return Ok(until) };
    if right != MandateKind::Parent {
        return Ok(until);
    }
    let majority = Born::last_day_below(*born, cx.city.get::<Rules>().adult_age);
    if majority < cx.today() {
        return Err(vec![wrong(cx, "born", "of_age")]);
    }
    Ok(Some(until.map_or(majority, |until| until.min(majority))))
}

#[utoipa::path(post, path = "/api/v1/me/parties", operation_id = "add_party", tag = "identity",
    summary = "Say whom I act for",
    description = "An organisation, a child or ward, a household. The mandate is `claimed` until an office has confirmed it.",
    request_body = Input,
    responses(
        (status = 201, description = "It is added; an office confirms it", body = Added),
        (status = 409, description = "Too many, or the account is no person's"),
        (status = 422, description = "A field does not fit"),
    ))]
pub async fn add_party_handler(cx: Cx, ApiJson(input): ApiJson<Input>) -> Result<Response, Problem> {
    let account = cx.person()?.account;
    let added = add_party(&cx, account, &input).await.map_err(IntoProblem::into_problem)?;
    Ok((StatusCode::CREATED, Json(added)).into_response())
}
