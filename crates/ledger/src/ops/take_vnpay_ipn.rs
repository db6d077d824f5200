//! Take the gateway's word on a payment (IPN): the only thing that settles one.
//!
//! Checked in the gateway's order: signature (97), order (01), amount (04), already confirmed (02). Always HTTP 200.

use axum::Json;
use axum::extract::RawQuery;
use songhan_app::Cx;
use songhan_base::Internal;

use super::settle_payment::{Word, settle};
use crate::charge::Channel;
use crate::config::Vnpay;
use crate::gateway::GatewayName;
use crate::store;
use crate::vnpay::reply::{IpnAnswer, ending, minimised};
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
    let raw = minimised(&params);
    let word = Word { ending, gateway_no, raw, gateway: GatewayName::Vnpay, merchant: vnpay.tmn_code };
    Ok(if settle(cx, known.id, word).await? { IpnAnswer::TAKEN } else { IpnAnswer::ALREADY })
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
    responses((status = 200, description = "Taken, or why not", body = IpnAnswer)))]
pub async fn handler(cx: Cx, RawQuery(raw): RawQuery) -> Json<IpnAnswer> {
    let answer = take_vnpay_ipn(&cx, raw.as_deref().unwrap_or("")).await;
    Json(answer.unwrap_or_else(|error| {
        // The gateway repeats on 99: what failed on our side is tried again.
        tracing::error!(%error, "an IPN was not taken");
        IpnAnswer::UNKNOWN
    }))
}
