//! The officer's desk of the queue: call who is next, call again, finish, pass over, begin to take in.

use axum::http::StatusCode;
use axum::response::Response;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::{Value, json};
use songhan_app::{Cx, IntoProblem, PageForm, PageSpec, Path, Problem, Query, redirect};
use songhan_base::{FieldError, Role};
use songhan_pages::{Flash, FlashKind};

use crate::ops::call_ticket::{Rejection, Verb, call_next, change_ticket};
use crate::rules::{priority_name, service_name};
use crate::store;
use crate::ticket::Ticket;

/// Numbers that are shown as waiting.
const WAITING: i64 = 30;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    unit: String,
    desk: String,
    said: String,
}

pub async fn show(cx: Cx, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    page(&cx, &asked, Vec::new()).await
}

async fn page(cx: &Cx, asked: &Asked, errors: Vec<FieldError>) -> Result<Response, Problem> {
    let me = cx.person()?.account;
    let own = cx.units_as(Role::Officer);
    let unit = own.iter().find(|unit| *unit.code == asked.unit).or(own.first()).copied();
    let unit = unit.ok_or_else(|| Problem::not_found("queue"))?;
    let day = cx.today().to_string();
    let mine = store::called_by(&cx.db, &unit.code, &day, me).await?;
    let waiting = store::waiting(&cx.db, &unit.code, &day, WAITING).await?;
    let figures = store::figures(&cx.db, &unit.code, &day).await?;
    let desk = if asked.desk.is_empty() { mine.first().and_then(|t| t.desk.clone()) } else { Some(asked.desk.clone()) };
    let shown = |ticket: &Ticket| {
        json!({
            "id": ticket.id,
            "number": ticket.number,
            "service": service_name(cx, &ticket.service),
            "priority": ticket.priority.as_deref().map(|id| priority_name(cx, id)),
            "taken_at": ticket.taken_at.0,
            "calls": ticket.calls,
        })
    };
    let wrong = !errors.is_empty();
    let data = json!({
        "unit": *unit.code,
        "unit_name": unit.name.get(cx.lang),
        "units": own.iter().map(|one| json!({ "value": *one.code, "label": one.name.get(cx.lang) })).collect::<Vec<_>>(),
        "desk": desk.unwrap_or_default(),
        "mine": mine.iter().map(shown).collect::<Vec<Value>>(),
        "waiting": waiting.iter().map(shown).collect::<Vec<Value>>(),
        "figures": json!({ "taken": figures.taken, "waiting": figures.waiting, "done": figures.done, "skipped": figures.skipped }),
        "errors": errors,
    });
    let flash = (asked.said == "nobody").then(|| Flash { kind: FlashKind::Info, text: cx.t("queue-nobody") });
    let mut spec = PageSpec::titled(cx.t("queue-desk")).office().crumb("/office", cx.t("inbox-title")).flash(flash);
    if wrong {
        spec = spec.status(StatusCode::UNPROCESSABLE_ENTITY);
    }
    cx.page("services/office/queue.html", spec, data).await
}

fn back(unit: &str, desk: &str, said: &str) -> Response {
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let said = if said.is_empty() { String::new() } else { format!("&said={said}") };
    redirect(&format!("/office/queue?unit={}&desk={}{said}", encoded(unit), encoded(desk)))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Calling {
    desk: String,
}

pub async fn call(cx: Cx, Path(unit): Path<String>, PageForm(form): PageForm<Calling>) -> Result<Response, Problem> {
    match call_next(&cx, &unit, &form.desk).await {
        Ok(Some(_)) => Ok(back(&unit, &form.desk, "")),
        Ok(None) => Ok(back(&unit, &form.desk, "nobody")),
        Err(Rejection::Desk) => {
            let errors = vec![FieldError::new("desk", "required", cx.t("queue-desk-wrong"))];
            page(&cx, &Asked { unit, desk: form.desk, said: String::new() }, errors).await
        }
        Err(other) => Err(other.into_problem()),
    }
}

pub async fn change(
    cx: Cx,
    Path((ticket, verb)): Path<(String, String)>,
    PageForm(_): PageForm<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let verb = Verb::read(&verb).ok_or_else(|| Problem::not_found("number"))?;
    match change_ticket(&cx, &ticket, verb).await {
        Ok(ticket) => Ok(back(&ticket.unit, ticket.desk.as_deref().unwrap_or(""), "")),
        // Pressed twice, or finished by a colleague: the queue as it is now says so.
        Err(Rejection::NotCalled) => Ok(redirect("/office/queue")),
        Err(other) => Err(other.into_problem()),
    }
}
