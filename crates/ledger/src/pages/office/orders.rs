//! One payment order: its lines, the second person's decision, the file for the bank.

use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use songhan_app::{Cx, IntoProblem, PageForm, Path, Problem, Query, redirect};
use songhan_base::Id;

use super::{Told, badge, below, moment, money, not_found, order_path, order_state, unit};
use crate::ops::decide_payment_order::{Decision, decide_payment_order};
use crate::ops::export_payment_order;
use crate::ops::get_payment_order::get_payment_order;
use crate::order::{LineState, OrderKind, OrderLine, OrderState};

pub async fn show(cx: Cx, Path(id): Path<Id>, Query(told): Query<Told>) -> Result<Response, Problem> {
    let found = get_payment_order(&cx, id).await?.ok_or_else(|| not_found("payment order"))?;
    let (order, lines) = (found.order, found.lines);
    let is_mine = order.prepared_by == cx.actor.label();
    let has_file =
        order.kind != OrderKind::GatewayRefund && matches!(order.state, OrderState::Approved | OrderState::Done);
    let row = |key: &str, value: String| json!({ "label": cx.t(key), "value": value });
    let mut facts = vec![
        row("ledger-order-kind", cx.t(&format!("ledger-order-kind-{}", order.kind.as_str().replace('_', "-")))),
        row("ledger-order-unit", unit(&cx, &order.unit)),
        row("ledger-order-account", order.account.clone()),
        row("ledger-order-total", money(order.total)),
        row("ledger-order-prepared-by", format!("{} · {}", order.prepared_name, moment(&cx, order.prepared_at))),
    ];
    if let Some((name, at)) = order.approved_name.clone().zip(order.approved_at) {
        facts.push(row("ledger-order-approved-by", format!("{name} · {}", moment(&cx, at))));
    }
    let data = json!({
        "order": order, "facts": facts, "state": order_state(&cx, order.state)["badge"],
        "rows": lines.iter().map(|line| line_row(&cx, line)).collect::<Vec<_>>(),
        "may_approve": order.state == OrderState::Prepared && !is_mine, "is_mine": is_mine && order.state == OrderState::Prepared,
        "may_cancel": order.state == OrderState::Prepared, "has_file": has_file,
    });
    let (href, label) = match order.kind {
        OrderKind::Budget => ("/office/money/transfers", "ledger-transfers"),
        _ => ("/office/money/refunds", "ledger-refunds"),
    };
    cx.page("ledger/order.html", below(&cx, order.number.clone(), href, label).flash(told.flash(&cx)), data).await
}

fn line_row(cx: &Cx, line: &OrderLine) -> Vec<Value> {
    let (tone, icon) = match line.state {
        LineState::Waiting => ("neutral", "hourglass"),
        LineState::Sent => ("progress", "send"),
        LineState::Paid => ("success", "done"),
        LineState::Failed => ("danger", "cross"),
    };
    let account = [line.payee.bin.as_str(), line.payee.number.as_str()].join(" ").trim().to_owned();
    vec![
        json!({ "text": line.end_to_end, "hint": line.information }),
        json!({ "text": line.payee.name, "hint": account }),
        json!(money(line.amount)),
        badge(cx.t(&format!("ledger-line-{}", line.state.as_str())), tone, icon),
    ]
}

#[derive(Deserialize)]
pub struct Pressed {
    decision: String,
}

pub async fn decide(cx: Cx, Path(id): Path<Id>, PageForm(pressed): PageForm<Pressed>) -> Result<Response, Problem> {
    let decision: Decision =
        pressed.decision.parse().map_err(|_| Problem::bad_request("a decision is approve or cancel"))?;
    decide_payment_order(&cx, id, decision).await.map_err(IntoProblem::into_problem)?;
    let done = if decision == Decision::Approve { "approved" } else { "cancelled" };
    Ok(redirect(&order_path(id, done)))
}

pub async fn file(cx: Cx, path: Path<Id>) -> Result<Response, Problem> {
    Ok(export_payment_order::handler(cx, path).await?.into_response())
}
