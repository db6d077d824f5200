//! The pay page: amount, transfer code with the bank's details as text, the way to the gateway; afterwards the outcome.

use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::response::Response;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use songhan_app::{Cx, IntoProblem, PageForm, PageSpec, Path, Problem, Query, redirect};
use songhan_base::{FieldError, Id, Money, Text};

use super::{key, seen, unit_name};
use crate::access::keeps_books;
use crate::charge::{Charge, ChargeLine, ChargeState};
use crate::config::{self, BankAccount, BankAccounts};
use crate::gateway::GatewayName;
use crate::ops::give_refund_account::{Rejection, give_refund_account, waits_for_account};
use crate::ops::start_payment::transfer_payload;
use crate::payment::{Payment, PaymentState};
use crate::receipt::{Receipt, ReceiptState};
use crate::refund::{Payee, Refund, RefundState, Route};
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
    /// Names of the gateways that take it.
    gateways: Vec<&'static str>,
    /// The gateway that was chosen does not answer.
    unavailable: bool,
    may_pay: bool,
    /// The last attempt at the gateway ended without money.
    failed: bool,
    /// What is owed back, or was: one notice each.
    refunds: Vec<Value>,
    /// What waits for the payer's account, and what was typed last.
    asked: Option<Value>,
    errors: Vec<FieldError>,
    receipts: Vec<Value>,
    /// Receipt that the actor, an accountant of the unit, may replace.
    replaceable: Option<Id>,
}

/// The key, or what has just happened.
#[derive(Deserialize)]
pub struct Asked {
    key: Option<String>,
    unavailable: Option<String>,
}

/// What was typed last and what was wrong with it; whether a gateway did not answer.
#[derive(Default)]
struct Told {
    typed: Option<Payee>,
    errors: Vec<FieldError>,
    unavailable: bool,
}

pub async fn show(
    cx: Cx,
    Path(id): Path<Id>,
    Query(query): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if let Some(given) = query.key.as_deref() {
        seen(&cx, id, Some(given)).await?;
        return Ok(key::keep(&cx, id, given));
    }
    page(&cx, id, &headers, Told { unavailable: query.unavailable.is_some(), ..Told::default() }).await
}

async fn page(
    cx: &Cx,
    id: Id,
    headers: &HeaderMap,
    Told { typed, errors, unavailable }: Told,
) -> Result<Response, Problem> {
    let seen = seen(cx, id, key::kept(headers).as_deref()).await?;
    let charge = seen.charge;
    let lines = store::charges::lines(&cx.db, id).await?;
    let payments = store::payments::of_charge(&cx.db, id).await?;
    let refunds = store::refunds::of_charge(&cx.db, id).await?;
    let receipts = store::receipts::of_charge(&cx.db, id).await?;
    let in_force = receipts.iter().find(|receipt| receipt.state == ReceiptState::Issued);
    let due = charge.state == ChargeState::Due;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let gateways = GatewayName::ALL.iter().copied().filter(|name| name.takes(&cx.config, charge.amount));
    let data = Data {
        transfer: if due { transfer_box(cx, &charge)? } else { None },
        gateways: gateways.filter(|_| due).map(GatewayName::as_str).collect(),
        unavailable,
        may_pay: seen.may_pay,
        failed: due && last_failed(&payments),
        refunds: together(&refunds).iter().map(|refund| refund_notice(cx, refund)).collect(),
        asked: asked(&refunds, typed).filter(|_| seen.may_pay),
        errors,
        replaceable: in_force.filter(|receipt| keeps_books(cx, &receipt.unit)).map(|receipt| receipt.id),
        receipts: receipts.iter().map(receipt_shown).collect(),
        charge: Shown::new(cx, &charge),
        lines,
    };
    let title = cx.t(if due { "ledger-pay" } else { "ledger-payment" });
    cx.page("pay.html", PageSpec::titled(title).status(status), data).await
}

fn receipt_shown(receipt: &Receipt) -> Value {
    json!({ "form": receipt.form, "series": receipt.series, "number": receipt.shown, "state": receipt.state,
        "reason": receipt.reason })
}

/// The form for the account that everything owed goes back to.
fn asked(refunds: &[Refund], typed: Option<Payee>) -> Option<Value> {
    let waiting: Vec<_> = refunds.iter().filter(|refund| waits_for_account(refund)).collect();
    let payee = typed.or_else(|| waiting.iter().find_map(|refund| refund.payee.clone()));
    let amount: i64 = waiting.iter().map(|refund| refund.amount.0).sum();
    let failed = waiting.iter().any(|refund| refund.failure.is_some());
    (amount > 0).then(|| json!({ "amount": amount, "payee": payee, "failed": failed }))
}

/// Refunds that are equally far are told as one.
fn together(refunds: &[Refund]) -> Vec<Refund> {
    let alike = |a: &Refund, b: &Refund| {
        let of_charge = |refund: &Refund| refund.source.starts_with("charge:");
        (a.state, a.route, of_charge(a), &a.payee, a.paid_at) == (b.state, b.route, of_charge(b), &b.payee, b.paid_at)
    };
    let mut told: Vec<Refund> = Vec::new();
    for refund in refunds {
        match told.iter_mut().find(|other| alike(other, refund)) {
            Some(other) => other.amount.0 += refund.amount.0,
            None => told.push(refund.clone()),
        }
    }
    told
}

/// How far a refund is, for its payer.
fn refund_notice(cx: &Cx, refund: &Refund) -> Value {
    let amount = Money(refund.amount.0).to_string();
    let (key, tone) = match (refund.state, refund.route) {
        (RefundState::Paid, _) => ("ledger-refund-paid", "success"),
        (_, Route::Vnpay | Route::Momo) => ("ledger-refund-on-its-way", "info"),
        (RefundState::Ordered, _) => ("ledger-refund-on-its-way", "info"),
        (RefundState::Requested, _) => ("ledger-refund-requested", "success"),
        (RefundState::Owed, _) => ("ledger-owed", "warning"),
    };
    let of_charge = refund.source.starts_with("charge:");
    let text = match (refund.state, refund.route) {
        (RefundState::Owed | RefundState::Requested | RefundState::Ordered, Route::Vnpay | Route::Momo) => {
            if of_charge { "ledger-refund-by-gateway-text" } else { "ledger-refund-overpaid-text" }.to_owned()
        }
        (RefundState::Owed, _) if of_charge => "ledger-refunded-text".to_owned(),
        _ => format!("{key}-text"),
    };
    let at = refund.paid_at.map(|at| at.to_zoned(cx.zone.clone()).strftime("%H:%M %d/%m/%Y").to_string());
    let (name, number) = refund.payee.as_ref().map_or(("", ""), |payee| (payee.name.as_str(), payee.number.as_str()));
    let args = [("amount", amount.as_str()), ("at", at.as_deref().unwrap_or("")), ("name", name), ("number", number)];
    let title = if of_charge && refund.state == RefundState::Owed { "ledger-refunded" } else { key };
    json!({ "tone": tone, "title": cx.t(title), "text": cx.text(cx.lang, &text, &args) })
}

/// What the form of the account sends.
#[derive(Deserialize)]
pub struct Account {
    bin: String,
    number: String,
    name: String,
}

/// The payer says where the money goes back to.
pub async fn give_account(
    cx: Cx,
    Path(id): Path<Id>,
    headers: HeaderMap,
    PageForm(typed): PageForm<Account>,
) -> Result<Response, Problem> {
    let payee = Payee { bin: typed.bin, number: typed.number, name: typed.name };
    match give_refund_account(&cx, id, key::kept(&headers).as_deref(), payee.clone()).await {
        // What is being paid already is told by the page itself.
        Ok(_) | Err(Rejection::NothingOwed) => Ok(redirect(&format!("/pay/{id}"))),
        Err(Rejection::Fields(errors)) => {
            page(&cx, id, &headers, Told { typed: Some(payee), errors, unavailable: false }).await
        }
        Err(rejection) => Err(rejection.into_problem()),
    }
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
