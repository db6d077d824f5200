//! Giving a payment back through the gateway (command `refund` of protocol 2.1.0).

use jiff::Timestamp;
use serde_json::{Value, json};
use songhan_base::Internal;

use super::query::client;
use super::sign::{sign, verify};
use super::{request, stamp};
use crate::config::Vnpay;
use crate::payment::Payment;

/// What the gateway answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// Taken: the money goes back to the card or account that was charged.
    Taken,
    /// Refused for good; the gateway's code says why.
    Refused(String),
}

/// Asks the gateway to give `payment` back whole. An answer that cannot be read or is not signed is an error: the job
/// asks again under the same number, and what was taken before counts as taken.
pub async fn give_back(
    vnpay: &Vnpay,
    url: &str,
    payment: &Payment,
    number: &str,
    now: Timestamp,
) -> Result<Given, Internal> {
    let body = order(vnpay, payment, number, now);
    let failed =
        |error: reqwest::Error| Internal::new(format!("refunding through the gateway: {}", error.without_url()));
    let response = client(url)?.post(url).json(&body).send().await.map_err(failed)?;
    let answer: Value = response.error_for_status().map_err(failed)?.json().await.map_err(failed)?;
    read(vnpay, payment, &answer)
}

fn order(vnpay: &Vnpay, payment: &Payment, number: &str, now: Timestamp) -> Value {
    // In the order in which they are signed.
    let fields = [
        ("vnp_RequestId", number.to_owned()),
        ("vnp_Version", "2.1.0".to_owned()),
        ("vnp_Command", "refund".to_owned()),
        ("vnp_TmnCode", vnpay.tmn_code.clone()),
        // 02: the whole amount.
        ("vnp_TransactionType", "02".to_owned()),
        ("vnp_TxnRef", payment.txn_ref.clone()),
        ("vnp_Amount", request::hundredfold(payment.amount)),
        ("vnp_TransactionNo", payment.gateway_no.clone().unwrap_or_default()),
        ("vnp_TransactionDate", stamp(payment.created_at)),
        ("vnp_CreateBy", "ke-toan".to_owned()),
        ("vnp_CreateDate", stamp(now)),
        ("vnp_IpAddr", "127.0.0.1".to_owned()),
        ("vnp_OrderInfo", format!("Hoan phi {number}")),
    ];
    let values: Vec<&str> = fields.iter().map(|(_, value)| value.as_str()).collect();
    let signature = sign(&vnpay.secret, &values.join("|"));
    let mut body: serde_json::Map<String, Value> = fields.into_iter().map(|(n, v)| (n.to_owned(), json!(v))).collect();
    body.insert("vnp_SecureHash".to_owned(), json!(signature));
    Value::Object(body)
}

/// The order in which an answer is signed.
const ANSWER: [&str; 13] = [
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
];

fn read(vnpay: &Vnpay, payment: &Payment, answer: &Value) -> Result<Given, Internal> {
    let text = |name: &str| match &answer[name] {
        Value::String(s) => s.clone(),
        Value::Number(n) => n.to_string(),
        _ => String::new(),
    };
    let signed: Vec<String> = ANSWER.iter().map(|name| text(name)).collect();
    if !verify(&vnpay.secret, &signed.join("|"), &text("vnp_SecureHash")) {
        return Err(Internal::new("the gateway's answer is not signed by it; it will be asked again"));
    }
    let code = text("vnp_ResponseCode");
    match (code.as_str(), text("vnp_TransactionStatus").as_str()) {
        // 09: the bank behind the gateway refuses.
        ("00", "09") => Ok(Given::Refused("09".into())),
        ("00", _) if text("vnp_TxnRef") != payment.txn_ref => {
            Err(Internal::new("the gateway answered for another payment"))
        }
        // 94: this very refund is being done already.
        ("00" | "94", _) => Ok(Given::Taken),
        // 02 merchant, 03 format, 91 no such payment, 95 the payment did not succeed: asking again helps nothing.
        ("02" | "03" | "91" | "95", _) => Ok(Given::Refused(code)),
        _ => Err(Internal::new(format!("the gateway did not take the refund (code {code}); it will be asked again"))),
    }
}
