//! The administrator's people: find an account, give it a role, take a role away.

use serde::{Deserialize, Serialize};
use songhan_app::{Cx, IntoProblem, PageForm, PageSpec, Path, Problem, Query, redirect};
use songhan_base::{FieldError, Id, Role};

use super::days::Days;
use super::register::{Choice, DateBoxes};
use super::{Answer, Done, Pressed};
use crate::account::wrong;
use crate::contact::phone_shown;
use crate::grant::{GrantRow, may_administer};
use crate::ops::erase_person::erasable_from;
use crate::ops::search_people::{SHOWN_MAX, Wanted, read_person, search_people};
use crate::ops::{close_account, end_grant, give_grant};

/// "Cán bộ, công chức, UBND phường Hải Châu": a role and where.
pub(super) fn grant_in_words(cx: &Cx, role: Role, unit: Option<&str>) -> String {
    let role = cx.t(&format!("role-{role}"));
    let place = match unit {
        Some(code) => {
            cx.city.agencies().get(code).map_or_else(|| code.to_owned(), |unit| unit.name.get(cx.lang).to_owned())
        }
        None => cx.t("identity-whole-city"),
    };
    format!("{role}, {place}")
}

#[derive(Serialize)]
struct Row {
    href: String,
    title: String,
    text: String,
}

#[derive(Serialize)]
struct SearchView<'a> {
    q: &'a str,
    people: Vec<Row>,
    full: bool,
}

pub async fn search(cx: Cx, Query(Wanted { q }): Query<Wanted>, Query(done): Query<Done>) -> Answer {
    let found = search_people(&cx, &q).await?;
    let full = found.len() >= SHOWN_MAX;
    let row = |account: crate::Account| Row {
        href: format!("/admin/people/{}", account.id),
        title: account.name,
        text: account.citizen_id.map_or_else(|| account.service.unwrap_or_default(), |id| id.masked()),
    };
    let view = SearchView { q: &q, people: found.into_iter().map(row).collect(), full };
    cx.page("identity/people.html", PageSpec::titled(cx.t("identity-people")).office().flash(done.flash(&cx)), view)
        .await
}

#[derive(Serialize)]
struct GrantView {
    id: Id,
    words: String,
    deputy: bool,
    area: String,
    from: String,
    until: Option<String>,
    in_force: bool,
    ended_at: Option<songhan_db::At>,
    may_end: bool,
}

/// What was typed into the form of a new role.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct GrantForm {
    role: String,
    deputy: String,
    unit: String,
    #[serde(flatten)]
    days: Days,
}

#[derive(Serialize)]
struct PersonView<'a> {
    id: Id,
    name: String,
    citizen_id: String,
    date_of_birth: Option<String>,
    phone: String,
    email: Option<String>,
    address: Option<String>,
    area: Option<String>,
    created_at: songhan_db::At,
    closed_at: Option<songhan_db::At>,
    /// Whether this administrator may close and open the account.
    may_close: bool,
    /// Whether the account has been closed for as long as its data must be kept.
    may_erase: bool,
    grants: Vec<GrantView>,
    roles: Vec<Choice>,
    units: Vec<Choice>,
    role: &'a str,
    deputy: bool,
    unit: &'a str,
    from: DateBoxes,
    until: DateBoxes,
    errors: &'a [FieldError],
}

fn grant_view(cx: &Cx, grant: GrantRow) -> GrantView {
    let areas = cx.city.areas();
    let own_office = grant.role == Role::Administrator && cx.actor.account() == Some(grant.account);
    GrantView {
        id: grant.id,
        words: grant_in_words(cx, grant.role, grant.unit.as_deref()),
        deputy: grant.deputy,
        area: grant.area.as_deref().and_then(|code| areas.full_name(code, cx.today(), cx.lang)).unwrap_or_default(),
        from: grant.from.to_string(),
        until: grant.until.map(|day| day.to_string()),
        in_force: grant.is_in_force(cx.today()),
        ended_at: grant.ended_at,
        may_end: grant.ended_at.is_none() && !own_office && may_administer(&cx.actor, grant.unit.as_deref()),
    }
}

async fn person_page(cx: &Cx, id: Id, done: &Done, form: &GrantForm, errors: &[FieldError]) -> Answer {
    let (account, grants) = read_person(cx, id).await?;
    let roles = [Role::Officer, Role::Leader, Role::Accountant, Role::Administrator];
    let units = cx.city.agencies().iter().filter(|unit| may_administer(&cx.actor, Some(&unit.code)));
    let area = account.area.as_deref().and_then(|code| cx.city.areas().full_name(code, cx.today(), cx.lang));
    let mut spec = PageSpec::titled(account.name.clone())
        .office()
        .crumb("/admin/people", cx.t("identity-people"))
        .flash(done.flash(cx));
    if !errors.is_empty() {
        spec = spec.status(axum::http::StatusCode::UNPROCESSABLE_ENTITY);
    }
    let erasable = erasable_from(cx, &account).is_some_and(|day| day <= cx.today());
    let view = PersonView {
        id,
        may_erase: erasable && may_administer(&cx.actor, None),
        name: account.name,
        citizen_id: account.citizen_id.map_or_else(|| account.service.unwrap_or_default(), String::from),
        date_of_birth: account.date_of_birth.map(|day| day.to_string()),
        phone: account.phone.as_deref().map(phone_shown).unwrap_or_default(),
        email: account.email,
        address: account.address,
        area,
        created_at: account.created_at,
        closed_at: account.closed_at,
        may_close: may_administer(&cx.actor, None) && cx.actor.account() != Some(id),
        grants: grants.into_iter().map(|grant| grant_view(cx, grant)).collect(),
        roles: roles.iter().map(|r| Choice { value: r.to_string(), label: cx.t(&format!("role-{r}")) }).collect(),
        units: units.map(|u| Choice { value: u.code.to_string(), label: u.name.get(cx.lang).to_owned() }).collect(),
        role: &form.role,
        deputy: !form.deputy.is_empty(),
        unit: &form.unit,
        from: form.days.from(),
        until: form.days.until(),
        errors,
    };
    cx.page("identity/person.html", spec, view).await
}

pub async fn show(cx: Cx, Path(id): Path<Id>, Query(done): Query<Done>) -> Answer {
    person_page(&cx, id, &done, &GrantForm::default(), &[]).await
}

pub async fn give(cx: Cx, Path(id): Path<Id>, PageForm(form): PageForm<GrantForm>) -> Answer {
    let Ok(role) = form.role.parse::<Role>() else {
        return person_page(&cx, id, &Done::default(), &form, &[wrong(&cx, "role", "required")]).await;
    };
    let input = give_grant::Input {
        account: id,
        role,
        deputy: !form.deputy.is_empty(),
        unit: Some(form.unit.clone()),
        area: None,
        from: Some(form.days.from().date()),
        until: Some(form.days.until().date()),
    };
    match give_grant::give_grant(&cx, input).await {
        Ok(_) => Ok(redirect(&format!("/admin/people/{id}?done=given"))),
        Err(give_grant::Rejection::Invalid(errors)) => person_page(&cx, id, &Done::default(), &form, &errors).await,
        Err(rejection) => Err(rejection.into_problem()),
    }
}

pub async fn end(cx: Cx, Path(id): Path<Id>, PageForm(Pressed {}): PageForm<Pressed>) -> Answer {
    let account = end_grant::end_grant(&cx, id).await.map_err(|rejection| -> Problem { rejection.into_problem() })?;
    Ok(redirect(&format!("/admin/people/{account}?done=ended")))
}

pub async fn close(cx: Cx, Path(id): Path<Id>, PageForm(Pressed {}): PageForm<Pressed>) -> Answer {
    close_account::close_account(&cx, id, true).await.map_err(IntoProblem::into_problem)?;
    Ok(redirect(&format!("/admin/people/{id}?done=closed")))
}

pub async fn open(cx: Cx, Path(id): Path<Id>, PageForm(Pressed {}): PageForm<Pressed>) -> Answer {
    close_account::close_account(&cx, id, false).await.map_err(IntoProblem::into_problem)?;
    Ok(redirect(&format!("/admin/people/{id}?done=opened")))
}
