//! refund: an order that was paid is given back, once.

use serde_json::{Map, Value, json};

use super::orders::stamp;
use super::sign::{is_signed, sign};
use crate::Sandbox;

/// The fields of the order to refund, in the order in which they are signed.
const SIGNED: [&str; 13] = [
    "vnp_RequestId",
    "vnp_Version",
    "vnp_Command",
    "vnp_TmnCode",
    "vnp_TransactionType",
    "vnp_TxnRef",
    "vnp_Amount",
    "vnp_TransactionNo",
    "vnp_TransactionDate",
    "vnp_CreateBy",
    "vnp_CreateDate",
    "vnp_IpAddr",
    "vnp_OrderInfo",
];

/// Takes a refund and answers, signed.
pub fn refund(sandbox: &Sandbox, order: &Value) -> Value {
    let get = |name: &str| order[name].as_str().unwrap_or("");
    let signed: Vec<&str> = SIGNED.iter().map(|name| get(name)).collect();
    if !is_signed(&sandbox.options.vnpay_secret, &signed.join("|"), get("vnp_SecureHash")) {
        return json!({ "vnp_ResponseCode": "97", "vnp_Message": "Invalid signature" });
    }
    let (code, message) =
        give_back(sandbox, get("vnp_TmnCode"), get("vnp_TxnRef"), get("vnp_Amount"), get("vnp_RequestId"));
    let status = if code == "00" { "05" } else { "" };
    let fields = [
        ("vnp_ResponseId", get("vnp_RequestId").to_owned()),
        ("vnp_Command", "refund".to_owned()),
        ("vnp_ResponseCode", code.to_owned()),
        ("vnp_Message", message.to_owned()),
        ("vnp_TmnCode", sandbox.options.tmn_code.clone()),
        ("vnp_TxnRef", get("vnp_TxnRef").to_owned()),
        ("vnp_Amount", get("vnp_Amount").to_owned()),
        ("vnp_BankCode", "NCB".to_owned()),
        ("vnp_PayDate", stamp(sandbox.env.now())),
        ("vnp_TransactionNo", get("vnp_TransactionNo").to_owned()),
        ("vnp_TransactionType", get("vnp_TransactionType").to_owned()),
        ("vnp_TransactionStatus", status.to_owned()),
        ("vnp_OrderInfo", get("vnp_OrderInfo").to_owned()),
    ];
    let values: Vec<&str> = fields.iter().map(|(_, value)| value.as_str()).collect();
    let signature = sign(&sandbox.options.vnpay_secret, &values.join("|"));
    let mut answer: Map<String, Value> =
        fields.into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect();
    answer.insert("vnp_SecureHash".to_owned(), json!(signature));
    Value::Object(answer)
}

/// The protocol's codes: 02 merchant, 91 no such order, 94 given back already, 95 it did not succeed.
fn give_back(
    sandbox: &Sandbox,
    merchant: &str,
    txn_ref: &str,
    amount: &str,
    request: &str,
) -> (&'static str, &'static str) {
    if merchant != sandbox.options.tmn_code {
        return ("02", "Invalid TmnCode");
    }
    let mut orders = sandbox.orders();
    let Some(order) = orders.get_mut(txn_ref) else { return ("91", "Transaction not found") };
    if (order.amount * 100).to_string() != amount {
        return ("03", "Invalid amount");
    }
    let Some(ending) = order.ending.as_mut().filter(|ending| ending.status == "00") else {
        return ("95", "Transaction did not succeed");
    };
    if ending.refunded.is_some() {
        return ("94", "Refund request is being processed");
    }
    ending.refunded = Some(request.to_owned());
    ("00", "Refund success")
}
