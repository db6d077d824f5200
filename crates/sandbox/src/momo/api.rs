//! What a merchant's server asks: to begin an order, how one ended, to give one back. Codes as the documents list them: 0,
//! 11 partner, 13 signature, 20 format, 22 amount, 41 number used, 42 no such order, 1000 waits for the payer, 1081 given
//! back before.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderMap, header};
use serde_json::{Value, json};

use super::orders::{Order, Refund};
use super::sign::{Fields, is_signed, plain};
use crate::Sandbox;

type Asked = Result<Json<Value>, JsonRejection>;

/// The signed fields of a question, if they are all there and the signature is theirs; the code of the refusal else.
fn read(sandbox: &Sandbox, asked: Asked, names: &[&'static str]) -> Result<Fields, (i64, &'static str)> {
    let Ok(Json(asked)) = asked else { return Err((20, "Bad format request.")) };
    let field = |name: &&'static str| match &asked[*name] {
        value @ (Value::String(_) | Value::Number(_)) => Some((*name, value.clone())),
        _ => None,
    };
    let fields: Fields = names.iter().filter_map(field).collect();
    if fields.len() != names.len() {
        return Err((20, "Bad format request."));
    }
    if fields["partnerCode"].as_str() != Some(&sandbox.options.momo_partner) {
        return Err((11, "Access denied."));
    }
    let (secret, key) = (&sandbox.options.momo_secret, &sandbox.options.momo_access_key);
    if !is_signed(secret, key, &fields, asked["signature"].as_str().unwrap_or("")) {
        return Err((13, "Merchant authentication failed."));
    }
    Ok(fields)
}

fn answer(sandbox: &Sandbox, fields: &Fields, code: i64, message: &str, more: Value) -> Json<Value> {
    let mut answer = json!({ "partnerCode": sandbox.options.momo_partner, "resultCode": code, "message": message,
        "responseTime": sandbox.env.now().as_millisecond() });
    for name in ["orderId", "requestId", "amount"] {
        if let Some(value) = fields.get(name) {
            answer[name] = value.clone();
        }
    }
    if let (Value::Object(answer), Value::Object(more)) = (&mut answer, more) {
        answer.extend(more);
    }
    Json(answer)
}

fn refuse(sandbox: &Sandbox, (code, message): (i64, &'static str)) -> Json<Value> {
    answer(sandbox, &Fields::new(), code, message, json!({}))
}

const CREATE: [&str; 9] =
    ["amount", "extraData", "ipnUrl", "orderId", "orderInfo", "partnerCode", "redirectUrl", "requestId", "requestType"];

/// Begins an order.
pub async fn create(State(sandbox): State<Arc<Sandbox>>, headers: HeaderMap, asked: Asked) -> Json<Value> {
    let fields = match read(&sandbox, asked, &CREATE) {
        Ok(fields) => fields,
        Err(refused) => return refuse(&sandbox, refused),
    };
    let text = |name: &str| plain(&fields[name]);
    let is_web = |url: &str| url.starts_with("http://") || url.starts_with("https://");
    if text("requestType") != "captureWallet" || !is_web(&text("redirectUrl")) || !is_web(&text("ipnUrl")) {
        return refuse(&sandbox, (20, "Bad format request."));
    }
    let Some(amount) = fields["amount"].as_i64().filter(|amount| (1_000..=50_000_000).contains(amount)) else {
        return refuse(&sandbox, (22, "The transaction amount is out of range."));
    };
    let ipn = text("ipnUrl");
    let path = ipn.splitn(4, '/').nth(3).unwrap_or_default();
    let order = Order {
        id: text("orderId"),
        request: text("requestId"),
        amount,
        info: text("orderInfo"),
        redirect_url: text("redirectUrl"),
        ipn_path: format!("/{path}"),
        extra: text("extraData"),
        ending: None,
    };
    if !sandbox.momo.begin(order) {
        return answer(&sandbox, &fields, 41, "Duplicated orderId.", json!({}));
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1");
    let id: String = text("orderId").chars().filter(char::is_ascii_alphanumeric).collect();
    let pay_url = format!("http://{host}/v2/gateway/pay?t={id}");
    answer(&sandbox, &fields, 0, "Successful.", json!({ "payUrl": pay_url }))
}

/// Says how an order, or a refund, ended.
pub async fn query(State(sandbox): State<Arc<Sandbox>>, asked: Asked) -> Json<Value> {
    let fields = match read(&sandbox, asked, &["orderId", "partnerCode", "requestId"]) {
        Ok(fields) => fields,
        Err(refused) => return refuse(&sandbox, refused),
    };
    let id = plain(&fields["orderId"]);
    if let Some(order) = sandbox.momo.order(&id) {
        let (code, message, trans_id, at) = order.ending.as_ref().map_or(
            (1000, "Transaction is initiated, waiting for user confirmation.", 0, sandbox.env.now()),
            |ending| (ending.code, ending.message, ending.trans_id, ending.at),
        );
        let more = json!({ "amount": order.amount, "transId": trans_id, "payType": "qr", "extraData": order.extra,
            "responseTime": at.as_millisecond(), "refundTrans": [] });
        return answer(&sandbox, &fields, code, message, more);
    }
    let refunded = sandbox.momo.orders().values().find_map(|order| {
        let refund = order.ending.as_ref()?.refund.clone().filter(|refund| refund.order == id)?;
        Some(json!({ "amount": order.amount, "transId": refund.trans_id, "payType": "" }))
    });
    match refunded {
        Some(more) => answer(&sandbox, &fields, 0, "Successful.", more),
        None => answer(&sandbox, &fields, 42, "Invalid orderId or orderId is not found.", json!({})),
    }
}

/// Gives an order back, once; asked for under the same number it answers as before.
pub async fn refund(State(sandbox): State<Arc<Sandbox>>, asked: Asked) -> Json<Value> {
    let names = ["amount", "description", "orderId", "partnerCode", "requestId", "transId"];
    let fields = match read(&sandbox, asked, &names) {
        Ok(fields) => fields,
        Err(refused) => return refuse(&sandbox, refused),
    };
    let (own, request) = (plain(&fields["orderId"]), plain(&fields["requestId"]));
    let (amount, trans_id) = (fields["amount"].as_i64(), fields["transId"].as_i64());
    let (code, message) = {
        let mut orders = sandbox.momo.orders();
        let paid = |order: &&mut Order| {
            order.ending.as_ref().is_some_and(|ending| ending.code == 0 && Some(ending.trans_id) == trans_id)
        };
        let is_order = orders.contains_key(&own);
        match orders.values_mut().find(paid).map(|order| (order.amount, order.ending.as_mut())) {
            _ if is_order => (41, "Duplicated orderId."),
            Some((whole, Some(ending))) => match &ending.refund {
                _ if Some(whole) != amount => (22, "The transaction amount is out of range."),
                Some(known) if (&known.order, &known.request) == (&own, &request) => (0, "Successful."),
                Some(known) if known.order == own => (41, "Duplicated orderId."),
                Some(_) => (1081, "Refund is rejected. The original transaction might have been refunded."),
                None => {
                    let number: [u8; 4] = sandbox.env.random();
                    let number = 4_000_000_000 + i64::from(u32::from_be_bytes(number));
                    let at = sandbox.env.now();
                    ending.refund = Some(Refund { order: own, request, trans_id: number, at });
                    (0, "Successful.")
                }
            },
            _ => (42, "Invalid orderId or orderId is not found."),
        }
    };
    answer(&sandbox, &fields, code, message, json!({ "transId": fields["transId"] }))
}
