//! One entry of the archive: its term, where it stands, and holding it back.

use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use songhan_app::{Cx, IntoProblem, PageForm, Path, Problem, Query, redirect};

use super::{day, said, spec, state, term};
use crate::access::leads;
use crate::disposal::shown_day;
use crate::entry::EntryState;
use crate::ops::hold_entry::{self, Rejection, see};
use crate::retention::Retention;
use crate::store;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    said: String,
}

pub async fn show(cx: Cx, Path(code): Path<String>, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let entry = see(&cx, &code).await.map_err(IntoProblem::into_problem)?;
    let batch = match entry.batch {
        Some(id) => store::batches::by_id(&cx.db, id).await?,
        None => None,
    };
    let disposal = match entry.disposal {
        Some(id) => store::disposals::by_id(&cx.db, id).await?,
        None => None,
    };
    let term = term(&cx, &entry);
    let data = json!({
        "entry": entry,
        "state": state(&cx, &entry)["badge"],
        "ended": shown_day(&cx, entry.ended_at.0),
        "hand_in_by": day(&entry.hand_in_by),
        "group": cx.city.get::<Retention>().name(&entry.retention, cx.lang),
        "term": if term.is_string() { term.clone() } else { term["text"].clone() },
        "until": term["hint"],
        "batch": batch.map(|batch| json!({ "id": batch.id, "number": batch.number })),
        "disposal": disposal.map(|disposal| json!({ "id": disposal.id,
            "number": disposal.number.clone().unwrap_or_else(|| cx.t("archive-disposal")),
            "cited": disposal.number.is_some().then(|| disposal.cited(&cx)) })),
        "held_at": entry.held_at.map(|at| shown_day(&cx, at.0)),
        "destroyed_at": entry.destroyed_at.map(|at| shown_day(&cx, at.0)),
        "may_hold": entry.held_at.is_none() && entry.state != EntryState::Destroyed,
        "may_release": entry.held_at.is_some() && leads(&cx, &entry.unit),
    });
    let spec = spec(&cx, entry.code.clone(), &entry.unit).flash(said(&cx, &asked.said));
    cx.page("archive/entry.html", spec, data).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    reason: String,
}

pub async fn hold(cx: Cx, Path(code): Path<String>, PageForm(form): PageForm<Form>) -> Result<Response, Problem> {
    let done = hold_entry::hold(&cx, &code, &form.reason).await.map(|_| "held");
    told(&code, done)
}

pub async fn release(cx: Cx, Path(code): Path<String>, PageForm(_): PageForm<Form>) -> Result<Response, Problem> {
    let done = hold_entry::release(&cx, &code).await.map(|_| "released");
    told(&code, done)
}

fn told(code: &str, done: Result<&str, Rejection>) -> Result<Response, Problem> {
    let said = match done {
        Ok(said) => said,
        Err(Rejection::Reason) => "reason",
        // Pressed twice, or done by a colleague: the page as it is now says so.
        Err(Rejection::Held | Rejection::NotHeld | Rejection::Destroyed | Rejection::Changed) => "changed",
        Err(other) => return Err(other.into_problem()),
    };
    Ok(redirect(&format!("/office/archive/entries/{code}?said={said}")))
}
