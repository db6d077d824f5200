//! Questions and orders to the gateway's server (querydr, refund): fields joined by `|` in the protocol's order and
//! signed; answers likewise.

use serde_json::{Map, Value, json};
use songhan_base::Internal;

use super::sign::{Params, SIGNATURE, sign, verify};
use crate::config::Vnpay;
use crate::gateway::http::{self, text};

/// Sends `fields`, in the order in which they are signed, and reads the fields of an answer that is signed in the order
/// of `answer`. One that is not signed is an error.
pub async fn exchange(
    vnpay: &Vnpay,
    url: &str,
    doing: &'static str,
    fields: &[(&str, String)],
    answer: &[&str],
) -> Result<Params, Internal> {
    let values: Vec<&str> = fields.iter().map(|(_, value)| value.as_str()).collect();
    let signature = sign(&vnpay.secret, &values.join("|"));
    let mut body: Map<String, Value> = fields.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    body.insert(SIGNATURE.to_owned(), json!(signature));
    let answered = http::ask(url, doing, &Value::Object(body)).await?;
    let signed: Vec<String> = answer.iter().map(|name| text(&answered, name)).collect();
    if !verify(&vnpay.secret, &signed.join("|"), &text(&answered, SIGNATURE)) {
        return Err(Internal::new("the gateway's answer is not signed by it; it will be asked again"));
    }
    let read = answer.iter().zip(signed).filter(|(_, value)| !value.is_empty());
    Ok(read.map(|(name, value)| ((*name).to_owned(), value)).collect())
}

/// A field of an answer; empty where there is none.
pub fn get<'a>(params: &'a Params, name: &str) -> &'a str {
    params.get(name).map_or("", String::as_str)
}
