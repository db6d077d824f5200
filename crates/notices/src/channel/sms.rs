//! By SMS, through a brandname gateway (tin nhắn thương hiệu): one JSON call, an answer code, later a report by the
//! gateway's own call. The request id is the delivery's, so that a gateway which has taken it says so and sends nothing.

use data_encoding::HEXLOWER;
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use songhan_app::{App, Cx};
use songhan_base::{Id, Internal};

use super::{Sent, Unsent, gsm, http};
use crate::message::Message;
use crate::settings::Sms;

/// Longest message by default, in parts.
const PARTS_MAX: usize = 3;

pub async fn send(cx: &Cx, sms: &Sms, message: &Message) -> Result<Sent, Unsent> {
    let text = text(cx, sms, message);
    let size = gsm::size(&text);
    let most = sms.parts_max.unwrap_or(PARTS_MAX);
    if size.parts > most {
        let (parts, kind) = (size.parts, &message.kind);
        return Err(Unsent::Refused(format!(
            "the text of {kind} takes {parts} messages, more than {most}; shorten it"
        )));
    }
    let credential = sms.credential(cx).await?;
    let report = report_url(cx, &credential, message.id);
    let body = json!({
        "ApiKey": sms.key,
        "SecretKey": credential,
        "Brandname": sms.brand,
        "SmsType": "2",
        "Phone": message.address.trim_start_matches('+'),
        "Content": text,
        "IsUnicode": if size.unicode { "1" } else { "0" },
        "RequestId": message.id,
        "CallbackUrl": report,
    });
    let response = http::ask(http::client(cx, &sms.url)?.post(&sms.url).json(&body)).await?;
    if let Some(refusal) = http::refusal(&response) {
        return Err(refusal);
    }
    let answer: Value = response.json().await.map_err(|error| Internal::new(error.without_url()))?;
    read(sms, &answer)
}

/// What is sent: with marks only where the gateway is to have them.
pub fn text(app: &App, sms: &Sms, message: &Message) -> String {
    let text = message.short(app);
    if sms.marks { text } else { gsm::without_marks(&text) }
}

fn read(sms: &Sms, answer: &Value) -> Result<Sent, Unsent> {
    let code = match &answer["CodeResult"] {
        Value::String(code) => code.clone(),
        other => other.to_string(),
    };
    let is = |list: &[String]| list.contains(&code);
    let told = || format!("the gateway answered {code}: {}", answer["ErrorMessage"].as_str().unwrap_or("no reason"));
    match () {
        () if is(&sms.codes.accepted) || is(&sms.codes.repeated) => {
            Ok(Sent { reference: answer["SMSID"].as_str().map(str::to_owned) })
        }
        () if is(&sms.codes.bad_number) => Err(Unsent::Gone(told())),
        () if is(&sms.codes.bad_text) => Err(Unsent::Refused(told())),
        // No money left, a wrong key, trouble inside: for the operator or for time to mend.
        () => Err(Internal::new(told()).into()),
    }
}

/// Where the gateway reports what became of a message. Gateways sign nothing, so the address itself proves that who
/// calls was given it.
fn report_url(app: &App, credential: &str, delivery: Id) -> String {
    let token = HEXLOWER.encode(&token(credential, delivery).finalize().into_bytes());
    format!("{}/api/v1/notice-reports/sms?delivery={delivery}&token={token}", app.config.public_url)
}

fn token(credential: &str, delivery: Id) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(credential.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(b"sms report ");
    mac.update(delivery.as_bytes());
    mac
}

/// Whether `given` is the token of that delivery's report.
pub fn is_token(credential: &str, delivery: Id, given: &str) -> bool {
    HEXLOWER.decode(given.as_bytes()).is_ok_and(|given| token(credential, delivery).verify_slice(&given).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answer_codes() {
        let sms = Sms::default();
        let read = |answer: Value| read(&sms, &answer);
        assert_eq!(read(json!({ "CodeResult": "100", "SMSID": "a" })).unwrap().reference.as_deref(), Some("a"));
        assert!(read(json!({ "CodeResult": 124 })).is_ok(), "taken before");
        assert!(matches!(read(json!({ "CodeResult": "105" })), Err(Unsent::Gone(_))));
        assert!(matches!(read(json!({ "CodeResult": "146" })), Err(Unsent::Refused(_))));
        assert!(matches!(read(json!({ "CodeResult": "103" })), Err(Unsent::Later { .. })));
        assert!(matches!(read(json!("?")), Err(Unsent::Later { .. })));
    }

    #[test]
    fn a_report_proves_itself() {
        let (one, two): (Id, Id) = (
            "019aa4c2-7c00-7000-8000-000000000001".parse().unwrap(),
            "019aa4c2-7c00-7000-8000-000000000002".parse().unwrap(),
        );
        let given = HEXLOWER.encode(&token("secret", one).finalize().into_bytes());
        assert!(is_token("secret", one, &given));
        assert!(!is_token("secret", two, &given) && !is_token("other", one, &given));
        assert!(!is_token("secret", one, "") && !is_token("secret", one, "zz"));
    }
}
