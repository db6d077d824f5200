//! The register of receipts of a unit's year.

use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};
use songhan_app::{Cx, IntoProblem, PageForm, Path, Problem, Query, redirect};
use songhan_base::Id;

use super::{badge, moment, money, spec, tabs, unit_options};
use crate::ops::list_receipts::{Asked as Register, list_receipts};
use crate::ops::replace_receipt::{Input, replace_receipt};
use crate::receipt::{Receipt, ReceiptState};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    unit: String,
    year: String,
    before: Option<i64>,
}

pub async fn list(cx: Cx, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let units = unit_options(&cx);
    let first = units.first().and_then(|unit| unit["value"].as_str()).unwrap_or_default().to_owned();
    let unit = if asked.unit.is_empty() { first } else { asked.unit };
    let year = asked.year.trim().parse().unwrap_or_else(|_| cx.today().year());
    let register = Register { unit: unit.clone(), year: Some(year), before: asked.before };
    let page = list_receipts(&cx, &register).await.map_err(IntoProblem::into_problem)?;
    let next = page.next.map(|before| format!("/office/money/receipts?unit={unit}&year={year}&before={before}"));
    let rows: Vec<_> = page.items.iter().map(|receipt| row(&cx, receipt)).collect();
    let data = json!({ "tabs": tabs(&cx, "/office/money/receipts"), "rows": rows, "units": units, "unit": unit, "year": year,
        "next": next.unwrap_or_default() });
    cx.page("ledger/receipts.html", spec(&cx, "ledger-receipts"), data).await
}

fn row(cx: &Cx, receipt: &Receipt) -> Vec<Value> {
    let (tone, icon) = match receipt.state {
        ReceiptState::Issued => ("success", "done"),
        ReceiptState::Cancelled => ("danger", "cross"),
        ReceiptState::Replaced => ("neutral", "refresh"),
    };
    let mut state = badge(cx.t(&format!("ledger-receipt-{}", receipt.state.as_str())), tone, icon);
    state["hint"] = json!(receipt.reason.clone().unwrap_or_default());
    vec![
        json!({ "href": format!("/pay/{}", receipt.charge), "text": receipt.shown, "hint": format!("{} · {}", receipt.form, receipt.series) }),
        json!(money(receipt.fees)),
        json!(money(receipt.charges)),
        json!(money(receipt.amount)),
        json!(moment(cx, receipt.issued_at)),
        state,
    ]
}

#[derive(Deserialize)]
pub struct Typed {
    reason: String,
}

/// A form of the receipt's charge posts here.
pub async fn replace(cx: Cx, Path(id): Path<Id>, PageForm(typed): PageForm<Typed>) -> Result<Response, Problem> {
    let new = replace_receipt(&cx, id, Input { reason: typed.reason }).await.map_err(IntoProblem::into_problem)?;
    Ok(redirect(&format!("/pay/{}", new.charge)))
}
