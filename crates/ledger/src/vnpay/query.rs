//! Asking the gateway how an attempt ended (querydr), for when its IPN did not come through.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use songhan_base::Internal;

use super::reply::{Ending, ending, minimised};
use super::sign::{Params, sign, verify};
use super::{request, stamp};
use crate::config::Vnpay;
use crate::payment::Payment;

/// What the gateway answered.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// It knows the attempt.
    Known { ending: Ending, gateway_no: Option<String>, raw: Value },
    /// Nobody ever opened it there.
    Unknown,
}

/// Asks. An answer that cannot be read or is not signed is an error: the job asks again.
pub async fn ask(
    vnpay: &Vnpay,
    url: &str,
    payment: &Payment,
    request: &str,
    now: Timestamp,
) -> Result<Found, Internal> {
    let body = question(vnpay, payment, request, now);
    let failed = |error: reqwest::Error| Internal::new(format!("asking the gateway: {}", error.without_url()));
    let response = client(url)?.post(url).json(&body).send().await.map_err(failed)?;
    let answer: Value = response.error_for_status().map_err(failed)?.json().await.map_err(failed)?;
    read(vnpay, payment, &answer)
}

pub(super) fn client(url: &str) -> Result<reqwest::Client, Internal> {
    // Once in a process; whoever came first has it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder().timeout(Duration::from_secs(20));
    // A plain address (the sandbox) needs no certificates, and a bare machine has none.
    let builder = if url.starts_with("http://") { builder.tls_certs_only([]) } else { builder };
    builder.build().map_err(Internal::new)
}

fn question(vnpay: &Vnpay, payment: &Payment, request: &str, now: Timestamp) -> Value {
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
    let values: Vec<&str> = fields.iter().map(|(_, value)| value.as_str()).collect();
    let signature = sign(&vnpay.secret, &values.join("|"));
    let mut body: serde_json::Map<String, Value> = fields.into_iter().map(|(n, v)| (n.to_owned(), json!(v))).collect();
    body.insert("vnp_SecureHash".to_owned(), json!(signature));
    Value::Object(body)
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

fn read(vnpay: &Vnpay, payment: &Payment, answer: &Value) -> Result<Found, Internal> {
    let text = |name: &str| match &answer[name] {
        Value::String(s) => s.clone(),
        Value::Number(n) => n.to_string(),
        _ => String::new(),
    };
    let signed: Vec<String> = ANSWER.iter().map(|name| text(name)).collect();
    if !verify(&vnpay.secret, &signed.join("|"), &text("vnp_SecureHash")) {
        return Err(Internal::new("the gateway's answer is not signed by it; it will be asked again"));
    }
    match text("vnp_ResponseCode").as_str() {
        "00" => {}
        "91" => return Ok(Found::Unknown),
        code => {
            return Err(Internal::new(format!(
                "the gateway did not answer the question (code {code}); it will be asked again"
            )));
        }
    }
    if text("vnp_TxnRef") != payment.txn_ref || request::whole(&text("vnp_Amount")) != Some(payment.amount) {
        return Err(Internal::new("the gateway answered for another payment"));
    }
    let names = ANSWER.iter().filter(|name| !text(name).is_empty());
    let params: Params = names.map(|name| ((*name).to_owned(), text(name))).collect();
    let ending = ending(&params).unwrap_or(Ending::Open);
    let gateway_no = params.get("vnp_TransactionNo").filter(|no| *no != "0").cloned();
    Ok(Found::Known { ending, gateway_no, raw: minimised(&params) })
}
