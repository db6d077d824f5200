//! One difference: what it means, what to do, and how it was resolved.

use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use songhan_app::{Cx, IntoProblem, PageForm, Path, Problem, redirect};
use songhan_base::{FieldError, Id};

use super::reconciliation::kind_name;
use super::{below, day, mistake, moment, money, not_found};
use crate::config::BankAccounts;
use crate::ops::get_statement::{DifferenceView, keeps};
use crate::ops::resolve_difference::{Input, Rejection, resolve_difference};
use crate::reconcile::Kind;
use crate::statement::Source;
use crate::store;

pub async fn show(cx: Cx, Path(id): Path<Id>) -> Result<Response, Problem> {
    page(&cx, id, &Typed::default(), Vec::new()).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    resolution: String,
    reason: String,
}

async fn page(cx: &Cx, id: Id, typed: &Typed, errors: Vec<FieldError>) -> Result<Response, Problem> {
    let missing = || not_found("difference");
    let difference = store::differences::by_id(&cx.db, id).await?.ok_or_else(missing)?;
    let statement = store::statements::by_id(&cx.db, difference.statement).await?.ok_or_else(missing)?;
    if !keeps(cx, &BankAccounts::of(cx)?, &statement) {
        return Err(missing());
    }
    let in_suspense = difference.kind == Kind::UnknownCredit && statement.source == Source::Bank;
    let number = difference.movement.clone().and_then(|m| m.strip_prefix("credit:").map(str::to_owned));
    let unmatched = number.filter(|_| in_suspense).map(|number| super::unmatched::path(&number)).unwrap_or_default();
    let charge = match difference.charge {
        Some(charge) => store::charges::by_id(&cx.db, charge).await?,
        None => None,
    };
    let view = DifferenceView::new(cx, statement.source, difference);
    let text = |text: &crate::api::TextView| match cx.lang {
        songhan_base::Lang::Vi => text.vi.clone(),
        songhan_base::Lang::En => text.en.clone().unwrap_or_else(|| text.vi.clone()),
    };
    let row = |key: &str, value: Option<String>| {
        value.filter(|v| !v.is_empty()).map(|value| json!({ "label": cx.t(key), "value": value }))
    };
    let rows: Vec<_> = [
        row("ledger-row-ours", view.ours.map(money)),
        row("ledger-row-theirs", view.theirs.map(money)),
        row("ledger-row-fee", Some(view.fee).filter(|fee| !fee.is_zero()).map(money)),
        row("ledger-row-our-day", view.our_day.as_deref().map(day)),
        row("ledger-row-their-day", view.their_day.as_deref().map(day)),
        row("ledger-row-account", Some(view.account.clone())),
        row("ledger-row-our-account", view.our_account.clone().filter(|own| *own != view.account)),
        row("ledger-row-reference", Some(view.reference.clone())),
        row("ledger-row-description", view.description.clone()),
        row(
            "ledger-row-charge",
            charge.map(|charge| format!("{} · {}", charge.reference, charge.purpose.get(cx.lang))),
        ),
    ]
    .into_iter()
    .flatten()
    .collect();
    let options: Vec<_> = view
        .resolutions
        .iter()
        .map(|resolution| {
            let key = format!("ledger-resolution-{}", resolution.as_str());
            json!({ "value": resolution.as_str(), "label": cx.t(&key), "hint": cx.t(&format!("{key}-hint")) })
        })
        .collect();
    let resolved = view.resolution.map(|resolution| {
        json!({ "how": cx.t(&format!("ledger-resolution-{}", resolution.as_str())), "reason": view.reason, "by": view.resolved_by,
            "at": view.resolved_at.map(|at| moment(cx, at)) })
    });
    let title = kind_name(cx, view.kind);
    let back = format!("/office/money/reconciliation/{}", statement.id);
    let days = cx.text(cx.lang, "ledger-statement-title", &[("days", &day(&statement.last_day))]);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let data = json!({
        "title": title, "why": text(&view.explanation), "remedy": text(&view.remedy), "rows": rows, "options": options,
        "resolved": resolved, "unmatched": unmatched, "id": id, "errors": errors, "resolution": typed.resolution,
        "reason": typed.reason,
    });
    let spec = below(cx, title.clone(), "/office/money/reconciliation", "ledger-reconciliation").crumb(back, days);
    cx.page("ledger/difference.html", spec.status(status), data).await
}

pub async fn resolve(cx: Cx, Path(id): Path<Id>, PageForm(typed): PageForm<Typed>) -> Result<Response, Problem> {
    let Ok(resolution) = typed.resolution.parse() else {
        return page(&cx, id, &typed, mistake(&cx, "resolution", "ledger-resolution-wanted")).await;
    };
    match resolve_difference(&cx, id, Input { resolution, reason: typed.reason.clone() }).await {
        Ok(view) => Ok(redirect(&format!("/office/money/reconciliation/{}?done=resolved", view.statement))),
        Err(Rejection::Reason) => page(&cx, id, &typed, mistake(&cx, "reason", "ledger-reason-wanted")).await,
        Err(Rejection::NotSo) => page(&cx, id, &typed, mistake(&cx, "resolution", "ledger-resolution-not-so")).await,
        Err(rejection) => Err(rejection.into_problem()),
    }
}
