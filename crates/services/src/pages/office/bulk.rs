//! Many dossiers at once: what was ticked in the inbox is done case by case, and each answer is shown.
//!
//! One list offers all that can be done, people to give dossiers to among it, so that nothing has to appear by script.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};
use songhan_app::{Cx, PageForm, PageSpec, Problem};
use songhan_base::{Id, Internal, Role};
use songhan_cases::{Case, Workflows, step};

use super::inbox::{state, title};
use crate::ops::bulk_act::{Chosen, Done, Input, MOST, Rejection, bulk_act};

/// A box in the inbox: `CODE:VERSION`, so that what changed since is refused and not done by surprise.
pub fn tick(case: &Case) -> String {
    format!("{}:{}", case.code, case.version)
}

/// What the inbox offers to do with what is ticked: what the workflows of these cases mark as one for many, taking
/// them, and giving them to somebody of the units.
pub async fn offers(cx: &Cx, cases: &[Case]) -> Result<Vec<Value>, Internal> {
    let mut offers = Vec::new();
    let mut known = Vec::new();
    for case in cases {
        let Some(workflow) = cx.city.get::<Workflows>().get(&case.workflow) else { continue };
        let fitting = workflow
            .actions
            .iter()
            .filter(|action| action.bulk && action.is_from(&case.state) && action.permits(case, &cx.actor));
        for action in fitting {
            if !known.contains(&&action.id) {
                known.push(&action.id);
                offers.push(json!({ "value": action.id, "label": action.name.get(cx.lang) }));
            }
        }
    }
    offers.push(json!({ "value": step::TAKE, "label": cx.t("bulk-take") }));
    let units = units_of(cases.iter().filter(|case| songhan_cases::may_assign(cx, case)));
    offers.extend(officers(cx, &units).await?);
    Ok(offers)
}

/// The officers of these units but for whoever looks, by name; where there are several units, each with their own.
async fn officers(cx: &Cx, units: &[&str]) -> Result<Vec<Value>, Internal> {
    if units.is_empty() {
        return Ok(Vec::new());
    }
    let mut found: Vec<(Id, String, Vec<&str>)> = Vec::new();
    for (id, name, unit) in songhan_identity::people_at_units(&cx.db, cx, Role::Officer, units).await? {
        let unit = cx.city.agencies().get(&unit).map_or("", |unit| unit.name.get(cx.lang));
        match found.last_mut().filter(|(last, ..)| *last == id) {
            Some((_, _, theirs)) => theirs.push(unit),
            None => found.push((id, name, vec![unit])),
        }
    }
    let offer = |(id, name, theirs): (Id, String, Vec<&str>)| {
        let theirs = theirs.join(", ");
        let label = match units.len() {
            1 => cx.text(cx.lang, "bulk-assign", &[("name", &name)]),
            _ => cx.text(cx.lang, "bulk-assign-at", &[("name", &name), ("unit", &theirs)]),
        };
        json!({ "value": format!("{ASSIGN_TO}{id}"), "label": label })
    };
    Ok(found.into_iter().filter(|(id, ..)| Some(*id) != cx.actor.account()).map(offer).collect())
}

/// Their units, each once.
fn units_of<'a>(cases: impl Iterator<Item = &'a Case>) -> Vec<&'a str> {
    let mut units: Vec<&str> = cases.map(|case| case.unit.as_str()).collect();
    units.sort_unstable();
    units.dedup();
    units
}

/// Behind it stands the account of the officer that gets them.
const ASSIGN_TO: &str = "assign:";

pub async fn run(cx: Cx, PageForm(fields): PageForm<Vec<(String, String)>>) -> Result<Response, Problem> {
    let all = |name: &'static str| fields.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str());
    let asked = all("action").next().unwrap_or_default();
    let (action, account) = match asked.strip_prefix(ASSIGN_TO) {
        Some(account) => (step::ASSIGN, Some(account.to_owned())),
        None => (asked, None),
    };
    let dossiers: Vec<Chosen> = all("dossier").take(MOST + 1).map(chosen).collect();
    let back = Back::read(all("back").next().unwrap_or_default());
    let wrong = if dossiers.is_empty() { "none" } else { "no-action" };
    let input = Input { action: action.to_owned(), dossiers, account, internal_note: None };
    let output = match bulk_act(&cx, &input).await {
        Ok(output) => output,
        Err(Rejection::Internal(error)) => return Err(error.into()),
        // Nothing ticked, nothing chosen, or a form of the past.
        Err(Rejection::Dossiers | Rejection::Action(_) | Rejection::Account) => {
            let data = json!({ "rows": [], "wrong": wrong, "back": back.0 });
            let spec = spec(&cx).status(StatusCode::UNPROCESSABLE_ENTITY);
            return cx.page("services/office/bulk.html", spec, data).await;
        }
    };
    let mut rows = Vec::with_capacity(output.results.len());
    // What was not done comes first: there something is left to do.
    for result in output.results.iter().filter(|r| !r.done).chain(output.results.iter().filter(|r| r.done)) {
        // What is not theirs to see has no title either.
        let case = match result.reason.as_deref() {
            Some("not_found") => None,
            _ => songhan_cases::by_code(&cx.db, &result.code).await?,
        };
        rows.push(row(&cx, &input.action, result, case.as_ref()));
    }
    let data = json!({ "rows": rows, "done": output.done, "refused": output.refused, "back": back.0 });
    cx.page("services/office/bulk.html", spec(&cx), data).await
}

fn spec(cx: &Cx) -> PageSpec {
    PageSpec::titled(cx.t("bulk-title")).office().crumb("/office", cx.t("inbox-title"))
}

/// Where in the inbox the boxes were ticked.
struct Back(String);

impl Back {
    /// An address of the inbox, or the inbox itself.
    fn read(text: &str) -> Self {
        Self(if text.starts_with("/office?") { text.to_owned() } else { "/office".to_owned() })
    }
}

fn chosen(text: &str) -> Chosen {
    match text.rsplit_once(':') {
        Some((code, version)) => Chosen { code: code.to_owned(), version: version.parse().ok() },
        None => Chosen { code: text.to_owned(), version: None },
    }
}

fn row(cx: &Cx, action: &str, result: &Done, case: Option<&Case>) -> Vec<Value> {
    let badge = if result.done {
        json!({ "badge": { "label": cx.t("bulk-result-done"), "tone": "success", "icon": "done" } })
    } else {
        json!({ "badge": { "label": cx.t("bulk-result-refused"), "tone": "warning", "icon": "warning" } })
    };
    let why = result.reason.as_deref().map_or_else(String::new, |reason| {
        cx.t(match reason {
            "version_stale" => "bulk-why-stale",
            "action_not_now" | "action_unknown" => "bulk-why-not-now",
            "needs_missing" => "bulk-why-needs",
            "action_not_yours" if action == step::ASSIGN => "bulk-why-person",
            "action_not_yours" => "bulk-why-not-yours",
            "not_found" => "bulk-why-not-found",
            "signing_deputy" => "bulk-why-signing-deputy",
            "signing_not_yet" => "bulk-why-signing-not-yet",
            "signing_ran_out" | "signing_revoked" => "bulk-why-signing-ended",
            "signing_outside_scope" => "bulk-why-signing-scope",
            reason if reason.starts_with("signing_") => "bulk-why-signing",
            _ => "bulk-why-other",
        })
    });
    let link = match case {
        Some(case) => json!({
            "text": result.code,
            "href": format!("/office/dossiers/{}", result.code),
            "hint": title(cx, case),
        }),
        None => json!(result.code),
    };
    let now = match case {
        Some(case) if !result.done => json!({ "text": why, "hint": state(cx, case)["state"]["label"] }),
        Some(case) if matches!(action, step::TAKE | step::ASSIGN) => json!(case.assignee_name),
        Some(case) => state(cx, case),
        None => json!(why),
    };
    vec![link, badge, now]
}
