//! Asking MoMo's server: to begin an order, how one ended, and to give one back.

use serde_json::{Map, Value, json};
use songhan_base::Internal;

use super::reply::{KEPT, ending, minimised, number};
use super::sign::{Fields, SIGNATURE, sign};
use crate::config::Momo;
use crate::gateway::http::{self, text};
use crate::gateway::{Ending, Found, Given, Order};
use crate::payment::Payment;

/// Begins an order; answers the page to which the payer's browser is sent.
pub async fn create(momo: &Momo, order: &Order<'_>) -> Result<String, Internal> {
    let fields = Fields::from([
        ("amount", order.payment.amount.0.to_string()),
        ("extraData", String::new()),
        ("ipnUrl", order.ipn_url.clone()),
        ("orderId", order.payment.txn_ref.clone()),
        // Without personal data.
        ("orderInfo", format!("Nop phi dich vu cong {}", order.reference)),
        ("partnerCode", momo.partner_code.clone()),
        ("redirectUrl", order.return_url.clone()),
        ("requestId", order.payment.txn_ref.clone()),
        ("requestType", "captureWallet".to_owned()),
    ]);
    let answer = send(momo, "create", "beginning an order", fields, &order.lang.to_string()).await?;
    let (code, url) = (text(&answer, "resultCode"), text(&answer, "payUrl"));
    let is_safe = url.starts_with("https://") || url.starts_with(&format!("{}/", momo.url));
    if code == "0" && text(&answer, "orderId") == order.payment.txn_ref && is_safe {
        Ok(url)
    } else {
        Err(Internal::new(format!("MoMo began no order (code {code})")))
    }
}

pub async fn ask(momo: &Momo, payment: &Payment, request: &str) -> Result<Found, Internal> {
    let answer = query(momo, &payment.txn_ref, request).await?;
    let told: Fields = KEPT.into_iter().map(|name| (name, text(&answer, name))).collect();
    let code = told["resultCode"].as_str();
    match (code, ending(code)) {
        ("42", _) => Ok(Found::Unknown),
        // Below 1000 it speaks of the question and not of the payment.
        (_, Ending::Open) if !matches!(code, "1000" | "7000" | "7002" | "8000" | "9000") => {
            Err(Internal::new(format!("MoMo did not answer the question (code {code}); it will be asked again")))
        }
        (_, Ending::Paid) if text(&answer, "amount") != payment.amount.0.to_string() => {
            Err(Internal::new("MoMo answered with another amount"))
        }
        (_, ending) => Ok(Found::Known { ending, gateway_no: number(&told), raw: minimised(&told) }),
    }
}

/// The refund is an order of its own: its number is ours, and the same each time it is asked for, so that MoMo does it
/// once and answers as before.
pub async fn give_back(momo: &Momo, payment: &Payment, own: &str) -> Result<Given, Internal> {
    let trans_id = payment.gateway_no.clone().unwrap_or_default();
    let fields = Fields::from([
        ("amount", payment.amount.0.to_string()),
        ("description", format!("Hoan phi {own}")),
        ("orderId", own.to_owned()),
        ("partnerCode", momo.partner_code.clone()),
        ("requestId", own.to_owned()),
        ("transId", trans_id),
    ]);
    let answer = send(momo, "refund", "refunding through the gateway", fields, "vi").await?;
    let answer = match text(&answer, "resultCode").as_str() {
        // The number was used: what came of it is asked.
        "40" | "41" => query(momo, own, &format!("{own}-Q")).await?,
        _ => answer,
    };
    let code = text(&answer, "resultCode");
    match code.as_str() {
        "0" if text(&answer, "orderId") == own => Ok(Given::Taken),
        // 22 amount, 42 no such payment, 1081 given back before, 1088 cannot be given back: asking again helps nothing.
        "22" | "42" | "1081" | "1088" => Ok(Given::Refused(code)),
        _ => Err(Internal::new(format!("MoMo did not take the refund (code {code}); it will be asked again"))),
    }
}

async fn query(momo: &Momo, order: &str, request: &str) -> Result<Value, Internal> {
    let fields = Fields::from([
        ("orderId", order.to_owned()),
        ("partnerCode", momo.partner_code.clone()),
        ("requestId", request.to_owned()),
    ]);
    let answer = send(momo, "query", "asking the gateway", fields, "vi").await?;
    if matches!(text(&answer, "orderId").as_str(), told if told == order || told.is_empty()) {
        Ok(answer)
    } else {
        Err(Internal::new("MoMo answered for another order"))
    }
}

async fn send(momo: &Momo, path: &str, doing: &'static str, fields: Fields, lang: &str) -> Result<Value, Internal> {
    let signature = sign(momo, &fields);
    let field = |(name, value): (&'static str, String)| {
        // Amounts and MoMo's own numbers are numbers in its JSON.
        let is_number = matches!(name, "amount" | "transId");
        let number = value.parse::<i64>().ok().filter(|_| is_number);
        (name.to_owned(), number.map_or_else(|| json!(value), |number| json!(number)))
    };
    let mut body: Map<String, Value> = fields.into_iter().map(field).collect();
    body.insert("lang".to_owned(), json!(lang));
    body.insert(SIGNATURE.to_owned(), json!(signature));
    http::ask(&format!("{}/v2/gateway/api/{path}", momo.url), doing, &Value::Object(body)).await
}
