//! The log of the national portal, for administrators: how the connection is, what was sent and what came of it, what was
//! heard; and a button that sends again.

use axum::response::Response;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use songhan_app::{Cx, IntoProblem, PageForm, PageSpec, Path, Problem, Query, redirect};
use songhan_base::{Id, Internal};
use songhan_cases::National;
use songhan_pages::{Flash, FlashKind};

use crate::message::{Message, State};
use crate::ops::list_messages::{Asked, list_messages};
use crate::ops::{resend as resending, resend_refused as refused_resending};
use crate::settings::Settings;
use crate::store::{heard, known, messages, refused};

/// Entries of the portal that are shown.
const HEARD: i64 = 20;
/// Dossiers that stand refused.
const REFUSED: i64 = 50;

#[derive(Default, Deserialize)]
pub struct Place {
    #[serde(default)]
    state: String,
    #[serde(default)]
    before: Option<Id>,
    #[serde(default)]
    done: String,
}

#[derive(Serialize)]
struct View {
    configured: bool,
    simulated: bool,
    /// Where it is sent, without account and password.
    url: String,
    connection: Value,
    stats: Vec<Value>,
    /// Dossiers that stand refused, and how many there are.
    refused: Vec<Value>,
    refused_count: i64,
    chips: Vec<Value>,
    rows: Vec<Line>,
    heard: Vec<Value>,
    next: String,
    filtered: bool,
}

#[derive(Serialize)]
struct Line {
    #[serde(flatten)]
    message: Message,
    tone: &'static str,
    icon: &'static str,
    status_name: String,
}

pub async fn list(cx: Cx, Query(place): Query<Place>) -> Result<Response, Problem> {
    let settings = Settings::of(&cx);
    // A word that is no state shows all of them.
    let state = State::try_from(place.state).ok();
    let listed = list_messages(&cx, Asked { state, before: place.before }).await?;
    let path = |state: Option<State>| {
        state.map_or_else(|| "/admin/national".to_owned(), |state| format!("/admin/national?state={}", state.as_str()))
    };
    let next = listed.next.map(|id| {
        let path = path(state);
        format!("{path}{}before={id}", if path.contains('?') { '&' } else { '?' })
    });
    let chip = |shown: Option<State>| {
        let label = shown.map_or_else(|| cx.t("national-all"), |one| cx.t(&format!("national-state-{}", one.as_str())));
        json!({ "href": path(shown), "label": label, "current": shown == state })
    };
    let chips = std::iter::once(None).chain(State::ALL.map(Some)).map(chip).collect();
    let view = View {
        configured: settings.is_some(),
        simulated: settings.as_ref().is_some_and(|settings| settings.is_stand_in()),
        url: settings.map_or_else(String::new, |settings| settings.url.clone()),
        connection: connection(&cx).await?,
        stats: stats(&cx).await?,
        refused: refusals(&cx).await?,
        refused_count: known::refused(&cx.db).await?,
        chips,
        rows: listed.items.into_iter().map(|message| line(&cx, message)).collect(),
        heard: entries(&cx).await?,
        next: next.unwrap_or_default(),
        filtered: state.is_some() || place.before.is_some(),
    };
    let told = matches!(place.done.as_str(), "resend" | "taken" | "poll")
        .then(|| cx.t(&format!("national-{}-done", place.done)));
    let flash = told.map(|text| Flash { kind: FlashKind::Success, text });
    let spec = PageSpec::titled(cx.t("national-title")).office().flash(flash);
    cx.page("national/log.html", spec, view).await
}

async fn connection(cx: &Cx) -> Result<Value, Internal> {
    let connection = known::connection(&cx.db).await?;
    let state = match connection.is_up() {
        None => "unknown",
        Some(true) => "up",
        Some(false) => "down",
    };
    Ok(json!({ "state": state, "ok_at": connection.ok_at, "failed_at": connection.failed_at,
        "error": connection.error, "polled_at": connection.polled_at, "poll": poll_refusal(cx).await? }))
}

/// That the portal refuses to tell its progress.
async fn poll_refusal(cx: &Cx) -> Result<Value, Internal> {
    let refusal = refused::poll(&cx.db).await?;
    Ok(refusal.map_or(Value::Null, |poll| json!({ "at": poll.at, "answer": poll.answer, "times": poll.times })))
}

async fn refusals(cx: &Cx) -> Result<Vec<Value>, Internal> {
    let rows = refused::dossiers(&cx.db, REFUSED).await?.into_iter().map(|row| {
        json!({ "dossier": row.code, "at": row.at, "answer_code": row.answer_code, "answer": row.answer,
            "times": row.times })
    });
    Ok(rows.collect())
}

async fn stats(cx: &Cx) -> Result<Vec<Value>, Internal> {
    let counts = messages::counts(&cx.db, cx.now() - SignedDuration::from_hours(24)).await?;
    let refused = known::refused(&cx.db).await?;
    let stat = |key: &str, value: i64, tone: &str, icon: &str| {
        let tone = if value > 0 { tone } else { "" };
        json!({ "label": cx.t(&format!("national-stat-{key}")), "value": value, "tone": tone, "icon": icon })
    };
    Ok(vec![
        stat("sent", counts.sent, "", "done"),
        stat("waiting", counts.waiting, "", "hourglass"),
        stat("retrying", counts.retrying, "warning", "refresh"),
        stat("refused", refused, "danger", "warning"),
    ])
}

fn line(cx: &Cx, message: Message) -> Line {
    let (tone, icon) = match message.state {
        State::Waiting if message.attempts > 0 => ("warning", "refresh"),
        State::Waiting => ("info", "hourglass"),
        State::Sent => ("success", "done"),
        State::Unchanged | State::Gone => ("neutral", "check"),
        State::Refused => ("danger", "cross"),
    };
    Line { status_name: status_name(cx, message.status), message, tone, icon }
}

fn status_name(cx: &Cx, status: Option<i64>) -> String {
    let status = status.and_then(|number| National::try_from(number).ok());
    status.map_or_else(String::new, |status| status.name(cx.lang).to_owned())
}

async fn entries(cx: &Cx) -> Result<Vec<Value>, Internal> {
    let entries = heard::latest(&cx.db, HEARD).await?.into_iter().map(|entry| {
        json!({ "dossier": entry.code, "at": entry.at, "received_at": entry.received_at,
            "status_name": status_name(cx, entry.status), "is_here": entry.case_id.is_some() })
    });
    Ok(entries.collect())
}

#[derive(Deserialize)]
pub struct Pressed {}

pub async fn resend(cx: Cx, Path(id): Path<Id>, PageForm(Pressed {}): PageForm<Pressed>) -> Result<Response, Problem> {
    resending::resend(&cx, id).await.map_err(IntoProblem::into_problem)?;
    Ok(redirect("/admin/national?done=resend"))
}

pub async fn resend_refused(
    cx: Cx,
    Path(code): Path<String>,
    PageForm(Pressed {}): PageForm<Pressed>,
) -> Result<Response, Problem> {
    let still = refused_resending::resend_refused(&cx, &code).await.map_err(IntoProblem::into_problem)?;
    Ok(redirect(&format!("/admin/national?done={}", if still { "resend" } else { "taken" })))
}

/// Asks for progress now; what came of it stands on the page.
pub async fn poll(cx: Cx, PageForm(Pressed {}): PageForm<Pressed>) -> Result<Response, Problem> {
    crate::heard::poll(cx).await?;
    Ok(redirect("/admin/national?done=poll"))
}
