//! Asking a gateway's server: JSON there and back.

use std::time::Duration;

use serde_json::Value;
use songhan_base::Internal;

/// Gateways may take half a minute over a question.
const PATIENCE: Duration = Duration::from_secs(30);

/// Asks, and reads the answer whatever its status: a refusal says why in its body. `doing` is for the error.
pub async fn ask(url: &str, doing: &'static str, body: &Value) -> Result<Value, Internal> {
    let failed = |error: reqwest::Error| Internal::new(format!("{doing}: {}", error.without_url()));
    let response = client(url)?.post(url).json(body).send().await.map_err(failed)?;
    let status = response.status();
    response.json().await.map_err(|_| Internal::new(format!("{doing}: the answer ({status}) cannot be read")))
}

fn client(url: &str) -> Result<reqwest::Client, Internal> {
    // Once in a process; whoever came first has it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder().timeout(PATIENCE).redirect(reqwest::redirect::Policy::none());
    // A plain address (the sandbox) needs no certificates, and a bare machine has none.
    let builder = if url.starts_with("http://") { builder.tls_certs_only([]) } else { builder };
    builder.build().map_err(Internal::new)
}

/// A field as text, a number too; empty where there is none.
pub fn text(answer: &Value, name: &str) -> String {
    match &answer[name] {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}
