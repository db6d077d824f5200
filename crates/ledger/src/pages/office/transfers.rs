//! The transfer to the budget: days to be closed, closed days, one day with its charges.

use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use songhan_app::{Cx, IntoProblem, PageForm, Path, Problem, Query, redirect};
use songhan_base::{FieldError, Id, Internal, Money, Text};

use super::{
    Told, badge, below, day, mistake, moment, money, not_found, order_path, order_row, spec, tabs, unit, unit_options,
};
use crate::access::{book_units, keeps_books};
use crate::closing::{Closing, ClosingState};
use crate::ops::close_day::{Input, Rejection, close_day};
use crate::ops::prepare_payment_order::{Input as OrderInput, prepare_payment_order};
use crate::store;

/// Charges of a closing that its page lists.
const LINES: i64 = 2_000;

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Typed {
    unit: String,
    #[serde(rename = "day-day")]
    day: String,
    #[serde(rename = "day-month")]
    month: String,
    #[serde(rename = "day-year")]
    year: String,
}

pub async fn list(cx: Cx, Query(told): Query<Told>) -> Result<Response, Problem> {
    page(&cx, &told, None, Vec::new()).await
}

async fn page(cx: &Cx, told: &Told, typed: Option<&Typed>, errors: Vec<FieldError>) -> Result<Response, Problem> {
    let units = book_units(cx);
    let today = cx.today();
    let midnight = today.to_zoned(cx.zone.clone()).map_err(Internal::new)?.timestamp();
    let open = store::closings::open_units(&cx.db, units.as_deref(), midnight).await?;
    let open: Vec<_> = open
        .iter()
        .map(|(code, count, amount)| json!({ "unit": code, "name": unit(cx, code), "count": count, "amount": amount }))
        .collect();
    let closings = store::closings::latest(&cx.db, units.as_deref(), 100).await?;
    let orders = store::orders::latest(&cx.db, units.as_deref(), &["budget"], 50).await?;
    let yesterday = today.saturating_sub(jiff::Span::new().days(1));
    let typed_day = match typed {
        Some(typed) => json!({ "day": typed.day, "month": typed.month, "year": typed.year }),
        None => json!(yesterday.to_string()),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let data = json!({
        "tabs": tabs(cx, "/office/money/transfers"), "open": open, "yesterday": yesterday.to_string(),
        "closings": closings.iter().map(|closing| row(cx, closing)).collect::<Vec<_>>(),
        "orders": orders.iter().map(|order| order_row(cx, order)).collect::<Vec<_>>(),
        "units": unit_options(cx), "unit": typed.map(|typed| typed.unit.as_str()), "day": typed_day, "errors": errors,
    });
    let spec = spec(cx, "ledger-transfers").flash(told.flash(cx)).status(status);
    cx.page("ledger/transfers.html", spec, data).await
}

fn row(cx: &Cx, closing: &Closing) -> Vec<Value> {
    vec![
        json!({ "href": format!("/office/money/transfers/{}", closing.id), "text": day(&closing.day), "hint": unit(cx, &closing.unit) }),
        json!(money(closing.fees)),
        json!(money(closing.charges)),
        json!(money(closing.total)),
        state(cx, closing.state),
    ]
}

fn state(cx: &Cx, state: ClosingState) -> Value {
    let (tone, icon) = match state {
        ClosingState::Closed => ("warning", "hourglass"),
        ClosingState::Ordered => ("progress", "send"),
        ClosingState::Transferred => ("success", "done"),
    };
    badge(cx.t(&format!("ledger-closing-{}", state.as_str())), tone, icon)
}

pub async fn close(cx: Cx, PageForm(typed): PageForm<Typed>) -> Result<Response, Problem> {
    let number = |text: &str| text.trim().parse::<i16>().ok();
    let parts = number(&typed.year).zip(number(&typed.month)).zip(number(&typed.day));
    let read =
        parts.and_then(|((year, month), day)| Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok());
    let told = Told::default();
    let Some(day) = read else {
        return page(&cx, &told, Some(&typed), mistake(&cx, "day", "ledger-day-wanted")).await;
    };
    let wrong = |field, key| mistake(&cx, field, key);
    match close_day(&cx, Input { unit: typed.unit.clone(), day }).await {
        Ok(closing) => Ok(redirect(&format!("/office/money/transfers/{}?done=closed", closing.id))),
        Err(Rejection::NotYours) => page(&cx, &told, Some(&typed), wrong("unit", "ledger-unit-wanted")).await,
        Err(Rejection::Future) => page(&cx, &told, Some(&typed), wrong("day", "ledger-day-future")).await,
        Err(Rejection::Closed) => page(&cx, &told, Some(&typed), wrong("day", "ledger-day-closed")).await,
        Err(Rejection::Nothing) => page(&cx, &told, Some(&typed), wrong("unit", "ledger-day-nothing")).await,
        Err(rejection @ Rejection::Internal(_)) => Err(rejection.into_problem()),
    }
}

pub async fn show(cx: Cx, Path(id): Path<Id>, Query(told): Query<Told>) -> Result<Response, Problem> {
    let found = store::closings::by_id(&cx.db, id).await?.filter(|closing| keeps_books(&cx, &closing.unit));
    let closing = found.ok_or_else(|| not_found("closing"))?;
    let lines = store::closings::lines(&cx.db, id, LINES).await?;
    let rows: Vec<Vec<Value>> = lines
        .iter()
        .map(|line| {
            let purpose = serde_json::from_str::<Text>(&line.purpose).unwrap_or_default();
            let sign = if line.direction == "in" { 1 } else { -1 };
            let amount = |amount: Money| json!(money(Money(sign * amount.0)));
            let how = match (line.direction.as_str(), line.channel.as_deref()) {
                ("out", _) => cx.t("ledger-closing-refunded"),
                (_, channel) => cx.t(&format!("ledger-channel-{}", channel.unwrap_or("counter"))),
            };
            vec![
                json!({ "text": line.reference, "hint": purpose.get(cx.lang) }),
                amount(line.fees),
                amount(line.charges),
                json!(how),
            ]
        })
        .collect();
    let row = |key: &str, value: String| json!({ "label": cx.t(key), "value": value });
    let facts = vec![
        row("ledger-order-unit", unit(&cx, &closing.unit)),
        row("ledger-kind-fee", money(closing.fees)),
        row("ledger-kind-charge", money(closing.charges)),
        row("ledger-order-total", money(closing.total)),
        row("ledger-closed-by", format!("{} · {}", closing.closed_name, moment(&cx, closing.closed_at))),
    ];
    let title = cx.text(cx.lang, "ledger-closing-title", &[("day", &day(&closing.day))]);
    let data = json!({ "closing": closing, "one": true, "facts": facts, "rows": rows, "state": state(&cx, closing.state)["badge"],
        "may_order": closing.state == ClosingState::Closed, "title": title });
    let spec = below(&cx, title, "/office/money/transfers", "ledger-transfers").flash(told.flash(&cx));
    cx.page("ledger/transfers.html", spec, data).await
}

/// Nothing beside the CSRF token.
#[derive(Deserialize)]
pub struct Pressed {}

pub async fn order(cx: Cx, Path(id): Path<Id>, PageForm(Pressed {}): PageForm<Pressed>) -> Result<Response, Problem> {
    let order =
        prepare_payment_order(&cx, OrderInput::Budget { closing: id }).await.map_err(IntoProblem::into_problem)?;
    Ok(redirect(&order_path(order.id, "prepared")))
}
