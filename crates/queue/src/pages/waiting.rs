//! The queue for those who wait: the kiosk that gives out numbers, the page of one number, the board over the desks.
//! They are for everyone and hold no personal data.

use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};
use songhan_app::{Cx, IntoProblem, PageForm, PageSpec, Path, Problem, redirect};
use songhan_base::{Id, Internal};
use songhan_city::Unit;

use crate::ops::take_ticket::{Rejection, take_ticket};
use crate::rules::{QueueRules, buttons, priority_name, service_name};
use crate::ticket::{Ticket, TicketState, subject};
use crate::{store, wait};

/// Numbers that the board shows as called.
const CALLED: i64 = 8;
/// Calls that the pace is measured from.
const CALLS: i64 = 12;

fn unit_of<'a>(cx: &'a Cx, code: &str) -> Result<&'a Unit, Problem> {
    cx.city.agencies().get(code).ok_or_else(|| Problem::not_found("unit"))
}

pub async fn kiosk(cx: Cx, Path(unit): Path<String>) -> Result<Response, Problem> {
    kiosk_page(&cx, &unit, "", StatusCode::OK).await
}

async fn kiosk_page(cx: &Cx, unit: &str, refused: &str, status: StatusCode) -> Result<Response, Problem> {
    let unit = unit_of(cx, unit)?;
    let rules = cx.city.get::<QueueRules>();
    let none = json!({ "value": "", "label": cx.t("queue-priority-none") });
    let groups = rules.priorities.iter().map(|one| {
        let source = one.source.get(cx.lang);
        let hint = cx.text(cx.lang, "queue-source", &[("source", source)]);
        json!({ "value": *one.id, "label": one.name.get(cx.lang), "hint": hint })
    });
    let figures = store::figures(&cx.db, &unit.code, &cx.today().to_string()).await?;
    let data = json!({
        "unit": *unit.code,
        "unit_name": unit.name.get(cx.lang),
        "buttons": buttons(cx, &unit.code).await?,
        "priorities": std::iter::once(none).chain(groups).collect::<Vec<_>>(),
        "waiting": figures.waiting,
        "refused": refused,
    });
    let title = format!("{} · {}", cx.t("queue-title"), unit.name.get(cx.lang));
    cx.page("services/queue.html", PageSpec::titled(title).status(status), data).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Taking {
    service: String,
    priority: String,
}

pub async fn take(cx: Cx, Path(unit): Path<String>, PageForm(form): PageForm<Taking>) -> Result<Response, Problem> {
    let priority = Some(form.priority.as_str()).filter(|id| !id.is_empty());
    let refused = match take_ticket(&cx, &unit, &form.service, priority).await {
        Ok(ticket) => return Ok(redirect(&format!("/queue/{}/tickets/{}", ticket.unit, ticket.id))),
        Err(refused) => refused,
    };
    let (key, status) = match refused {
        Rejection::Service => ("queue-service-wrong", StatusCode::UNPROCESSABLE_ENTITY),
        Rejection::Full => ("queue-full", StatusCode::CONFLICT),
        Rejection::Closed => ("queue-closed", StatusCode::CONFLICT),
        other => return Err(other.into_problem()),
    };
    kiosk_page(&cx, &unit, &cx.t(key), status).await
}

/// One number: where it stands, how many are before it, about how long it takes.
pub async fn ticket(cx: Cx, Path((unit, id)): Path<(String, String)>) -> Result<Response, Problem> {
    let unit = unit_of(&cx, &unit)?;
    let missing = || Problem::not_found("number");
    let id: Id = id.parse().map_err(|_| missing())?;
    let ticket = store::by_id(&cx.db, id).await?.filter(|ticket| ticket.unit == *unit.code).ok_or_else(missing)?;
    let waits = ticket.is(TicketState::Waiting) && ticket.day == cx.today().to_string();
    let (ahead, minutes) = if waits { wait_of(&cx, &ticket).await? } else { (0, None) };
    let path = format!("/queue/{}/tickets/{}", unit.code, ticket.id);
    let data = json!({
        "unit": *unit.code,
        "unit_name": unit.name.get(cx.lang),
        "number": ticket.number,
        "service": service_name(&cx, &ticket.service),
        "priority": ticket.priority.as_deref().map(|id| priority_name(&cx, id)),
        "waits": waits,
        "ahead": ahead,
        "minutes": minutes,
        "state": ticket.state,
        "state_text": cx.text(cx.lang, &format!("queue-state-{}", ticket.state), &[("desk", ticket.desk.as_deref().unwrap_or(""))]),
        "url": cx.url(&path),
        "taken_at": ticket.taken_at.0,
    });
    let number = ticket.number.to_string();
    let spec = PageSpec::titled(cx.text(cx.lang, "queue-number", &[("number", &number)]));
    cx.page("services/queue-ticket.html", spec, data).await
}

/// How many are before a number, and about how many minutes that takes at today's pace.
async fn wait_of(cx: &Cx, ticket: &Ticket) -> Result<(i64, Option<i64>), Internal> {
    let ahead = store::ahead(&cx.db, ticket).await?;
    let calls = store::calls(&cx.db, &ticket.unit, &ticket.day, CALLS).await?;
    let calls: Vec<_> = calls.into_iter().map(|at| at.0).collect();
    Ok((ahead, wait::estimate(&calls, ahead).map(wait::minutes)))
}

/// The board: which number is called to which desk.
pub async fn board(cx: Cx, Path(unit): Path<String>) -> Result<Response, Problem> {
    let unit = unit_of(&cx, &unit)?;
    let day = cx.today().to_string();
    let called = store::called(&cx.db, &unit.code, &day, CALLED).await?;
    let figures = store::figures(&cx.db, &unit.code, &day).await?;
    let called: Vec<Value> = called
        .iter()
        .map(|ticket| json!({ "number": ticket.number, "desk": ticket.desk, "calls": ticket.calls }))
        .collect();
    let data = json!({
        "unit": *unit.code,
        "unit_name": unit.name.get(cx.lang),
        "called": called,
        "waiting": figures.waiting,
    });
    let title = format!("{} · {}", cx.t("queue-board"), unit.name.get(cx.lang));
    cx.page("services/queue-board.html", PageSpec::titled(title), data).await
}

/// Tells open boards and numbers that something has changed in the unit's queue.
pub async fn live(cx: Cx, Path(unit): Path<String>) -> Result<Response, Problem> {
    let about = subject(&unit_of(&cx, &unit)?.code);
    Ok(cx.live.stream(move |event| (event.subject == about).then(|| "changed".to_owned())))
}
