//! Taking in at the counter: choosing the procedure, and what every later page shows. Only officers may, each at the
//! counters of their units.

use axum::response::Response;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use songhan_app::{Cx, IntoProblem, PageForm, PageSpec, Path, Problem, Query, redirect};
use songhan_base::{Id, Internal, Role};
use songhan_forms::drafts;
use songhan_procedures::{Catalogue, Channel};

use crate::counter::intake::{Intake, Missing, procedure_of};
use crate::ops::save_intake::delete_intake;
use crate::ops::start_intake::{Input, start_intake};
use crate::store;

/// Procedures that a search shows.
const FOUND: usize = 12;
/// Dossiers that a counter has taken in lately.
const LATELY: i64 = 20;
const QUERY_CHARS_MAX: usize = 200;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
    /// Code of the procedure that was chosen.
    procedure: String,
    ticket: String,
    said: String,
}

#[derive(Serialize)]
struct Data {
    q: String,
    ticket: String,
    ticket_number: Option<i64>,
    found: Vec<Value>,
    /// The procedure that was chosen.
    procedure: Option<Value>,
    units: Vec<Value>,
    at: String,
    channels: Vec<Value>,
    begun: Vec<Value>,
    lately: Vec<Vec<Value>>,
}

pub async fn show(cx: Cx, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let q: String = asked.q.trim().chars().take(QUERY_CHARS_MAX).collect();
    let catalogue = Catalogue::of(&cx.app).await?;
    let ticket = match asked.ticket.parse::<Id>() {
        Ok(id) => songhan_queue::ticket(&cx.db, id).await?,
        Err(_) => None,
    };
    let ticket_id = ticket.as_ref().map_or(String::new(), |ticket| ticket.id.to_string());
    let href = |code: &str| {
        let of_ticket = if ticket_id.is_empty() { String::new() } else { format!("&ticket={ticket_id}") };
        format!("/office/intake?procedure={}{of_ticket}", utf8_percent_encode(code, NON_ALPHANUMERIC))
    };
    let found: Vec<Value> = if q.is_empty() {
        Vec::new()
    } else {
        let found = catalogue.find(&q, FOUND);
        let item = |p: &&std::sync::Arc<songhan_procedures::Procedure>| json!({ "href": href(&p.code), "title": p.title.get(cx.lang), "text": p.code });
        found.iter().map(item).collect()
    };
    let procedure = catalogue.get(&asked.procedure);
    let own = cx.units_as(Role::Officer);
    let at = ticket.as_ref().map(|t| t.unit.clone()).or_else(|| own.first().map(|unit| unit.code.to_string()));
    let at = at.unwrap_or_default();
    let channel = |channel: Channel| json!({ "value": channel.as_str(), "label": cx.t(&format!("counter-channel-{}", channel.as_str())) });
    let data = Data {
        found,
        procedure: procedure.map(|p| json!({ "code": p.code, "title": p.title.get(cx.lang) })),
        units: own.iter().map(|unit| json!({ "value": *unit.code, "label": unit.name.get(cx.lang) })).collect(),
        channels: vec![channel(Channel::Counter), channel(Channel::Post)],
        begun: begun(&cx, &catalogue).await?,
        lately: if procedure.is_some() || !q.is_empty() { Vec::new() } else { lately(&cx, &at).await? },
        ticket: ticket_id,
        ticket_number: ticket.map(|ticket| ticket.number),
        at,
        q,
    };
    let flash = (asked.said == "deleted")
        .then(|| songhan_pages::Flash { kind: songhan_pages::FlashKind::Success, text: cx.t("counter-deleted") });
    let spec = PageSpec::titled(cx.t("counter-title")).office().crumb("/office", cx.t("inbox-title")).flash(flash);
    cx.page("services/office/intake.html", spec, data).await
}

/// Intakes that the officer has not finished.
async fn begun(cx: &Cx, catalogue: &Catalogue) -> Result<Vec<Value>, Internal> {
    let Some(account) = cx.actor.account() else { return Ok(Vec::new()) };
    let drafts = drafts::list(&cx.db, account).await?;
    let item = |draft: &drafts::Draft| {
        let procedure = catalogue.get(procedure_of(draft)?)?;
        Some(json!({ "id": draft.id, "title": procedure.title.get(cx.lang), "updated_at": draft.updated_at.0 }))
    };
    Ok(drafts.iter().filter_map(item).collect())
}

/// What this counter has taken in lately, with the unit that handles it: so that people can be told where it is.
async fn lately(cx: &Cx, at: &str) -> Result<Vec<Vec<Value>>, Internal> {
    let dossiers = store::received_at(&cx.db, at, LATELY).await?;
    let ids: Vec<Id> = dossiers.iter().map(|dossier| dossier.case_id).collect();
    let cases = songhan_cases::by_ids(&cx.db, &ids).await?;
    let mut rows = Vec::new();
    for dossier in &dossiers {
        let Some(case) = cases.iter().find(|case| case.id == dossier.case_id) else { continue };
        let unit = cx.city.agencies().get(&case.unit).map_or(case.unit.as_str(), |unit| unit.name.get(cx.lang));
        let (kind, label) = super::inbox::due(cx, case);
        rows.push(vec![
            json!({ "href": format!("/track/{}", case.code), "text": case.code, "hint": super::inbox::title(cx, case) }),
            json!(unit),
            super::inbox::state(cx, case),
            json!({ "due": { "kind": kind, "label": label } }),
        ]);
    }
    Ok(rows)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Starting {
    procedure: String,
    at: String,
    channel: String,
    ticket: String,
}

pub async fn start(cx: Cx, PageForm(form): PageForm<Starting>) -> Result<Response, Problem> {
    let channel = Channel::ALL.into_iter().find(|channel| channel.as_str() == form.channel).unwrap_or(Channel::Counter);
    let input = Input { procedure: &form.procedure, at: &form.at, channel, ticket: form.ticket.parse().ok() };
    let id = start_intake(&cx, input).await.map_err(IntoProblem::into_problem)?;
    Ok(redirect(&format!("/office/intake/{id}/person")))
}

/// Leads to the first page where something is open.
pub async fn resume(cx: Cx, Path(draft): Path<String>) -> Result<Response, Problem> {
    let Some(intake) = opened(&cx, &draft).await? else { return Ok(done(&draft)) };
    let page = if intake.desk.person.check(&cx).is_err() {
        "person"
    } else if !intake.open_questions().is_empty() {
        "form"
    } else {
        "papers"
    };
    Ok(redirect(&intake.path(page)))
}

pub async fn delete(
    cx: Cx,
    Path(draft): Path<String>,
    PageForm(_): PageForm<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    delete_intake(&cx, &draft).await.map_err(IntoProblem::into_problem)?;
    Ok(redirect("/office/intake?said=deleted"))
}

/// The intake; `None` when it has become a dossier.
pub async fn opened<'a>(cx: &'a Cx, draft: &str) -> Result<Option<Intake<'a>>, Problem> {
    match Intake::open(cx, draft).await {
        Ok(intake) => Ok(Some(intake)),
        Err(Missing::Internal(error)) => Err(error.into()),
        Err(Missing::NotFound) => match crate::ops::take_in::taken_in(cx, draft).await? {
            Some(_) => Ok(None),
            None => Err(Problem::not_found("intake")),
        },
    }
}

/// Where an intake leads that has become a dossier.
pub fn done(draft: &str) -> Response {
    redirect(&format!("/office/intake/{draft}/done"))
}

/// What every page of an intake shows.
#[derive(Serialize)]
pub struct Head {
    pub id: String,
    pub title: String,
    pub at: String,
    pub steps: Vec<Value>,
}

/// The pages in their order.
const STEPS: [&str; 4] = ["person", "form", "papers", "review"];

impl Head {
    pub fn of(cx: &Cx, intake: &Intake<'_>, page: &str) -> Self {
        let here = STEPS.iter().position(|step| *step == page).unwrap_or(0);
        let step = |(at, id): (usize, &&str)| {
            let state = match at.cmp(&here) {
                std::cmp::Ordering::Less => "done",
                std::cmp::Ordering::Equal => "current",
                std::cmp::Ordering::Greater => "todo",
            };
            json!({ "label": cx.t(&format!("counter-step-{id}")), "state": state, "href": intake.path(id) })
        };
        let unit = cx.city.agencies().get(&intake.desk.at);
        Self {
            id: intake.draft.id.to_string(),
            title: intake.procedure.title.get(cx.lang).to_owned(),
            at: unit.map_or(intake.desk.at.as_str(), |unit| unit.name.get(cx.lang)).to_owned(),
            steps: STEPS.iter().enumerate().map(step).collect(),
        }
    }

    pub fn spec(cx: &Cx, page: &str) -> PageSpec {
        PageSpec::titled(format!("{} · {}", cx.t(&format!("counter-step-{page}")), cx.t("counter-title")))
            .office()
            .crumb("/office", cx.t("inbox-title"))
            .crumb("/office/intake", cx.t("counter-title"))
    }
}
