//! The inbox: what waits for this desk, in the order in which it is due.

use axum::response::Response;
use jiff::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use songhan_app::{Cx, PageSpec, Problem, Query};
use songhan_base::{Id, Internal, Role};
use songhan_cases::{Assigned, Case, Clock, Count, Counts, Cursor, Filter, National};
use songhan_search::records::{self, Before, Scope};

use crate::find;

/// Dossiers on a page.
const PAGE: usize = 25;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    view: String,
    q: String,
    after: String,
    /// `all` shows every box ticked.
    tick: String,
}

/// What the tabs choose among.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum View {
    /// Waiting for one of my roles.
    Todo,
    Mine,
    /// To be done by the end of the next working day.
    Soon,
    Late,
    Open,
    Closed,
}

impl View {
    const ALL: [Self; 6] = [Self::Todo, Self::Late, Self::Soon, Self::Mine, Self::Open, Self::Closed];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Todo => "todo",
            Self::Mine => "mine",
            Self::Soon => "soon",
            Self::Late => "late",
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }

    fn read(text: &str) -> Self {
        Self::ALL.into_iter().find(|view| view.as_str() == text).unwrap_or(Self::Todo)
    }
}

#[derive(Serialize)]
struct Data {
    unit_name: String,
    q: String,
    view: &'static str,
    stats: Vec<Value>,
    views: Vec<Value>,
    /// What can be done to all that are ticked.
    bulk: Vec<Value>,
    rows: Vec<Vec<Value>>,
    previous: String,
    next: String,
    /// This page, and this page with every box ticked or none.
    here: String,
    tick_href: String,
    all_ticked: bool,
}

pub async fn show(cx: Cx, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let me = cx.person()?.account;
    let units = units(&cx);
    let roles: Vec<Role> = [Role::Officer, Role::Leader].into_iter().filter(|role| cx.actor.has(*role)).collect();
    let view = View::read(&asked.view);
    let now = cx.now();
    let q: String = asked.q.trim().chars().take(200).collect();
    // Whoever searches looks for one dossier, not at the day's work.
    let counts = match q.as_str() {
        "" => {
            Some(songhan_cases::counts(&cx.db, units.clone(), &roles, me, now, songhan_cases::soon_until(&cx)).await?)
        }
        _ => None,
    };
    let (cases, next) = if q.is_empty() {
        let after = asked.after.parse::<Cursor>().ok();
        let filter = filter(&cx, view, units.clone(), &roles, me);
        let page = songhan_cases::inbox(&cx.db, &filter, after, PAGE).await?;
        let next = page.next.map(|next| format!("/office?view={}&after={next}", view.as_str()));
        (page.cases, next.unwrap_or_default())
    } else {
        let (cases, next) = found(&cx, units.as_deref(), &q, asked.after.parse().ok()).await?;
        let link = |next: Before| {
            let query = utf8_percent_encode(&q, NON_ALPHANUMERIC);
            format!("/office?q={query}&after={next}")
        };
        (cases, next.map(link).unwrap_or_default())
    };
    let here = here(view, &q, &asked.after);
    let all_ticked = asked.tick == "all";
    let data = Data {
        unit_name: unit_names(&cx, units.as_deref()),
        view: view.as_str(),
        stats: counts.map_or_else(Vec::new, |counts| stats(&cx, &counts)),
        views: tabs(&cx, view, counts.as_ref(), &q),
        bulk: super::bulk::offers(&cx, &cases).await?,
        rows: rows(&cx, view, &cases, all_ticked).await?,
        previous: if asked.after.is_empty() { String::new() } else { format!("/office?view={}", view.as_str()) },
        next,
        q,
        tick_href: if all_ticked { here.clone() } else { format!("{here}&tick=all") },
        all_ticked,
        here,
    };
    cx.page("services/office/inbox.html", PageSpec::titled(cx.t("inbox-title")).office(), data).await
}

fn stats(cx: &Cx, counts: &Counts) -> Vec<Value> {
    let stat = |count: Count, key: &str, tone: &str, icon: &str| {
        let tone = if count.0 > 0 { tone } else { "" };
        json!({ "value": count.to_string(), "label": cx.t(key), "tone": tone, "icon": icon })
    };
    vec![
        stat(counts.queue, "office-stat-todo", "", "inbox"),
        stat(counts.soon, "office-stat-soon", "warning", "hourglass"),
        stat(counts.late, "office-stat-late", "danger", "warning"),
        stat(counts.unassigned, "office-stat-unassigned", "", "user"),
    ]
}

fn tabs(cx: &Cx, current: View, counts: Option<&Counts>, q: &str) -> Vec<Value> {
    let tab = |view: View| {
        let count = counts.and_then(|counts| match view {
            View::Todo => Some(counts.queue),
            View::Late => Some(counts.late),
            View::Soon => Some(counts.soon),
            View::Mine => Some(counts.mine),
            View::Open => Some(counts.open),
            View::Closed => None,
        });
        let name = view.as_str();
        let (label, href) = (cx.t(&format!("office-view-{name}")), format!("/office?view={name}"));
        json!({ "href": href, "label": label, "count": count.map(|count| count.0), "current": q.is_empty() && view == current })
    };
    View::ALL.into_iter().map(tab).collect()
}

/// The address of a page of the inbox.
fn here(view: View, q: &str, after: &str) -> String {
    let encoded = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
    let mut here = match q {
        "" => format!("/office?view={}", view.as_str()),
        q => format!("/office?q={}", encoded(q)),
    };
    if !after.is_empty() {
        here += &format!("&after={}", encoded(after));
    }
    here
}

/// The units where the actor has a desk; `None` is the whole city.
pub fn units(cx: &Cx) -> Option<Vec<String>> {
    let units = cx.actor.units(&[Role::Officer, Role::Leader]);
    units.into_iter().map(|unit| unit.map(str::to_owned)).collect()
}

fn unit_names(cx: &Cx, units: Option<&[String]>) -> String {
    let Some(units) = units else { return cx.city.manifest().name.get(cx.lang).to_owned() };
    let names =
        units.iter().filter_map(|code| cx.city.agencies().get(code)).map(|unit| unit.name.get(cx.lang).to_owned());
    names.collect::<Vec<_>>().join(" · ")
}

fn filter(cx: &Cx, view: View, units: Option<Vec<String>>, roles: &[Role], me: Id) -> Filter {
    let all = Filter { units, ..Filter::default() };
    match view {
        View::Todo => Filter { queues: roles.to_vec(), ..all },
        View::Mine => Filter { assignee: Assigned::To(me), ..all },
        View::Soon => Filter { units: all.units, ..Filter::soon(cx.now(), songhan_cases::soon_until(cx)) },
        View::Late => Filter { due_before: Some(cx.now()), ..all },
        View::Open => all,
        View::Closed => Filter { closed: true, ..all },
    }
}

/// What a search finds, and where it goes on: it may stop before a page is full.
async fn found(
    cx: &Cx,
    units: Option<&[String]>,
    q: &str,
    after: Option<Before>,
) -> Result<(Vec<Case>, Option<Before>), Internal> {
    let codes: Vec<&str> = units.unwrap_or_default().iter().map(String::as_str).collect();
    let scope = if units.is_some() { Scope::In(&codes) } else { Scope::Everywhere };
    let page = records::find(&cx.db, find::KIND, scope, q, after, PAGE).await?;
    let ids: Vec<Id> = page.hits.iter().filter_map(|hit| hit.reference.parse().ok()).collect();
    Ok((songhan_cases::by_ids(&cx.db, &ids).await?, page.next))
}

/// The rows; what is to go by post says so beside its state.
async fn rows(cx: &Cx, view: View, cases: &[Case], is_ticked: bool) -> Result<Vec<Vec<Value>>, Internal> {
    let mut rows: Vec<Vec<Value>> = cases.iter().map(|case| ticked(cx, view, case, is_ticked)).collect();
    let done: Vec<Id> = cases.iter().filter(|case| case.national == National::Done).map(|case| case.id).collect();
    if done.is_empty() {
        return Ok(rows);
    }
    let to_post = songhan_delivery::waiting_among(&cx.db, &done).await?;
    for (row, _) in rows.iter_mut().zip(cases).filter(|(_, case)| to_post.contains(&case.id)) {
        if let Some(state) = row.iter_mut().find(|cell| cell.get("state").is_some()) {
            state["hint"] = cx.t("returns-office-to-post").into();
        }
    }
    Ok(rows)
}

/// A row with its box. What is closed, and what is no dossier, has none.
fn ticked(cx: &Cx, view: View, case: &Case, is_ticked: bool) -> Vec<Value> {
    let label = cx.text(cx.lang, "bulk-select", &[("code", &case.code)]);
    let has_box = view != View::Closed && case.kind == crate::CASE_KIND;
    let first =
        has_box.then(|| json!({ "check": { "name": "dossier", "value": super::bulk::tick(case), "label": label, "checked": is_ticked } }));
    let mut cells = vec![first.unwrap_or_else(|| json!(""))];
    cells.extend(row(cx, case));
    cells
}

/// What a case is about: the procedure's title in the reader's language, or the one that it was opened with. Those of
/// the national catalogue have one language, so that the case's own title is all there is.
pub fn title<'a>(cx: &'a Cx, case: &'a Case) -> &'a str {
    let procedure =
        cx.city.get::<songhan_procedures::Procedures>().get(&case.topic).filter(|_| case.kind == crate::CASE_KIND);
    procedure.map_or(case.title.as_str(), |procedure| procedure.title.get(cx.lang))
}

/// The state of a case, as a cell.
pub fn state(cx: &Cx, case: &Case) -> Value {
    let workflow = cx.city.get::<songhan_cases::Workflows>().get(&case.workflow);
    let name = workflow.and_then(|w| w.state(&case.state)).map_or("", |s| s.name.get(cx.lang));
    json!({ "state": { "national": case.national.number(), "label": name } })
}

/// A row of a table of cases: the case and what it is about, whose it is, its state, its term, who has it.
pub fn row(cx: &Cx, case: &Case) -> Vec<Value> {
    let (kind, label) = due(cx, case);
    vec![
        json!({ "href": href(case), "text": case.code, "hint": title(cx, case) }),
        json!(case.applicant_name),
        state(cx, case),
        json!({ "due": { "kind": kind, "label": label } }),
        json!(case.assignee_name.clone().unwrap_or_else(|| cx.t("office-nobody"))),
    ]
}

/// Where a case is worked on.
fn href(case: &Case) -> String {
    let what = if case.kind == crate::opinions::KIND { "opinions" } else { "dossiers" };
    format!("/office/{what}/{}", case.code)
}

/// How a deadline looks: its look and its words.
pub fn due(cx: &Cx, case: &Case) -> (&'static str, String) {
    let at = |at: Timestamp| at.to_zoned(cx.zone.clone()).strftime("%H:%M %d/%m/%Y").to_string();
    let now = cx.now();
    match (case.clock, case.due_at) {
        (Clock::Stopped, _) => ("done", cx.t("office-due-done")),
        (Clock::Paused, _) => ("paused", cx.t("office-due-paused")),
        (Clock::Waiting, _) => ("ok", cx.t("office-due-waiting")),
        (Clock::Running, None) => ("ok", cx.t("office-due-none")),
        (Clock::Running, Some(due)) if due.0 < now => {
            ("late", cx.text(cx.lang, "office-due-late", &[("at", &at(due.0))]))
        }
        (Clock::Running, Some(due)) if due.0 <= songhan_cases::soon_until(cx) => ("soon", at(due.0)),
        (Clock::Running, Some(due)) => ("ok", at(due.0)),
    }
}
