//! Refunds: what waits for an account, what is ready to be ordered, and the latest orders.

use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};
use songhan_app::{Cx, IntoProblem, PageForm, Problem, Query, redirect};

use super::{Told, badge, moment, money, order_path, order_row, spec, tabs, unit};
use crate::access::book_units;
use crate::gateway::GatewayName;
use crate::ops::list_refunds::list_refunds;
use crate::ops::prepare_payment_order::{Input, prepare_payment_order};
use crate::refund::{Refund, RefundState, Route};
use crate::store;

pub async fn list(cx: Cx, Query(told): Query<Told>) -> Result<Response, Problem> {
    let ready = list_refunds(&cx, RefundState::Requested).await?.items;
    let owed = list_refunds(&cx, RefundState::Owed).await?.items;
    let orders = store::orders::latest(&cx.db, book_units(&cx).as_deref(), &["refund", "gateway_refund"], 50).await?;
    let data = json!({
        "tabs": tabs(&cx, "/office/money/refunds"),
        "groups": groups(&cx, &ready),
        "owed": owed.iter().map(|refund| row(&cx, refund)).collect::<Vec<_>>(),
        "orders": orders.iter().map(|order| order_row(&cx, order)).collect::<Vec<_>>(),
    });
    cx.page("ledger/refunds.html", spec(&cx, "ledger-refunds").flash(told.flash(&cx)), data).await
}

/// What is ready by unit and way: each group becomes one order.
fn groups(cx: &Cx, ready: &[Refund]) -> Vec<Value> {
    let mut keys: Vec<(&str, Route)> = ready.iter().map(|refund| (refund.unit.as_str(), refund.route)).collect();
    keys.sort_unstable();
    keys.dedup();
    let group = |(code, route): (&str, Route)| {
        let own: Vec<_> = ready.iter().filter(|refund| refund.unit == code && refund.route == route).collect();
        let total: i64 = own.iter().map(|refund| refund.amount.0).sum();
        json!({ "unit": code, "name": unit(cx, code), "route": route.as_str(), "total": total, "count": own.len(),
            "rows": own.iter().map(|refund| row(cx, refund)).collect::<Vec<_>>() })
    };
    keys.into_iter().map(group).collect()
}

fn row(cx: &Cx, refund: &Refund) -> Vec<Value> {
    let to = match (&refund.payee, refund.route) {
        (_, Route::Vnpay | Route::Momo) => json!(cx.t(&format!("ledger-channel-{}", refund.route.as_str()))),
        (Some(payee), _) => json!({ "text": payee.name, "hint": format!("{} · {}", payee.bin, payee.number) }),
        (None, _) => badge(cx.t("ledger-account-wanted"), "warning", "hourglass"),
    };
    let what = refund.source.split(':').next().unwrap_or_default();
    let text = cx.t(&format!("ledger-refund-of-{what}"));
    let main = match refund.charge {
        Some(charge) => json!({ "href": format!("/pay/{charge}"), "text": text, "hint": unit(cx, &refund.unit) }),
        None => json!({ "text": text, "hint": unit(cx, &refund.unit) }),
    };
    let failure = refund.failure.clone().unwrap_or_default();
    vec![main, json!(money(refund.amount)), to, json!({ "text": moment(cx, refund.owed_at), "hint": failure })]
}

#[derive(Deserialize)]
pub struct Pressed {
    unit: String,
    route: String,
}

pub async fn prepare(cx: Cx, PageForm(pressed): PageForm<Pressed>) -> Result<Response, Problem> {
    let unit = pressed.unit;
    let input = match pressed.route.parse::<GatewayName>() {
        Ok(gateway) => Input::GatewayRefunds { unit, gateway },
        Err(_) => Input::Refunds { unit },
    };
    let order = prepare_payment_order(&cx, input).await.map_err(IntoProblem::into_problem)?;
    Ok(redirect(&order_path(order.id, "prepared")))
}
