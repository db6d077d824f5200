//! The register of a unit: who signs for whom, who does whose work; given and ended by its leaders and administrators.

use serde::{Deserialize, Serialize};
use songhan_app::{Cx, IntoProblem, PageForm, PageSpec, Path, Problem, Query, redirect};
use songhan_base::{FieldError, Id, Role};

use super::days::Days;
use super::for_others::{codes, field_choices, scope_in_words};
use super::register::{Choice, DateBoxes};
use super::{Answer, Done, Pressed, with_query};
use crate::account::wrong;
use crate::delegation::DelegationKind;
use crate::mandate::Scope;
use crate::ops::{end_delegation, give_delegation};
use crate::people::people_at;

const HERE: &str = "/office/delegations";

#[derive(Serialize)]
struct Row {
    id: Id,
    kind: String,
    unit: String,
    giver: String,
    receiver: String,
    scope: String,
    document: Option<String>,
    from: String,
    until: Option<String>,
    in_force: bool,
    is_open: bool,
    ended_at: Option<songhan_db::At>,
}

#[derive(Serialize)]
struct View {
    entries: Vec<Row>,
    units: Vec<Choice>,
}

/// The units whose register the actor keeps.
fn units(cx: &Cx) -> Vec<Choice> {
    let kept = cx.city.agencies().iter().filter(|unit| give_delegation::may_keep(cx, &unit.code));
    kept.map(|u| Choice { value: u.code.to_string(), label: u.name.get(cx.lang).to_owned() }).collect()
}

pub async fn show(cx: Cx, Query(done): Query<Done>) -> Answer {
    let today = cx.today();
    let unit =
        |code: &str| cx.city.agencies().get(code).map_or_else(|| code.to_owned(), |u| u.name.get(cx.lang).to_owned());
    let entries = end_delegation::list_delegations(&cx).await?.into_iter().map(|entry| Row {
        id: entry.id,
        kind: cx.t(&format!("identity-delegation-{}", entry.kind.as_str())),
        unit: unit(&entry.unit),
        in_force: entry.is_in_force(today),
        is_open: entry.ended_at.is_none() && entry.until.is_none_or(|until| until >= today),
        giver: entry.giver_name,
        receiver: entry.receiver_name,
        scope: scope_in_words(&cx, &entry.scope),
        document: entry.document,
        from: entry.from.to_string(),
        until: entry.until.map(|day| day.to_string()),
        ended_at: entry.ended_at,
    });
    let view = View { entries: entries.collect(), units: units(&cx) };
    let spec = PageSpec::titled(cx.t("identity-delegations")).office().flash(done.flash(&cx));
    cx.page("identity/delegations.html", spec, view).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    unit: String,
    kind: String,
    giver: String,
    receiver: String,
    fields: Vec<String>,
    procedures: String,
    document: String,
    title: String,
    #[serde(flatten)]
    days: Days,
}

#[derive(Serialize)]
struct GiveView<'a> {
    unit: &'a str,
    unit_name: String,
    kind: &'a str,
    kinds: Vec<Choice>,
    giver: &'a str,
    givers: Vec<Choice>,
    receiver: &'a str,
    receivers: Vec<Choice>,
    fields: &'a [String],
    field_choices: Vec<Choice>,
    procedures: &'a str,
    document: &'a str,
    title: &'a str,
    from: DateBoxes,
    until: DateBoxes,
    errors: &'a [FieldError],
}

async fn give_page(cx: &Cx, form: &Form, errors: &[FieldError]) -> Answer {
    let Some(unit) = cx.city.agencies().get(&form.unit).filter(|unit| give_delegation::may_keep(cx, &unit.code)) else {
        return Err(Problem::not_found("unit"));
    };
    let choice = |(id, name): (Id, String)| Choice { value: id.to_string(), label: name };
    let leaders = people_at(&cx.db, cx, Role::Leader, Some(&unit.code)).await?;
    let officers = people_at(&cx.db, cx, Role::Officer, Some(&unit.code)).await?;
    let staff = || {
        let others = officers.iter().filter(|(id, _)| !leaders.iter().any(|(leader, _)| leader == id));
        leaders.iter().chain(others).cloned()
    };
    let mut receivers: Vec<Choice> = staff().map(choice).collect();
    for below in cx.city.agencies().children(&unit.code) {
        for (id, name) in people_at(&cx.db, cx, Role::Leader, Some(&below.code)).await? {
            receivers.push(Choice { value: id.to_string(), label: format!("{name}, {}", below.name.get(cx.lang)) });
        }
    }
    let kind = |kind: DelegationKind| Choice {
        value: kind.as_str().to_owned(),
        label: cx.t(&format!("identity-delegation-{}", kind.as_str())),
    };
    let mut spec = PageSpec::titled(cx.t("identity-delegation-new")).office().crumb(HERE, cx.t("identity-delegations"));
    if !errors.is_empty() {
        spec = spec.status(axum::http::StatusCode::UNPROCESSABLE_ENTITY);
    }
    let view = GiveView {
        unit: &form.unit,
        unit_name: unit.name.get(cx.lang).to_owned(),
        kind: &form.kind,
        kinds: DelegationKind::ALL.map(kind).into(),
        giver: &form.giver,
        givers: staff().map(choice).collect(),
        receiver: &form.receiver,
        receivers,
        fields: &form.fields,
        field_choices: field_choices(cx),
        procedures: &form.procedures,
        document: &form.document,
        title: &form.title,
        from: form.days.from(),
        until: form.days.until(),
        errors,
    };
    cx.page("identity/give-delegation.html", spec, view).await
}

#[derive(Default, Deserialize)]
pub struct Where {
    #[serde(default)]
    unit: String,
}

pub async fn show_give(cx: Cx, Query(Where { unit }): Query<Where>) -> Answer {
    let giver = cx.actor.account().map(|id| id.to_string()).unwrap_or_default();
    give_page(&cx, &Form { unit, giver, ..Form::default() }, &[]).await
}

pub async fn give(cx: Cx, PageForm(form): PageForm<Form>) -> Answer {
    let missing: Vec<FieldError> = [("giver", &form.giver), ("receiver", &form.receiver)]
        .into_iter()
        .filter(|(_, value)| value.trim().parse::<Id>().is_err())
        .map(|(field, _)| wrong(&cx, field, "required"))
        .collect();
    let (Ok(giver), Ok(receiver)) = (form.giver.trim().parse(), form.receiver.trim().parse()) else {
        return give_page(&cx, &form, &missing).await;
    };
    let input = give_delegation::Input {
        kind: form.kind.clone(),
        unit: form.unit.clone(),
        giver: Some(giver),
        receiver,
        scope: Scope { procedures: codes(&form.procedures), fields: form.fields.clone() },
        from: form.days.from().date(),
        until: form.days.until().date(),
        document: form.document.clone(),
        title: form.title.clone(),
    };
    match give_delegation::give_delegation(&cx, &input).await {
        Ok(_) => Ok(redirect(&with_query(HERE, &[("done", "delegated")]))),
        Err(give_delegation::Rejection::Invalid(errors)) => give_page(&cx, &form, &errors).await,
        Err(rejection) => Err(rejection.into_problem()),
    }
}

pub async fn end(cx: Cx, Path(id): Path<Id>, PageForm(Pressed {}): PageForm<Pressed>) -> Answer {
    end_delegation::end_delegation(&cx, id).await.map_err(IntoProblem::into_problem)?;
    Ok(redirect(&with_query(HERE, &[("done", "delegation-ended")])))
}
