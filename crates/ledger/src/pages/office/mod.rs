//! Pages of the accountant (kế toán): collections, reconciliation, refunds, transfers to the budget, receipts.

mod difference;
mod home;
mod orders;
mod receipts;
mod reconciliation;
mod refunds;
mod transfers;
mod unmatched;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use songhan_app::{Cx, PageSpec, Problem, Route};
use songhan_base::{FieldError, Id, Money};
use songhan_pages::{Flash, FlashKind};

use crate::ACCOUNTANT;
use crate::access::book_units;
use crate::ops::import_statement::FILE_BYTES_MAX;
use crate::order::{Order, OrderState};

pub const TEMPLATES: [(&str, &str); 9] = [
    ("ledger/money.html", include_str!("../../../templates/money.html")),
    ("ledger/reconciliation.html", include_str!("../../../templates/reconciliation.html")),
    ("ledger/statement.html", include_str!("../../../templates/statement.html")),
    ("ledger/difference.html", include_str!("../../../templates/difference.html")),
    ("ledger/unmatched.html", include_str!("../../../templates/unmatched.html")),
    ("ledger/refunds.html", include_str!("../../../templates/refunds.html")),
    ("ledger/order.html", include_str!("../../../templates/order.html")),
    ("ledger/transfers.html", include_str!("../../../templates/transfers.html")),
    ("ledger/receipts.html", include_str!("../../../templates/receipts.html")),
];

pub fn routes() -> Vec<Route> {
    let upload = FILE_BYTES_MAX + 64 * 1024;
    vec![
        Route::get("/office/money", home::show, ACCOUNTANT),
        Route::get("/office/money/reconciliation", reconciliation::list, ACCOUNTANT),
        Route::post("/office/money/reconciliation", reconciliation::upload, ACCOUNTANT).body_limit(upload),
        Route::get("/office/money/reconciliation/{id}", reconciliation::show, ACCOUNTANT),
        Route::get("/office/money/differences/{id}", difference::show, ACCOUNTANT),
        Route::post("/office/money/differences/{id}", difference::resolve, ACCOUNTANT),
        Route::get("/office/money/unmatched", unmatched::list, ACCOUNTANT),
        Route::get("/office/money/unmatched/one", unmatched::show, ACCOUNTANT),
        Route::post("/office/money/unmatched/one", unmatched::settle, ACCOUNTANT),
        Route::get("/office/money/refunds", refunds::list, ACCOUNTANT),
        Route::post("/office/money/refunds", refunds::prepare, ACCOUNTANT),
        Route::get("/office/money/orders/{id}", orders::show, ACCOUNTANT),
        Route::post("/office/money/orders/{id}", orders::decide, ACCOUNTANT),
        Route::get("/office/money/orders/{id}/payment.xml", orders::file, ACCOUNTANT),
        Route::get("/office/money/transfers", transfers::list, ACCOUNTANT),
        Route::post("/office/money/transfers", transfers::close, ACCOUNTANT),
        Route::get("/office/money/transfers/{id}", transfers::show, ACCOUNTANT),
        Route::post("/office/money/transfers/{id}", transfers::order, ACCOUNTANT),
        Route::get("/office/money/receipts", receipts::list, ACCOUNTANT),
        Route::post("/office/money/receipts/{id}", receipts::replace, ACCOUNTANT),
    ]
}

/// What was done just before, told once on the page that follows.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Told {
    done: String,
}

impl Told {
    fn flash(&self, cx: &Cx) -> Option<Flash> {
        const KNOWN: [&str; 8] =
            ["imported", "already", "resolved", "matched", "prepared", "approved", "cancelled", "closed"];
        KNOWN.contains(&self.done.as_str()).then(|| {
            let kind = if self.done == "already" { FlashKind::Info } else { FlashKind::Success };
            Flash { kind, text: cx.t(&format!("ledger-done-{}", self.done)) }
        })
    }
}

fn spec(cx: &Cx, title: &str) -> PageSpec {
    PageSpec::titled(cx.t(title)).office()
}

/// A page below one of the tabs.
fn below(cx: &Cx, title: String, href: &str, label: &str) -> PageSpec {
    PageSpec::titled(title).office().crumb("/office/money", cx.t("ledger-money")).crumb(href, cx.t(label))
}

/// The tabs of all pages.
fn tabs(cx: &Cx, current: &str) -> Vec<Value> {
    let all = [
        ("/office/money", "ledger-money"),
        ("/office/money/reconciliation", "ledger-reconciliation"),
        ("/office/money/unmatched", "ledger-unmatched"),
        ("/office/money/refunds", "ledger-refunds"),
        ("/office/money/transfers", "ledger-transfers"),
        ("/office/money/receipts", "ledger-receipts"),
    ];
    all.iter().map(|(href, key)| json!({ "href": href, "label": cx.t(key), "current": *href == current })).collect()
}

fn money(amount: Money) -> String {
    amount.to_string()
}

fn moment(cx: &Cx, at: Timestamp) -> String {
    at.to_zoned(cx.zone.clone()).strftime("%H:%M %d/%m/%Y").to_string()
}

/// `2026-11-20` as people write it.
fn day(text: &str) -> String {
    text.parse::<jiff::civil::Date>().map_or_else(|_| text.to_owned(), |day| day.strftime("%d/%m/%Y").to_string())
}

fn unit(cx: &Cx, code: &str) -> String {
    super::unit_name(cx, code)
}

/// The actor's units as options: all units of the city where the books of all are kept.
fn unit_options(cx: &Cx) -> Vec<Value> {
    let option = |code: &str| json!({ "value": code, "label": unit(cx, code) });
    match book_units(cx) {
        Some(units) => units.iter().map(|code| option(code)).collect(),
        None => cx.city.agencies().iter().map(|unit| option(&unit.code)).collect(),
    }
}

/// A row of a table of orders.
fn order_row(cx: &Cx, order: &Order) -> Vec<Value> {
    vec![
        json!({ "href": format!("/office/money/orders/{}", order.id), "text": order.number, "hint": unit(cx, &order.unit) }),
        json!(order.count.to_string()),
        json!(money(order.total)),
        json!({ "text": order.prepared_name, "hint": moment(cx, order.prepared_at) }),
        order_state(cx, order.state),
    ]
}

fn order_state(cx: &Cx, state: OrderState) -> Value {
    let (tone, icon) = match state {
        OrderState::Prepared => ("warning", "hourglass"),
        OrderState::Approved => ("progress", "send"),
        OrderState::Done => ("success", "done"),
        OrderState::Cancelled => ("neutral", "cross"),
    };
    badge(cx.t(&format!("ledger-order-{}", state.as_str())), tone, icon)
}

fn badge(label: String, tone: &str, icon: &str) -> Value {
    json!({ "badge": { "label": label, "tone": tone, "icon": icon } })
}

/// A mistake of a form, in the page's language.
fn mistake(cx: &Cx, field: &str, key: &str) -> Vec<FieldError> {
    vec![FieldError::new(field, "wrong", cx.t(key))]
}

fn not_found(what: &str) -> Problem {
    Problem::not_found(what)
}

fn order_path(id: Id, done: &str) -> String {
    format!("/office/money/orders/{id}?done={done}")
}
