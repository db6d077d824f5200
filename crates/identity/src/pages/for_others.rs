//! Acting for others: whom one may act for, who may act for one, what is offered; giving authority and adding parties.

use serde::{Deserialize, Serialize};
use songhan_app::{Cx, IntoProblem, PageForm, PageSpec, Path, Problem, Query, redirect};
use songhan_base::{FieldError, Id};
use songhan_city::Fields;

use super::days::Days;
use super::register::{Choice, DateBoxes, area_choices};
use super::{Again, Answer, Done, Pressed};
use crate::account::wrong;
use crate::mandate::{Mandate, MandateKind, MandateState, Scope};
use crate::ops::{add_party, answer_mandate, end_mandate, list_mandates, offer_mandate};
use crate::party::OrganisationForm;
use crate::store;

const HERE: &str = "/account/for-others";

/// A mandate as a row of a list.
#[derive(Serialize)]
pub(super) struct Row {
    pub id: Id,
    pub name: String,
    /// "Cha, mẹ": by which right.
    pub right: String,
    pub state: &'static str,
    pub state_words: String,
    pub tone: &'static str,
    /// For what.
    pub scope: String,
    pub from: String,
    pub until: Option<String>,
    pub is_open: bool,
    pub is_claimed: bool,
}

/// The row of a mandate under `name`.
pub(super) fn row(cx: &Cx, mandate: &Mandate, name: String) -> Row {
    let expired = mandate.state == MandateState::Confirmed && mandate.until.is_some_and(|until| until < cx.today());
    let state = if expired { "expired" } else { mandate.state.as_str() };
    Row {
        id: mandate.id,
        name,
        right: cx.t(&format!("identity-right-{}", mandate.kind.as_str().replace('_', "-"))),
        state,
        state_words: cx.t(&format!("identity-mandate-{state}")),
        tone: match state {
            "confirmed" => "success",
            "offered" => "info",
            "claimed" => "warning",
            _ => "neutral",
        },
        scope: scope_in_words(cx, &mandate.scope),
        from: mandate.from.to_string(),
        until: mandate.until.map(|day| day.to_string()),
        is_open: mandate.state.is_open() && !expired,
        is_claimed: mandate.state == MandateState::Claimed,
    }
}

/// "Đất đai, Hộ tịch": what a scope covers.
pub(super) fn scope_in_words(cx: &Cx, scope: &Scope) -> String {
    if scope.is_everything() {
        return cx.t("identity-scope-all");
    }
    let fields = cx.city.get::<Fields>();
    let field = |id: &String| fields.get(id).map_or_else(|| id.clone(), |field| field.name.get(cx.lang).to_owned());
    scope.fields.iter().map(field).chain(scope.procedures.iter().cloned()).collect::<Vec<_>>().join(", ")
}

#[derive(Serialize)]
struct View {
    offered: Vec<Row>,
    held: Vec<Row>,
    given: Vec<Row>,
}

pub async fn show(cx: Cx, Query(done): Query<Done>) -> Answer {
    let own = list_mandates::own(&cx).await?;
    let me = cx.person()?.account;
    let is_offer = |mandate: &&Mandate| mandate.state == MandateState::Offered && mandate.agent != Some(me);
    let principal = |mandate: &Mandate| {
        // For a company one is told by whom the authority was given, too.
        match &mandate.grantor_name {
            Some(giver) if mandate.party.is_some() => format!("{} ({giver})", mandate.principal),
            _ => mandate.principal.clone(),
        }
    };
    let to = |mandate: &Mandate| {
        let to = mandate.agent_name.clone().or_else(|| mandate.offered_to.clone()).unwrap_or_default();
        if mandate.party.is_some() { format!("{to}: {}", mandate.principal) } else { to }
    };
    let view = View {
        offered: own.held.iter().filter(is_offer).map(|m| row(&cx, m, principal(m))).collect(),
        held: own.held.iter().filter(|m| !is_offer(m)).map(|m| row(&cx, m, principal(m))).collect(),
        given: own.given.iter().map(|m| row(&cx, m, to(m))).collect(),
    };
    let spec = PageSpec::titled(cx.t("identity-for-others"))
        .crumb("/account", cx.t("identity-account"))
        .flash(done.flash(&cx));
    cx.page("identity/for-others.html", spec, view).await
}

pub async fn accept(cx: Cx, Path(id): Path<Id>, PageForm(Pressed {}): PageForm<Pressed>) -> Answer {
    let account = cx.person()?.account;
    answer_mandate::answer_mandate(&cx, account, id, true).await.map_err(IntoProblem::into_problem)?;
    Ok(redirect("/account/for-others?done=accepted"))
}

pub async fn decline(cx: Cx, Path(id): Path<Id>, PageForm(Pressed {}): PageForm<Pressed>) -> Answer {
    let account = cx.person()?.account;
    answer_mandate::answer_mandate(&cx, account, id, false).await.map_err(IntoProblem::into_problem)?;
    Ok(redirect("/account/for-others?done=declined"))
}

pub async fn end(cx: Cx, Path(id): Path<Id>, PageForm(Pressed {}): PageForm<Pressed>) -> Answer {
    let account = cx.person()?.account;
    end_mandate::end_mandate(&cx, account, id).await.map_err(|rejection| -> Problem { rejection.into_problem() })?;
    Ok(redirect("/account/for-others?done=mandate-ended"))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct GrantForm {
    to: String,
    party: String,
    fields: Vec<String>,
    procedures: String,
    #[serde(flatten)]
    days: Days,
}

#[derive(Serialize)]
struct GrantView<'a> {
    to: &'a str,
    party: &'a str,
    /// For whom one may give authority besides oneself.
    parties: Vec<Choice>,
    fields: &'a [String],
    field_choices: Vec<Choice>,
    procedures: &'a str,
    from: DateBoxes,
    until: DateBoxes,
    errors: &'a [FieldError],
}

/// The city's fields of services.
pub(super) fn field_choices(cx: &Cx) -> Vec<Choice> {
    let fields = cx.city.get::<Fields>().iter();
    fields.map(|f| Choice { value: f.id.to_string(), label: f.name.get(cx.lang).to_owned() }).collect()
}

/// Codes between commas, blanks or lines.
pub(super) fn codes(text: &str) -> Vec<String> {
    text.split([',', ';', ' ', '\n', '\r', '\t']).filter(|code| !code.is_empty()).map(str::to_owned).collect()
}

async fn grant_page(cx: &Cx, form: &GrantForm, errors: &[FieldError]) -> Answer {
    let account = cx.person()?.account;
    let mut parties = vec![Choice { value: String::new(), label: cx.t("identity-grant-for-me") }];
    for party in store::parties_of(&cx.db, account).await? {
        if store::speaks_for(&cx.db, account, party.id, cx.today()).await? {
            parties.push(Choice { value: party.id.to_string(), label: party.name });
        }
    }
    let mut spec = PageSpec::titled(cx.t("identity-authorise")).crumb(HERE, cx.t("identity-for-others"));
    if !errors.is_empty() {
        spec = spec.status(axum::http::StatusCode::UNPROCESSABLE_ENTITY);
    }
    let view = GrantView {
        to: &form.to,
        party: &form.party,
        parties,
        fields: &form.fields,
        field_choices: field_choices(cx),
        procedures: &form.procedures,
        from: form.days.from(),
        until: form.days.until(),
        errors,
    };
    cx.page("identity/authorise.html", spec, view).await
}

pub async fn show_grant(cx: Cx) -> Answer {
    grant_page(&cx, &GrantForm::default(), &[]).await
}

pub async fn submit_grant(cx: Cx, PageForm(form): PageForm<GrantForm>) -> Answer {
    let account = cx.person()?.account;
    let input = offer_mandate::Input {
        to: form.to.clone(),
        party: form.party.trim().parse().ok(),
        scope: Scope { procedures: codes(&form.procedures), fields: form.fields.clone() },
        from: form.days.from().date(),
        until: form.days.until().date(),
        evidence: None,
    };
    let errors = match offer_mandate::offer_mandate(&cx, account, &input).await {
        Ok(_) => return Ok(redirect("/account/for-others?done=offered")),
        Err(offer_mandate::Rejection::Invalid(errors)) => errors,
        Err(offer_mandate::Rejection::NoParty) => vec![wrong(&cx, "party", "party_unconfirmed")],
        Err(offer_mandate::Rejection::TooMany) => vec![wrong(&cx, "to", "too_many_mandates")],
        Err(other) => return Err(other.into_problem()),
    };
    grant_page(&cx, &form, &errors).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct PartyForm {
    kind: String,
    right: String,
    name: String,
    form: String,
    tax_code: String,
    representative: String,
    #[serde(rename = "born-day")]
    born_day: String,
    #[serde(rename = "born-month")]
    born_month: String,
    #[serde(rename = "born-year")]
    born_year: String,
    citizen_id: String,
    birth_certificate: String,
    address: String,
    area: String,
}

#[derive(Serialize)]
struct PartyView<'a> {
    kind: &'a str,
    right: &'a str,
    rights: Vec<Choice>,
    name: &'a str,
    form: &'a str,
    forms: Vec<Choice>,
    tax_code: &'a str,
    representative: &'a str,
    born: DateBoxes,
    citizen_id: &'a str,
    birth_certificate: &'a str,
    address: &'a str,
    area: &'a str,
    areas: Vec<Choice>,
    errors: &'a [FieldError],
}

async fn party_page(cx: &Cx, form: &PartyForm, again: Option<Again>) -> Answer {
    let kind = match form.kind.as_str() {
        kind @ ("organisation" | "household") => kind,
        _ => "dependant",
    };
    let mut spec = PageSpec::titled(cx.t(&format!("identity-add-{kind}"))).crumb(HERE, cx.t("identity-for-others"));
    let errors = again.map_or_else(Vec::new, |again| {
        spec = std::mem::take(&mut spec).status(again.status);
        again.errors
    });
    let right = |kind: MandateKind| Choice {
        value: kind.as_str().to_owned(),
        label: cx.t(&format!("identity-right-{}", kind.as_str().replace('_', "-"))),
    };
    let organisation = |form: OrganisationForm| Choice {
        value: form.as_str().to_owned(),
        label: cx.t(&format!("identity-form-{}", form.as_str().replace('_', "-"))),
    };
    let view = PartyView {
        kind,
        right: &form.right,
        rights: [MandateKind::Parent, MandateKind::Guardian].map(right).into(),
        name: &form.name,
        form: &form.form,
        forms: OrganisationForm::ALL.map(organisation).into(),
        tax_code: &form.tax_code,
        representative: &form.representative,
        born: DateBoxes { day: form.born_day.clone(), month: form.born_month.clone(), year: form.born_year.clone() },
        citizen_id: &form.citizen_id,
        birth_certificate: &form.birth_certificate,
        address: &form.address,
        area: &form.area,
        areas: area_choices(cx),
        errors: &errors,
    };
    cx.page("identity/add-party.html", spec, view).await
}

#[derive(Default, Deserialize)]
pub struct Which {
    #[serde(default)]
    kind: String,
}

pub async fn show_party(cx: Cx, Query(Which { kind }): Query<Which>) -> Answer {
    party_page(&cx, &PartyForm { kind, ..PartyForm::default() }, None).await
}

pub async fn submit_party(cx: Cx, PageForm(form): PageForm<PartyForm>) -> Answer {
    let account = cx.person()?.account;
    let born = DateBoxes { day: form.born_day.clone(), month: form.born_month.clone(), year: form.born_year.clone() };
    let input = add_party::Input {
        kind: form.kind.clone(),
        right: form.right.clone(),
        name: form.name.clone(),
        form: form.form.clone(),
        tax_code: form.tax_code.clone(),
        representative: form.representative.clone(),
        born: born.date_or_year(),
        citizen_id: form.citizen_id.clone(),
        birth_certificate: form.birth_certificate.clone(),
        address: form.address.clone(),
        area: form.area.clone(),
        until: String::new(),
        evidence: None,
    };
    let again = match add_party::add_party(&cx, account, &input).await {
        Ok(_) => return Ok(redirect("/account/for-others?done=party")),
        Err(add_party::Rejection::Invalid(errors)) => Again::fields(errors),
        Err(add_party::Rejection::TooMany) => Again::one(&cx, "name", "too_many_parties"),
        Err(other) => return Err(other.into_problem()),
    };
    party_page(&cx, &form, Some(again)).await
}
