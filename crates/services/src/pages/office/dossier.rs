//! A dossier at the desk: what was handed in, what has happened, and what can be done now.

use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use songhan_app::{Cx, IntoProblem, PageSpec, Path, Problem, Query};
use songhan_base::{FieldError, Internal, Role};
use songhan_forms::{Answers, CheckContext, SummarySection, UploadedFile};
use songhan_pages::{Flash, FlashKind};

use super::inbox::due;
use super::life::{Life, life};
use crate::dossier::Part;
use crate::ops::show_dossier::{DossierView, Seen, log_reading, see, view};
use crate::ops::show_timeline::steps;
use crate::{catalogue, store};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// An action that has just been done.
    done: String,
}

/// What was typed into an action that was refused.
#[derive(Default, Serialize)]
pub struct Refused {
    pub action: String,
    pub note: String,
    pub extension: String,
    /// The number of a parcel.
    pub parcel: String,
    pub errors: Vec<FieldError>,
}

#[derive(Serialize)]
struct Data {
    dossier: DossierView,
    due: Value,
    sections: Vec<SummarySection>,
    files: Vec<Value>,
    timeline: Vec<Value>,
    people: Vec<Value>,
    may_take: bool,
    refused: Refused,
    has_receipt: bool,
    /// Slips and payment receipts.
    issued: Vec<Value>,
    charge_state: String,
    life: Life,
    /// Name of the unit whose counter took it in for this one.
    received_by: String,
    /// How a parcel's number looks.
    parcel_example: String,
    /// Where the parcel is.
    parcel_hint: String,
}

pub async fn show(cx: Cx, Path(code): Path<String>, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let seen = desk(&cx, &code).await?;
    log_reading(&cx, &seen).await?;
    let done = songhan_cases::workflow(&cx, &cx.db, &seen.case).await?;
    let told = match done.action(&asked.done) {
        Some(action) => Some(cx.text(cx.lang, "office-done", &[("action", action.name.get(cx.lang))])),
        None => (asked.done == songhan_cases::step::UNDO).then(|| cx.t("office-undone")),
    };
    let flash = told.map(|text| Flash { kind: FlashKind::Success, text });
    page(&cx, seen, flash, Refused::default()).await
}

/// The dossier, for those who handle it; its applicant has a page of their own.
pub async fn desk(cx: &Cx, code: &str) -> Result<Seen, Problem> {
    let seen = see(cx, code).await.map_err(IntoProblem::into_problem)?;
    if seen.part == Part::Office { Ok(seen) } else { Err(Problem::not_found("dossier")) }
}

pub async fn page(cx: &Cx, seen: Seen, flash: Option<Flash>, refused: Refused) -> Result<Response, Problem> {
    let dossier = view(cx, &cx.db, &seen).await?;
    let (kind, label) = due(cx, &seen.case);
    let code = seen.dossier.code.clone();
    let papers = store::papers(&cx.db, seen.case.id).await?;
    let href = |paper: &crate::dossier::Paper| {
        if paper.is_paper_only() { String::new() } else { format!("/office/dossiers/{code}/papers/{}", paper.upload) }
    };
    let files: Vec<UploadedFile> = papers
        .iter()
        .map(|paper| UploadedFile {
            id: paper.upload.to_string(),
            name: paper.name.clone(),
            size: 0,
            href: href(paper),
        })
        .collect();
    let answers = Answers::parse(&seen.dossier.answers);
    let sections = catalogue::form_of(cx, &seen.dossier)
        .await?
        .map(|form| form.summary(&answers, &files, &CheckContext::of(cx), |_| None))
        .unwrap_or_default();
    let charge_state =
        dossier.charge.as_ref().map_or_else(String::new, |c| cx.t(&format!("office-charge-{}", c.state)));
    let wrong = !refused.errors.is_empty();
    let data = Data {
        due: json!({ "kind": kind, "label": label }),
        sections,
        files: files
            .iter()
            .zip(&papers)
            .map(|(file, paper)| json!({ "name": file.name, "href": file.href, "text": kept(cx, paper) }))
            .collect(),
        timeline: timeline(cx, &seen).await?,
        people: people(cx, &seen).await?,
        may_take: !seen.case.is_closed() && seen.case.assignee != cx.actor.account(),
        refused,
        has_receipt: seen.dossier.receipt_document.is_some() && !seen.case.is_emptied(),
        issued: crate::issued::list(cx, &seen.dossier, &format!("/office/dossiers/{code}")).await?,
        charge_state,
        life: life(cx, &seen).await?,
        received_by: received_by(cx, &dossier),
        parcel_example: crate::returns::carrier(cx)
            .map_or_else(String::new, songhan_delivery::PostalService::number_example),
        parcel_hint: super::parcels::hint(cx, &dossier),
        dossier,
    };
    let mut spec =
        PageSpec::titled(format!("{code} · {}", data.dossier.title)).office().crumb("/office", cx.t("inbox-title"));
    if wrong {
        spec = spec.status(axum::http::StatusCode::UNPROCESSABLE_ENTITY);
    }
    cx.page("services/office/dossier.html", spec.flash(flash), data).await
}

/// The unit whose counter took it in, where that is not the one that handles it.
fn received_by(cx: &Cx, dossier: &DossierView) -> String {
    let other = dossier.received_by_unit.as_deref().filter(|unit| *unit != dossier.unit);
    let unit = other.and_then(|code| cx.city.agencies().get(code));
    unit.map_or(String::new(), |unit| unit.name.get(cx.lang).to_owned())
}

/// What the counter saw of a paper and how it is kept, in words.
fn kept(cx: &Cx, paper: &crate::dossier::Paper) -> String {
    let seen = paper.seen.as_ref().map(|seen| cx.t(&format!("counter-seen-{seen}")));
    let how = match paper.digitisation {
        0 if paper.seen.is_some() => Some(cx.t("counter-digitisation-0")),
        1..=3 => Some(cx.t(&format!("counter-digitisation-{}", paper.digitisation))),
        _ => None,
    };
    [seen, how].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

async fn timeline(cx: &Cx, seen: &Seen) -> Result<Vec<Value>, Internal> {
    let steps = steps(cx, seen).await?;
    let last = steps.len();
    let items = steps.into_iter().enumerate().map(|(at, step)| {
        let notes: Vec<String> = [step.public_note, step.note].into_iter().flatten().collect();
        json!({
            "title": step.action_name,
            "at": step.at,
            "by": step.actor_name,
            "text": notes.join("\n"),
            "state": if at + 1 == last && !seen.case.is_closed() { "current" } else { "done" },
        })
    });
    let mut items: Vec<Value> = items.collect();
    items.reverse();
    Ok(items)
}

/// Whom the dossier can be given to.
async fn people(cx: &Cx, seen: &Seen) -> Result<Vec<Value>, Internal> {
    if seen.case.is_closed() || !songhan_cases::may_assign(cx, &seen.case) {
        return Ok(Vec::new());
    }
    let officers = songhan_identity::people_at(&cx.db, cx, Role::Officer, Some(&seen.case.unit)).await?;
    let others = officers.into_iter().filter(|(id, _)| Some(*id) != seen.case.assignee && !seen.dossier.is_of(*id));
    Ok(others.map(|(id, name)| json!({ "value": id, "label": name })).collect())
}
