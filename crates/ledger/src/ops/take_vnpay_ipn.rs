//! Take the gateway's word on a payment (IPN): the only thing that settles one.
//!
//! Checked in the gateway's order: signature (97), order (01), amount (04), already confirmed (02). Always HTTP 200.

use axum::Json;
use axum::extract::RawQuery;
use songhan_app::Cx;
use songhan_base::{Id, Internal};
use songhan_db::Tx;

use crate::arrival::{Arrived, arrive};
use crate::charge::{Channel, Charge};
use crate::config::Vnpay;
use crate::events::PaymentFailed;
use crate::journal::Purse;
use crate::payment::{Payment, PaymentState};
use crate::store;
use crate::vnpay::reply::{Ending, IpnAnswer, ending, minimised};
use crate::vnpay::{request, sign};

pub async fn take_vnpay_ipn(cx: &Cx, raw: &str) -> Result<IpnAnswer, Internal> {
    let Some(vnpay) = Vnpay::of(cx).await? else { return Ok(IpnAnswer::SIGNATURE) };
    let Some(received) = sign::receive(&vnpay.secret, raw) else { return Ok(IpnAnswer::UNKNOWN) };
    if !received.genuine {
        return Ok(IpnAnswer::SIGNATURE);
    }
    let params = received.params;
    let get = |name: &str| params.get(name).map_or("", String::as_str);
    let known = store::payments::by_txn_ref(&cx.db, get("vnp_TxnRef")).await?;
    let Some(known) = known.filter(|payment| payment.channel == Channel::Vnpay) else { return Ok(IpnAnswer::NO_ORDER) };
    if request::whole(get("vnp_Amount")) != Some(known.amount) {
        return Ok(IpnAnswer::AMOUNT);
    }
    let Some(ending) = ending(&params) else { return Ok(IpnAnswer::UNKNOWN) };
    let gateway_no = params.get("vnp_TransactionNo").map(|no| no.chars().take(64).collect());
    let word = Word { ending, gateway_no, raw: minimised(&params), merchant: vnpay.tmn_code };
    Ok(if settle(cx, known.id, word).await? { IpnAnswer::TAKEN } else { IpnAnswer::ALREADY })
}

/// The gateway's word on one payment, by IPN or when asked.
pub struct Word {
    pub ending: Ending,
    pub gateway_no: Option<String>,
    pub raw: serde_json::Value,
    pub merchant: String,
}

/// Writes down how a payment ended; `false` when that was known.
pub async fn settle(cx: &Cx, payment: Id, word: Word) -> Result<bool, Internal> {
    let mut tx = cx.begin().await?;
    let (charge, payment) = hold(&mut tx, payment).await?;
    let taken = match word.ending {
        Ending::Paid if payment.state.may_become(PaymentState::Succeeded) => {
            let (amount, purse) = (payment.amount, Purse::Gateway { merchant: word.merchant });
            let arrived = Arrived { purse, amount, gateway_no: word.gateway_no, raw: word.raw };
            arrive(&mut tx, cx, charge, Ok(payment), arrived).await?;
            true
        }
        Ending::NotPaid if payment.state.may_become(PaymentState::Failed) => {
            close(&mut tx, &charge, payment, PaymentState::Failed, word.gateway_no, &word.raw).await?;
            true
        }
        // Heard, and nothing to write yet: the gateway will say more, or is asked.
        Ending::Open => payment.state == PaymentState::Created,
        _ => false,
    };
    tx.commit().await?;
    Ok(taken)
}

/// The payment, and its charge held.
pub async fn hold(tx: &mut Tx, payment: Id) -> Result<(Charge, Payment), Internal> {
    let gone = || Internal::new("a payment without a row or a charge");
    let charge = store::payments::by_id(&mut *tx, payment).await?.ok_or_else(gone)?.charge;
    let charge = store::charges::lock(tx, charge).await?.ok_or_else(gone)?;
    // Read again: whoever held the charge before may have settled it.
    let payment = store::payments::by_id(tx, payment).await?.ok_or_else(gone)?;
    Ok((charge, payment))
}

/// Ends an attempt without money.
pub async fn close(
    tx: &mut Tx,
    charge: &Charge,
    mut payment: Payment,
    state: PaymentState,
    gateway_no: Option<String>,
    raw: &serde_json::Value,
) -> Result<(), Internal> {
    payment.state = state;
    payment.settled_at = Some(tx.now());
    payment.gateway_no = gateway_no.filter(|no| no != "0");
    store::payments::settle(tx, &payment, raw).await?;
    tx.emit(PaymentFailed::of(charge, payment.id, payment.channel)).await
}

#[utoipa::path(get, path = "/api/v1/payments/vnpay/ipn", tag = "payments", operation_id = "take_vnpay_ipn",
    summary = "Take the gateway's word on a payment (IPN)",
    description = "For VNPay, protocol 2.1.0. Whatever VNPay may send is answered by 200; what was wrong stands in `RspCode`.",
    params(("vnp_TmnCode" = Option<String>, Query), ("vnp_Amount" = Option<String>, Query, description = "hundredths of a đồng"),
        ("vnp_TxnRef" = Option<String>, Query), ("vnp_ResponseCode" = Option<String>, Query),
        ("vnp_TransactionStatus" = Option<String>, Query), ("vnp_TransactionNo" = Option<String>, Query),
        ("vnp_BankCode" = Option<String>, Query), ("vnp_PayDate" = Option<String>, Query),
        ("vnp_OrderInfo" = Option<String>, Query),
        ("vnp_SecureHash" = Option<String>, Query, description = "HMAC-SHA512 in hex over the other parameters, sorted")),
    responses((status = 200, description = "taken, or why not", body = IpnAnswer)),
    security(()))]
pub async fn handler(cx: Cx, RawQuery(raw): RawQuery) -> Json<IpnAnswer> {
    let answer = take_vnpay_ipn(&cx, raw.as_deref().unwrap_or("")).await;
    Json(answer.unwrap_or_else(|error| {
        // The gateway repeats on 99: what failed on our side is tried again.
        tracing::error!(%error, "an IPN was not taken");
        IpnAnswer::UNKNOWN
    }))
}
