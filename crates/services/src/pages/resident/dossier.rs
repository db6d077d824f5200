//! A dossier as its applicant sees it: where it stands, what happens next, what there is to do; and its receipt.

use axum::http::HeaderMap;
use axum::response::Response;
use axum_extra::extract::CookieJar;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use songhan_app::{Cx, IntoProblem, PageSpec, Path, Problem, Query, redirect};
use songhan_base::{Internal, Lang};
use songhan_cases::Case;
use songhan_forms::{Answers, CheckContext, SummarySection};
use songhan_pages::{Flash, FlashKind};
use songhan_procedures::Catalogue;

use super::files;
use super::review::RECEIPT_KEY;
use crate::catalogue::form_of;
use crate::dossier::Part;
use crate::ops::show_dossier::{DossierView, Seen, see, view};
use crate::ops::show_timeline::{StepView, steps};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    submitted: String,
    said: String,
}

#[derive(Serialize)]
struct Data {
    dossier: DossierView,
    due: Option<Due>,
    /// What happens now, in a sentence.
    now: String,
    pay: Option<Pay>,
    /// The office's last word, where it asks for something or has ended the dossier.
    asked: Option<Message>,
    /// Why the day was put off, while the new one is waited for.
    put_off: Option<String>,
    messages: Vec<Message>,
    timeline: Vec<Item>,
    actions: Vec<ActionLink>,
    sections: Vec<SummarySection>,
    papers: Vec<FileLink>,
    has_receipt: bool,
    /// Slips and payment receipts.
    issued: Vec<serde_json::Value>,
    /// Dossiers told once together with this one (liên thông).
    linked: Vec<serde_json::Value>,
    /// This one was set off by another.
    set_off: bool,
    /// Where it can be handed in again, after a refusal.
    again: Option<String>,
    /// Somebody else handed it in for the reader.
    read_only: bool,
    rating: Option<super::rating::Rating>,
    /// Where the way of return is chosen, while it can be.
    return_href: Option<String>,
    /// It began before results of its procedure went by post.
    is_before_post: bool,
}

/// A deadline as the component `due` shows it.
#[derive(Clone, Debug, Serialize)]
pub struct Due {
    pub kind: &'static str,
    pub label: String,
}

#[derive(Serialize)]
struct Pay {
    amount: i64,
    state: String,
    href: String,
}

#[derive(Clone, Serialize)]
struct Message {
    author: String,
    at: Timestamp,
    text: String,
    mine: bool,
}

#[derive(Serialize)]
struct Item {
    title: String,
    at: Timestamp,
    by: String,
    state: &'static str,
}

#[derive(Serialize)]
struct ActionLink {
    href: String,
    label: String,
    /// It is what the dossier waits for.
    main: bool,
}

#[derive(Serialize)]
struct FileLink {
    name: String,
    href: String,
    size: i64,
}

impl Due {
    /// For a running dossier; `None` where nothing is promised.
    pub fn of(cx: &Cx, due_at: Option<Timestamp>, late: bool) -> Option<Self> {
        let due_at = due_at?;
        let soon = due_at < cx.now() + SignedDuration::from_hours(24);
        let kind = if late {
            "late"
        } else if soon {
            "soon"
        } else {
            "ok"
        };
        let key = if late { "services-due-late" } else { "services-due-by" };
        Some(Self { kind, label: cx.text(cx.lang, key, &[("at", &moment(cx, due_at))]) })
    }
}

/// As the pages write a moment: `14 giờ 05, 21/11/2026`.
pub fn moment(cx: &Cx, at: Timestamp) -> String {
    let form = match cx.lang {
        Lang::Vi => "%H giờ %M, %d/%m/%Y",
        Lang::En => "%H:%M, %-d %b %Y",
    };
    at.to_zoned(cx.zone.clone()).strftime(form).to_string()
}

pub async fn show(
    cx: Cx,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let seen = see(&cx, &code).await.map_err(IntoProblem::into_problem)?;
    if seen.part == Part::Office {
        return Ok(redirect(&format!("/office/dossiers/{code}")));
    }
    let dossier = view(&cx, &cx.db, &seen).await?;
    if !asked.submitted.is_empty() {
        return submitted(&cx, &seen, dossier, &headers).await;
    }
    let steps = steps(&cx, &seen).await?;
    let messages = messages(&dossier, &steps);
    let pay = dossier.charge.as_ref().map(|charge| Pay {
        amount: charge.amount,
        state: charge.state.clone(),
        href: format!("/pay/{}", charge.id),
    });
    let waits = is_waiting_for_applicant(&dossier);
    let linked = linked(&cx, &seen).await?;
    let data = Data {
        due: due(&cx, &seen, dossier.status),
        now: now(&cx, &dossier, pay.as_ref()),
        asked: messages.iter().rev().find(|m| !m.mine).filter(|_| waits || has_ended_badly(&dossier)).cloned(),
        put_off: put_off(&seen, &steps),
        timeline: timeline(&cx, &seen, &steps, &linked),
        actions: dossier
            .actions
            .iter()
            .map(|action| ActionLink {
                href: format!("/dossiers/{code}/actions/{}", action.id),
                label: action.name.clone(),
                main: waits && action.id != "withdraw",
            })
            .collect(),
        sections: sections(&cx, &seen).await?,
        papers: papers(&cx, &dossier).await?,
        has_receipt: seen.dossier.receipt_document.is_some() && !seen.case.is_emptied(),
        issued: crate::issued::list(&cx, &seen.dossier, &format!("/dossiers/{code}")).await?,
        linked,
        set_off: is_set_off(&seen.case),
        again: again(&cx, &dossier).await?.filter(|_| seen.part == Part::Applicant),
        read_only: seen.part == Part::Principal,
        rating: super::rating::of(&cx, &seen, &asked.said).await?,
        return_href: super::returning::href(&cx, &seen).await?,
        is_before_post: super::returning::is_before_post(&cx, &seen).await?,
        messages,
        pay,
        dossier,
    };
    let spec = PageSpec::titled(format!("{} {code}", cx.t("services-dossier")))
        .crumb("/", cx.t("home"))
        .crumb("/dossiers", cx.t("services-own-title"))
        .flash(said(&cx, &asked.said));
    cx.page("services/dossier.html", spec, data).await
}

fn is_set_off(case: &Case) -> bool {
    case.link.as_deref() == Some(crate::linked::LINK)
}

/// What was told once together: the dossier that set this one off, and all that either of them set off.
async fn linked(cx: &Cx, seen: &Seen) -> Result<Vec<serde_json::Value>, Internal> {
    let origin = seen.case.parent.filter(|_| is_set_off(&seen.case));
    let mut together = Vec::new();
    if let Some(origin) = origin {
        together.extend(songhan_cases::by_id(&cx.db, origin).await?);
        together.extend(songhan_cases::children(&cx.db, origin).await?.into_iter().filter(is_set_off));
    }
    together.extend(songhan_cases::children(&cx.db, seen.case.id).await?.into_iter().filter(is_set_off));
    let others = together.iter().filter(|case| case.id != seen.case.id);
    Ok(others.map(|case| crate::pages::related(cx, case)).collect())
}

/// The procedure's page, where a refused dossier can be handed in again.
async fn again(cx: &Cx, dossier: &DossierView) -> Result<Option<String>, Internal> {
    if dossier.status != 3 {
        return Ok(None);
    }
    let catalogue = Catalogue::of(&cx.app).await?;
    Ok(catalogue.get(&dossier.procedure).map(|procedure| format!("/procedures/{}", procedure.name)))
}

/// The national statuses in which it is the applicant's turn.
fn is_waiting_for_applicant(dossier: &DossierView) -> bool {
    matches!(dossier.status, 5 | 6)
}

fn has_ended_badly(dossier: &DossierView) -> bool {
    matches!(dossier.status, 3 | 8)
}

fn due(cx: &Cx, seen: &Seen, status: i64) -> Option<Due> {
    let case = &seen.case;
    if let Some(stopped) = case.stopped_at {
        // Refused, withdrawn, stopped: an end, but nothing done.
        let (kind, key) =
            if matches!(status, 3 | 7 | 8) { ("ended", "services-due-ended") } else { ("done", "services-due-done") };
        return Some(Due { kind, label: cx.text(cx.lang, key, &[("at", &moment(cx, stopped.0))]) });
    }
    if case.paused_at.is_some() {
        return Some(Due { kind: "paused", label: cx.t("services-due-paused") });
    }
    Due::of(cx, case.due_at.map(|at| at.0), case.is_late(cx.now()))
}

/// What happens now; a fee that is due comes before everything else.
fn now(cx: &Cx, dossier: &DossierView, pay: Option<&Pay>) -> String {
    if let Some(now) = super::returning::parcel_now(cx, dossier) {
        return now;
    }
    let unpaid = pay.is_some_and(|pay| pay.state == "due");
    if unpaid && dossier.status == 1 {
        return cx.t("services-now-pay");
    }
    cx.t(&format!("services-now-{}", dossier.status))
}

fn messages(dossier: &DossierView, steps: &[StepView]) -> Vec<Message> {
    // That another dossier was opened is no word to anyone; it stands in a list of its own.
    let spoken = steps.iter().filter(|step| step.action != songhan_cases::step::OPEN_CHILD);
    let said = spoken.filter_map(|step| {
        let text = step.public_note.clone().filter(|note| !note.is_empty())?;
        let mine = step.actor_name == dossier.applicant_name;
        Some(Message { author: step.actor_name.clone(), at: step.at, text, mine })
    });
    said.collect()
}

fn put_off(seen: &Seen, steps: &[StepView]) -> Option<String> {
    let step = steps.iter().rev().find(|step| step.extension.is_some())?;
    step.public_note.clone().filter(|_| seen.case.stopped_at.is_none())
}

/// The state that a step led to; of one that changes something else, what was done, and which dossier it opened.
fn title(cx: &Cx, step: &StepView, linked: &[serde_json::Value]) -> String {
    if step.extension.is_some() {
        return cx.t("services-put-off-step");
    }
    let told = step.public_note.as_deref().filter(|_| step.action == songhan_cases::step::OPEN_CHILD);
    if let Some(opened) = linked.iter().find(|one| told.is_some() && one["code"].as_str() == told) {
        let title = opened["title"].as_str().unwrap_or_default();
        return cx.text(cx.lang, "services-step-opened", &[("title", title)]);
    }
    let stays = step.action == songhan_cases::step::OPEN_CHILD;
    if stays || step.action == songhan_cases::step::UNDO { step.action_name.clone() } else { step.state_name.clone() }
}

/// What has happened, and what is promised.
fn timeline(cx: &Cx, seen: &Seen, steps: &[StepView], linked: &[serde_json::Value]) -> Vec<Item> {
    let last = steps.len().saturating_sub(1);
    let ended = seen.case.stopped_at.is_some();
    let mut items: Vec<_> = steps
        .iter()
        .enumerate()
        .map(|(at, step)| Item {
            title: title(cx, step, linked),
            at: step.at,
            by: step.actor_name.clone(),
            state: match step.status {
                3 | 8 => "problem",
                5 | 6 if at == last => "problem",
                _ if at == last && !ended => "current",
                _ => "done",
            },
        })
        .collect();
    if let Some(due) = seen.case.due_at.filter(|_| !ended) {
        items.push(Item { title: cx.t("services-timeline-due"), at: due.0, by: String::new(), state: "todo" });
    }
    items
}

/// The answers in words, as on the day on which they were handed in.
async fn sections(cx: &Cx, seen: &Seen) -> Result<Vec<SummarySection>, Internal> {
    let Some(form) = form_of(cx, &seen.dossier).await? else { return Ok(Vec::new()) };
    let answers = Answers::parse(&seen.dossier.answers);
    let ids: Vec<_> = form.uploads(&answers).into_iter().map(|(_, id)| id).collect();
    let files = files::uploaded(cx, &ids).await?;
    let handed_in = seen.dossier.created_at.0.to_zoned(cx.zone.clone()).date();
    let check = CheckContext { today: handed_in, ..CheckContext::of(cx) };
    Ok(form.summary(&answers, &files, &check, |_| None))
}

async fn papers(cx: &Cx, dossier: &DossierView) -> Result<Vec<FileLink>, Internal> {
    let ids: Vec<String> = dossier.papers.iter().map(|paper| paper.upload.to_string()).collect();
    let known = songhan_documents::uploads(cx, &ids).await?;
    let link = |paper: &crate::dossier::Paper| {
        let file = known.iter().find(|file| file.id == paper.upload);
        FileLink {
            name: paper.name.clone(),
            href: file.map(|_| format!("/dossiers/{}/papers/{}", dossier.code, paper.upload)).unwrap_or_default(),
            size: file.map_or(0, |file| file.size),
        }
    };
    Ok(dossier.papers.iter().map(link).collect())
}

/// The receipt, right after handing in.
async fn submitted(cx: &Cx, seen: &Seen, dossier: DossierView, headers: &HeaderMap) -> Result<Response, Problem> {
    let key = CookieJar::from_headers(headers).get(RECEIPT_KEY).map(|cookie| cookie.value().to_owned());
    // Whoever made the cookie up sees no more than they typed.
    let key = key.filter(|key| crate::ops::submit::receipt_hash(key) == seen.dossier.receipt_hash);
    let track = cx.url(&format!("/track/{}", dossier.code));
    let unpaid = dossier.charge.as_ref().filter(|charge| charge.state == "due");
    let data = serde_json::json!({
        "code": dossier.code,
        "title": dossier.title,
        "unit_name": dossier.unit_name,
        "track_url": key.as_ref().map_or_else(|| track.clone(), |key| format!("{track}?key={key}")),
        "key": key,
        "pay": unpaid.map(|charge| serde_json::json!({ "amount": charge.amount, "href": format!("/pay/{}", charge.id) })),
    });
    let spec = PageSpec::titled(cx.t("services-submitted-title"));
    cx.page("services/submitted.html", spec, data).await
}

/// Tells the open page that something has happened to its dossier.
pub async fn live(cx: Cx, Path(code): Path<String>) -> Result<Response, Problem> {
    let seen = see(&cx, &code).await.map_err(IntoProblem::into_problem)?;
    let mut subjects = vec![seen.dossier.subject(), seen.case.subject()];
    subjects.extend(seen.dossier.charge.map(|charge| format!("charge:{charge}")));
    Ok(cx.live.stream(move |event| subjects.contains(&event.subject).then(|| "changed".to_owned())))
}

/// What has just been done, as the address says it: words of ours only.
fn said(cx: &Cx, said: &str) -> Option<Flash> {
    let (kind, key) = match said {
        "done" => (FlashKind::Success, "services-said-done"),
        "changed" => (FlashKind::Warning, "services-said-changed"),
        "before-post" => (FlashKind::Warning, "returns-before-post"),
        "rated" => (FlashKind::Success, "rating-said"),
        "return" => (FlashKind::Success, "returns-saved"),
        "fixed" => (FlashKind::Warning, "returns-fixed"),
        _ => return None,
    };
    Some(Flash { kind, text: cx.t(key) })
}
