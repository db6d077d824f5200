//! querydr: how an order ended, for a merchant whose IPN was lost.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::orders::stamp;
use super::sign::{is_signed, sign};
use crate::Sandbox;

#[derive(Deserialize)]
#[expect(non_snake_case, reason = "the protocol's names")]
pub struct Question {
    vnp_RequestId: String,
    vnp_Version: String,
    vnp_Command: String,
    vnp_TmnCode: String,
    vnp_TxnRef: String,
    vnp_TransactionDate: String,
    vnp_CreateDate: String,
    vnp_IpAddr: String,
    vnp_OrderInfo: String,
    vnp_SecureHash: String,
}

pub async fn query(
    State(sandbox): State<Arc<Sandbox>>,
    question: Result<Json<Question>, JsonRejection>,
) -> Json<Value> {
    let Ok(Json(q)) = question else { return Json(json!({ "vnp_ResponseCode": "03", "vnp_Message": "Invalid data" })) };
    let signed = [
        &q.vnp_RequestId,
        &q.vnp_Version,
        &q.vnp_Command,
        &q.vnp_TmnCode,
        &q.vnp_TxnRef,
        &q.vnp_TransactionDate,
        &q.vnp_CreateDate,
        &q.vnp_IpAddr,
        &q.vnp_OrderInfo,
    ]
    .map(String::as_str)
    .join("|");
    if !is_signed(&sandbox.options.vnpay_secret, &signed, &q.vnp_SecureHash) {
        return Json(json!({ "vnp_ResponseCode": "97", "vnp_Message": "Invalid signature" }));
    }
    let order = sandbox.orders().get(&q.vnp_TxnRef).filter(|order| order.created == q.vnp_TransactionDate).cloned();
    let ended = order.and_then(|order| order.ending.clone().map(|ending| (order, ending)));
    let mut fields = vec![
        ("vnp_ResponseId", q.vnp_RequestId.clone()),
        ("vnp_Command", "querydr".to_owned()),
        ("vnp_ResponseCode", if ended.is_some() { "00" } else { "91" }.to_owned()),
        ("vnp_Message", if ended.is_some() { "QueryDR Success" } else { "Transaction not found" }.to_owned()),
        ("vnp_TmnCode", sandbox.options.tmn_code.clone()),
        ("vnp_TxnRef", q.vnp_TxnRef.clone()),
    ];
    // In the order in which they are signed; empty where there is nothing to say.
    let (amount, date, number, status, info) = match ended {
        Some((order, ending)) => (
            (order.amount * 100).to_string(),
            stamp(ending.at),
            ending.transaction_no.to_string(),
            ending.status.to_owned(),
            order.info,
        ),
        None => Default::default(),
    };
    let known = !status.is_empty();
    fields.extend([
        ("vnp_Amount", amount),
        ("vnp_BankCode", if known { "NCB" } else { "" }.to_owned()),
        ("vnp_PayDate", date),
        ("vnp_TransactionNo", number),
        ("vnp_TransactionType", if known { "01" } else { "" }.to_owned()),
        ("vnp_TransactionStatus", status),
        ("vnp_OrderInfo", info),
    ]);
    fields.extend([("vnp_PromotionCode", String::new()), ("vnp_PromotionAmount", String::new())]);
    let values: Vec<&str> = fields.iter().map(|(_, value)| value.as_str()).collect();
    let signature = sign(&sandbox.options.vnpay_secret, &values.join("|"));
    let mut answer: Map<String, Value> =
        fields.into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect();
    answer.insert("vnp_SecureHash".to_owned(), json!(signature));
    Json(Value::Object(answer))
}
