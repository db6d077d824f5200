//! Asking the gateway how an attempt ended (querydr), for when its IPN did not come through.

use jiff::Timestamp;
use songhan_base::Internal;

use super::exchange::{exchange, get};
use super::reply::{ending, minimised};
use super::sign::Params;
use super::{request, stamp};
use crate::config::Vnpay;
use crate::gateway::{Ending, Found};
use crate::payment::Payment;

pub async fn ask(
    vnpay: &Vnpay,
    url: &str,
    payment: &Payment,
    request: &str,
    now: Timestamp,
) -> Result<Found, Internal> {
    let fields = [
        ("vnp_RequestId", request.to_owned()),
        ("vnp_Version", "2.1.0".to_owned()),
        ("vnp_Command", "querydr".to_owned()),
        ("vnp_TmnCode", vnpay.tmn_code.clone()),
        ("vnp_TxnRef", payment.txn_ref.clone()),
        ("vnp_TransactionDate", stamp(payment.created_at)),
        ("vnp_CreateDate", stamp(now)),
        ("vnp_IpAddr", "127.0.0.1".to_owned()),
        ("vnp_OrderInfo", format!("Truy van {}", payment.txn_ref)),
    ];
    read(payment, &exchange(vnpay, url, "asking the gateway", &fields, &ANSWER).await?)
}

/// The order in which an answer is signed.
const ANSWER: [&str; 15] = [
    "vnp_ResponseId",
    "vnp_Command",
    "vnp_ResponseCode",
    "vnp_Message",
    "vnp_TmnCode",
    "vnp_TxnRef",
    "vnp_Amount",
    "vnp_BankCode",
    "vnp_PayDate",
    "vnp_TransactionNo",
    "vnp_TransactionType",
    "vnp_TransactionStatus",
    "vnp_OrderInfo",
    "vnp_PromotionCode",
    "vnp_PromotionAmount",
];

fn read(payment: &Payment, answer: &Params) -> Result<Found, Internal> {
    match get(answer, "vnp_ResponseCode") {
        "00" => {}
        "91" => return Ok(Found::Unknown),
        code => {
            return Err(Internal::new(format!(
                "the gateway did not answer the question (code {code}); it will be asked again"
            )));
        }
    }
    if get(answer, "vnp_TxnRef") != payment.txn_ref || request::whole(get(answer, "vnp_Amount")) != Some(payment.amount)
    {
        return Err(Internal::new("the gateway answered for another payment"));
    }
    let ending = ending(answer).unwrap_or(Ending::Open);
    let gateway_no = answer.get("vnp_TransactionNo").filter(|no| *no != "0").cloned();
    Ok(Found::Known { ending, gateway_no, raw: minimised(answer) })
}
