//! By Zalo Notification Service (ZNS): a template that Zalo has approved, filled with the notice's arguments, to a
//! telephone number. Zalo does not know repetitions: what was cut off before the answer may come twice.

use data_encoding::HEXLOWER;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use songhan_app::Cx;
use songhan_base::Internal;
use subtle::ConstantTimeEq;

use super::{Sent, Unsent, http, token};
use crate::message::Message;
use crate::settings::Zalo;

/// Where Zalo takes messages.
const URL: &str = "https://business.openapi.zalo.me/message/template";
/// The access token is not valid (any more).
const STALE: [i64; 2] = [-124, -216];
/// The number is none, has no Zalo, or its owner takes no such messages.
const UNREACHABLE: [i64; 4] = [-108, -114, -118, -119];
/// The template or its data do not fit: an operator's to correct, not time's.
const WRONG: [i64; 5] = [-109, -111, -112, -131, -1123];

pub async fn send(cx: &Cx, zalo: &Zalo, message: &Message) -> Result<Sent, Unsent> {
    let kind = &message.kind;
    let template = zalo.templates.get(kind).ok_or_else(|| Unsent::Refused(format!("no template for {kind}")))?;
    let mut data = Map::new();
    for (param, arg) in &template.data {
        let value = message.argument(cx, arg);
        let value = value.ok_or_else(|| Unsent::Refused(format!("{kind} has no argument {arg} for its template")))?;
        data.insert(param.clone(), value.into());
    }
    let body = json!({
        "phone": message.address.trim_start_matches('+'),
        "template_id": template.id,
        "template_data": data,
        "tracking_id": message.id,
    });
    let used = token::current(cx, zalo, None).await?;
    match call(cx, zalo, &used, &body).await? {
        Answer::Stale => {}
        Answer::Told(told) => return told,
    }
    // Once with a new token: another process may have used up ours.
    let fresh = token::current(cx, zalo, Some(&used)).await?;
    match call(cx, zalo, &fresh, &body).await? {
        Answer::Told(told) => told,
        Answer::Stale => Err(Internal::new("Zalo refuses the access token; authorise the application anew").into()),
    }
}

enum Answer {
    Stale,
    Told(Result<Sent, Unsent>),
}

async fn call(cx: &Cx, zalo: &Zalo, token: &str, body: &Value) -> Result<Answer, Unsent> {
    let url = zalo.url.as_deref().unwrap_or(URL);
    let response = http::ask(http::client(cx, url)?.post(url).header("access_token", token).json(body)).await?;
    if let Some(refusal) = http::refusal(&response) {
        return Err(refusal);
    }
    let answer: Value = response.json().await.map_err(|error| Internal::new(error.without_url()))?;
    Ok(read(&answer))
}

fn read(answer: &Value) -> Answer {
    let code = answer["error"].as_i64();
    let told = || format!("Zalo answered {}: {}", answer["error"], answer["message"].as_str().unwrap_or("no reason"));
    Answer::Told(match code {
        Some(0) => Ok(Sent { reference: answer["data"]["msg_id"].as_str().map(str::to_owned) }),
        Some(code) if STALE.contains(&code) => return Answer::Stale,
        Some(code) if UNREACHABLE.contains(&code) || WRONG.contains(&code) => Err(Unsent::Refused(told())),
        _ => Err(Internal::new(told()).into()),
    })
}

/// Whether an event is signed by the account's secret: SHA-256 over application, body, time and secret.
pub fn is_signed(app_id: &str, secret: &str, body: &[u8], timestamp: &str, given: &str) -> bool {
    let given = given.strip_prefix("mac=").unwrap_or(given);
    let Ok(given) = HEXLOWER.decode(given.to_ascii_lowercase().as_bytes()) else { return false };
    let hash = Sha256::new().chain_update(app_id).chain_update(body).chain_update(timestamp).chain_update(secret);
    bool::from(hash.finalize().as_slice().ct_eq(&given))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers() {
        let told = |answer: Value| match read(&answer) {
            Answer::Told(told) => told,
            Answer::Stale => panic!("stale"),
        };
        let sent = told(json!({ "error": 0, "message": "Success", "data": { "msg_id": "m1" } })).unwrap();
        assert_eq!(sent.reference.as_deref(), Some("m1"));
        assert!(matches!(told(json!({ "error": -114 })), Err(Unsent::Refused(_))));
        assert!(matches!(told(json!({ "error": -115 })), Err(Unsent::Later { .. })));
        assert!(matches!(told(json!([])), Err(Unsent::Later { .. })));
        assert!(matches!(read(&json!({ "error": -124 })), Answer::Stale));
    }

    #[test]
    fn events_are_signed() {
        let mac = HEXLOWER.encode(&Sha256::digest("1{}170s"));
        assert!(is_signed("1", "s", b"{}", "170", &format!("mac={mac}")));
        assert!(!is_signed("1", "t", b"{}", "170", &mac) && !is_signed("1", "s", b"{}", "170", ""));
    }
}
