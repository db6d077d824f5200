//! The pay page: amount, transfer code with the bank's details as text, the way to the gateway; afterwards the outcome.

use axum::http::HeaderMap;
use axum::response::Response;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use songhan_app::{Cx, PageSpec, Path, Problem, Query};
use songhan_base::{Id, Text};

use super::{key, seen, unit_name};
use crate::api::KeyQuery;
use crate::charge::{Charge, ChargeLine, ChargeState};
use crate::config::{self, BankAccount, BankAccounts, Vnpay};
use crate::ops::start_payment::transfer_payload;
use crate::payment::{Payment, PaymentState};
use crate::store;

/// What the templates need of a charge.
#[derive(Serialize)]
pub struct Shown {
    pub path: String,
    pub reference: String,
    pub purpose: Text,
    pub unit: String,
    pub amount: i64,
    pub state: ChargeState,
    pub channel: Option<&'static str>,
    pub paid_at: Option<i64>,
    pub back: String,
}

impl Shown {
    pub fn new(cx: &Cx, charge: &Charge) -> Self {
        Self {
            path: charge.path(),
            reference: charge.reference.clone(),
            purpose: charge.purpose.clone(),
            unit: unit_name(cx, &charge.unit),
            amount: charge.amount.0,
            state: charge.state,
            channel: charge.channel.map(crate::charge::Channel::as_str),
            paid_at: charge.paid_at.map(jiff::Timestamp::as_microsecond),
            back: charge.back.clone(),
        }
    }
}

/// Where and how to transfer.
#[derive(Serialize)]
struct TransferBox {
    bank: String,
    number: String,
    name: String,
    payload: String,
    /// Opens the stand-in for a bank's app, in a demonstration.
    simulate: Option<String>,
}

#[derive(Serialize)]
struct Data {
    charge: Shown,
    lines: Vec<ChargeLine>,
    transfer: Option<TransferBox>,
    gateway: bool,
    may_pay: bool,
    /// The last attempt at the gateway ended without money.
    failed: bool,
    /// What is owed back.
    owed: i64,
}

pub async fn show(
    cx: Cx,
    Path(id): Path<Id>,
    Query(query): Query<KeyQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if let Some(given) = query.key.as_deref() {
        seen(&cx, id, Some(given)).await?;
        return Ok(key::keep(&cx, id, given));
    }
    let seen = seen(&cx, id, key::kept(&headers).as_deref()).await?;
    let charge = seen.charge;
    let lines = store::charges::lines(&cx.db, id).await?;
    let payments = store::payments::of_charge(&cx.db, id).await?;
    let due = charge.state == ChargeState::Due;
    let data = Data {
        transfer: if due { transfer_box(&cx, &charge)? } else { None },
        gateway: due && Vnpay::is_set(&cx.config),
        may_pay: seen.may_pay,
        failed: due && last_failed(&payments),
        owed: payments.iter().filter(|p| p.overpaid).map(|p| p.amount.0).sum(),
        charge: Shown::new(&cx, &charge),
        lines,
    };
    let title = cx.t(if due { "ledger-pay" } else { "ledger-payment" });
    cx.page("pay.html", PageSpec::titled(title), data).await
}

fn last_failed(payments: &[Payment]) -> bool {
    payments.first().is_some_and(|last| last.state == PaymentState::Failed)
}

fn transfer_box(cx: &Cx, charge: &Charge) -> Result<Option<TransferBox>, Problem> {
    let accounts = BankAccounts::of(cx)?;
    let Some(payload) = transfer_payload(&accounts, charge)? else { return Ok(None) };
    let Some(BankAccount { bank, number, name, .. }) = accounts.of_unit(&charge.unit).cloned() else { return Ok(None) };
    let simulate = config::sandbox_url(&cx.config).map(|url| {
        let back = cx.url(&charge.path());
        let encode = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
        format!("{url}/bank?payload={}&back={}", encode(&payload), encode(&back))
    });
    Ok(Some(TransferBox { bank, number, name, payload, simulate }))
}

/// Tells the open page that something has happened to its charge.
pub async fn live(cx: Cx, Path(id): Path<Id>, headers: HeaderMap) -> Result<Response, Problem> {
    let charge = seen(&cx, id, key::kept(&headers).as_deref()).await?.charge;
    let subject = charge.as_subject();
    Ok(cx.live.stream(move |event| (event.subject == subject).then(|| "changed".to_owned())))
}
