//! Lists for destruction: proposed, decided, and what became of each dossier.

use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};
use songhan_app::{Cx, IntoProblem, PageForm, Path, Problem, Query, redirect};

use super::batch::Asked;
use super::{Ticked, choice, disposal_state, encoded, row, said, spec, unit_of, units};
use crate::access::leads;
use crate::disposal::{Disposal, DisposalState, shown_day};
use crate::entry::Entry;
use crate::ops::decide_disposal::{self, Decision};
use crate::ops::propose_disposal::{self, Input};
use crate::ops::show_batch;
use crate::ops::show_disposal::{Whole, list_disposals, show_disposal};
use crate::paper as papers;
use crate::store::entries::Listed;

pub async fn list(cx: Cx, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let own = units(&cx);
    let unit = unit_of(&own, &asked.unit)?;
    let input = show_batch::Input { unit: unit.code.to_string(), after: Some(asked.after.clone()) };
    let listed = list_disposals(&cx, &input).await.map_err(IntoProblem::into_problem)?;
    let here = format!("/office/archive/disposals?unit={}", encoded(&unit.code));
    let rows: Vec<Vec<Value>> = listed.items.iter().map(|disposal| cells(&cx, disposal)).collect();
    let data = json!({
        "unit": *unit.code,
        "unit_name": unit.name.get(cx.lang),
        "units": choice(&cx, &own),
        "rows": rows,
        "previous": if asked.after.is_empty() { String::new() } else { here.clone() },
        "next": listed.next.map_or_else(String::new, |next| format!("{here}&after={}", encoded(&next))),
    });
    cx.page("archive/disposals.html", spec(&cx, cx.t("archive-disposals"), &unit.code), data).await
}

fn cells(cx: &Cx, disposal: &Disposal) -> Vec<Value> {
    let text = disposal.number.clone().unwrap_or_else(|| cx.t("archive-disposal"));
    vec![
        json!({ "href": format!("/office/archive/disposals/{}", disposal.id), "text": text }),
        json!({ "badge": disposal_state(cx, disposal.state) }),
        json!({ "text": disposal.proposed_by_name, "hint": shown_day(cx, disposal.proposed_at.0) }),
        json!({ "text": disposal.decided_by_name.clone().unwrap_or_default(),
            "hint": disposal.decided_at.map_or_else(String::new, |at| shown_day(cx, at.0)) }),
    ]
}

pub async fn propose(cx: Cx, PageForm(fields): PageForm<Vec<(String, String)>>) -> Result<Response, Problem> {
    use propose_disposal::Rejection;
    let Ticked { unit, codes, note, .. } = Ticked::read(&fields);
    let back = |said: &str| format!("/office/archive?unit={}&view=over&said={said}", encoded(&unit));
    match propose_disposal::propose_disposal(&cx, Input { unit: unit.clone(), codes, note: Some(note) }).await {
        Ok(disposal) => Ok(redirect(&format!("/office/archive/disposals/{}?said=proposed", disposal.id))),
        Err(Rejection::Codes) => Ok(redirect(&back("none"))),
        Err(Rejection::NotOver | Rejection::Nothing) => Ok(redirect(&back("changed"))),
        Err(other) => Err(other.into_problem()),
    }
}

async fn whole(cx: &Cx, id: &str) -> Result<Whole, Problem> {
    show_disposal(cx, id).await.map_err(IntoProblem::into_problem)
}

pub async fn show(cx: Cx, Path(id): Path<String>, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let Whole { disposal, items, decisions } = whole(&cx, &id).await?;
    let mine = cx.actor.account() == Some(disposal.proposed_by);
    let sealed = songhan_documents::by_id(&cx.db, disposal.document).await?.is_some();
    let day = |at: Option<songhan_db::At>| at.map(|at| shown_day(&cx, at.0));
    let data = json!({
        "disposal": disposal,
        "state": disposal_state(&cx, disposal.state),
        "proposed_at": shown_day(&cx, disposal.proposed_at.0),
        "decided_at": day(disposal.decided_at),
        "destroys_at": disposal.destroys_at.map(|at| at.0),
        "ended_at": day(disposal.ended_at),
        "rows": items.iter().map(|listed| cells_of(&cx, listed)).collect::<Vec<_>>(),
        "decisions": decisions,
        "four_eyes": mine && disposal.state == DisposalState::Proposed && leads(&cx, &disposal.unit),
        "sealed": sealed,
    });
    let title = match &disposal.number {
        Some(number) => cx.text(cx.lang, "archive-disposal-number", &[("number", number)]),
        None => cx.t("archive-disposal"),
    };
    let spec = spec(&cx, title, &disposal.unit).flash(said(&cx, &asked.said));
    cx.page("archive/disposal.html", spec, data).await
}

fn cells_of(cx: &Cx, listed: &Listed) -> Vec<Value> {
    let mut cells = row(cx, &listed.entry);
    if listed.outcome.as_deref() == Some("left_out") {
        let badge = json!({ "label": cx.t("archive-left-out"), "tone": "neutral", "icon": "cross" });
        cells.pop();
        cells.push(json!({ "badge": badge }));
    }
    cells
}

#[derive(Debug, Deserialize)]
pub struct Form {
    decision: Decision,
    #[serde(default)]
    note: String,
}

pub async fn decide(cx: Cx, Path(id): Path<String>, PageForm(form): PageForm<Form>) -> Result<Response, Problem> {
    use decide_disposal::Rejection;
    let key = id.parse().map_err(|_| Problem::not_found("list"))?;
    let input = decide_disposal::Input { decision: form.decision, note: Some(form.note) };
    let said = match decide_disposal::decide_disposal(&cx, key, input).await {
        Ok(_) => match form.decision {
            Decision::Approve => "approve",
            Decision::Refuse => "refuse",
            Decision::Withdraw => "withdraw",
        },
        Err(Rejection::Note) => "reason",
        Err(Rejection::NotNow(_)) => "changed",
        Err(other) => return Err(other.into_problem()),
    };
    Ok(redirect(&format!("/office/archive/disposals/{id}?said={said}")))
}

/// Danh mục hồ sơ hết giá trị, for a spreadsheet.
pub async fn table(cx: Cx, Path(id): Path<String>) -> Result<Response, Problem> {
    let Whole { items, .. } = whole(&cx, &id).await?;
    let entries: Vec<&Entry> = items.iter().map(|listed| &listed.entry).collect();
    papers::table(&cx, &entries, "danh-muc-ho-so-het-gia-tri")
}

/// The decision with its list under the unit's seal, once it is approved.
pub async fn paper(cx: Cx, Path(id): Path<String>) -> Result<Response, Problem> {
    let Whole { disposal, .. } = whole(&cx, &id).await?;
    songhan_documents::serve(&cx, disposal.document).await
}
