//! Many dossiers at once: what was ticked in the inbox is done case by case, and each answer is shown.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};
use songhan_app::{Cx, IntoProblem, PageForm, PageSpec, Problem};
use songhan_cases::{Case, Workflows, step};

use crate::ops::bulk_act::{Chosen, Done, Input, MOST, bulk_act};

/// A box in the inbox: `CODE:VERSION`, so that what changed since is refused and not done by surprise.
pub fn tick(case: &Case) -> String {
    format!("{}:{}", case.code, case.version)
}

/// What the inbox offers to do with what is ticked: what the workflows of these cases mark as one for many.
pub fn offers(cx: &Cx, cases: &[Case]) -> Vec<Value> {
    let mut offers = vec![json!({ "value": step::TAKE, "label": cx.t("bulk-take") })];
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
    offers
}

pub async fn run(cx: Cx, PageForm(fields): PageForm<Vec<(String, String)>>) -> Result<Response, Problem> {
    let all = |name: &'static str| fields.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str());
    let action = all("action").next().unwrap_or_default().to_owned();
    let dossiers: Vec<Chosen> = all("dossier").take(MOST + 1).map(chosen).collect();
    let spec = PageSpec::titled(cx.t("bulk-title")).office().crumb("/office", cx.t("inbox-title"));
    if dossiers.is_empty() {
        let spec = spec.status(StatusCode::UNPROCESSABLE_ENTITY);
        return cx.page("services/office/bulk.html", spec, json!({ "rows": [], "done": 0, "refused": 0 })).await;
    }
    let input = Input { action, dossiers, account: None, internal_note: None };
    let output = bulk_act(&cx, &input).await.map_err(IntoProblem::into_problem)?;
    let rows: Vec<Vec<Value>> = output.results.iter().map(|result| row(&cx, result)).collect();
    let data = json!({ "rows": rows, "done": output.done, "refused": output.refused });
    cx.page("services/office/bulk.html", spec, data).await
}

fn chosen(text: &str) -> Chosen {
    match text.rsplit_once(':') {
        Some((code, version)) => Chosen { code: code.to_owned(), version: version.parse().ok() },
        None => Chosen { code: text.to_owned(), version: None },
    }
}

fn row(cx: &Cx, result: &Done) -> Vec<Value> {
    let badge = if result.done {
        json!({ "badge": { "label": cx.t("bulk-result-done"), "tone": "success", "icon": "done" } })
    } else {
        json!({ "badge": { "label": cx.t("bulk-result-refused"), "tone": "warning", "icon": "warning" } })
    };
    let why = result.reason.as_deref().map(|reason| {
        cx.t(match reason {
            "version_stale" => "bulk-why-stale",
            "action_not_now" | "action_unknown" => "bulk-why-not-now",
            "needs_missing" => "bulk-why-needs",
            "action_not_yours" => "bulk-why-not-yours",
            "not_found" => "bulk-why-not-found",
            _ => "bulk-why-other",
        })
    });
    let link = json!({ "text": result.code, "href": format!("/office/dossiers/{}", result.code) });
    vec![link, badge, json!(why.unwrap_or_default())]
}
