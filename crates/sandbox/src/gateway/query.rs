//! What a merchant's server asks: how an order ended (querydr), for one whose IPN was lost; and to give one back
//! (refund).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::orders::stamp;
use super::sign::{is_signed, sign};
use crate::Sandbox;

/// The merchant's question, under the protocol's names.
#[derive(Deserialize)]
pub struct Question {
    #[serde(rename = "vnp_RequestId")]
    request: String,
    #[serde(rename = "vnp_Version")]
    version: String,
    #[serde(rename = "vnp_Command")]
    command: String,
    #[serde(rename = "vnp_TmnCode")]
    tmn_code: String,
    #[serde(rename = "vnp_TxnRef")]
    txn_ref: String,
    /// `vnp_CreateDate` of the order.
    #[serde(rename = "vnp_TransactionDate")]
    ordered: String,
    #[serde(rename = "vnp_CreateDate")]
    created: String,
    #[serde(rename = "vnp_IpAddr")]
    address: String,
    #[serde(rename = "vnp_OrderInfo")]
    info: String,
    #[serde(rename = "vnp_SecureHash")]
    signature: String,
}

pub async fn query(State(sandbox): State<Arc<Sandbox>>, question: Result<Json<Value>, JsonRejection>) -> Json<Value> {
    let question = question.map_or(Value::Null, |Json(question)| question);
    if question["vnp_Command"] == "refund" {
        return Json(super::refund::refund(&sandbox, &question));
    }
    let Ok(q) = serde_json::from_value::<Question>(question) else {
        return Json(json!({ "vnp_ResponseCode": "03", "vnp_Message": "Invalid data" }));
    };
    let signed =
        [&q.request, &q.version, &q.command, &q.tmn_code, &q.txn_ref, &q.ordered, &q.created, &q.address, &q.info]
            .map(String::as_str)
            .join("|");
    if !is_signed(&sandbox.options.vnpay_secret, &signed, &q.signature) {
        return Json(json!({ "vnp_ResponseCode": "97", "vnp_Message": "Invalid signature" }));
    }
    let order = sandbox.orders().get(&q.txn_ref).filter(|order| order.created == q.ordered).cloned();
    let ended = order.and_then(|order| order.ending.clone().map(|ending| (order, ending)));
    let mut fields = vec![
        ("vnp_ResponseId", q.request.clone()),
        ("vnp_Command", "querydr".to_owned()),
        ("vnp_ResponseCode", if ended.is_some() { "00" } else { "91" }.to_owned()),
        ("vnp_Message", if ended.is_some() { "QueryDR Success" } else { "Transaction not found" }.to_owned()),
        ("vnp_TmnCode", sandbox.options.tmn_code.clone()),
        ("vnp_TxnRef", q.txn_ref.clone()),
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
