//! Calls to the other side: bounded in time, never led elsewhere, their failures sorted into now and never.

use std::time::Duration;

use reqwest::{Client, RequestBuilder, Response};
use songhan_app::App;
use songhan_base::Internal;

use super::Unsent;

/// Longest that a gateway may take; a worker waits meanwhile.
const PATIENCE: Duration = Duration::from_secs(10);
/// Longest pause that the other side may ask for.
const PAUSE_MAX: Duration = Duration::from_secs(24 * 3600);

/// Clients of this process: one with certificates, one for plain addresses, which a bare machine can always make.
struct Plain(Client);
struct Secure(Client);

fn build(plain: bool) -> Result<Client, Internal> {
    // Once in a process; whoever came first has it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder().timeout(PATIENCE).redirect(reqwest::redirect::Policy::none());
    let builder = if plain { builder.tls_certs_only([]) } else { builder };
    builder.build().map_err(Internal::new)
}

/// The client for an address.
pub fn client(app: &App, url: &str) -> Result<Client, Internal> {
    if url.starts_with("http://") {
        let made = app.memory.get_or(|| build(true).map(Plain));
        return made.as_ref().as_ref().map(|client| client.0.clone()).map_err(copied);
    }
    let made = app.memory.get_or(|| build(false).map(Secure));
    made.as_ref().as_ref().map(|client| client.0.clone()).map_err(copied)
}

fn copied(error: &Internal) -> Internal {
    Internal::new(error.to_string())
}

/// Sends; no answer is a reason to try again. The address may hold a secret and is not told.
pub async fn ask(request: RequestBuilder) -> Result<Response, Unsent> {
    let response = request.send().await;
    response.map_err(|error| Internal::new(format!("no answer: {}", error.without_url())).into())
}

/// Sorts an answer that is no success: what the sender must change is refused, the rest may go later. A wrong key is
/// for the operator to change, so that waits too.
pub fn refusal(response: &Response) -> Option<Unsent> {
    let status = response.status();
    let told = || format!("the other side answered {status}");
    match status.as_u16() {
        200..=299 => None,
        401 | 403 | 407 | 408 | 421 | 425 | 429 | 500..=599 => {
            let error = Internal::new(told());
            Some(Unsent::Later { error, after: retry_after(response) })
        }
        _ => Some(Unsent::Refused(told())),
    }
}

/// `Retry-After` in seconds.
fn retry_after(response: &Response) -> Option<Duration> {
    let text = response.headers().get("retry-after")?.to_str().ok()?;
    Some(Duration::from_secs(text.trim().parse().ok()?).min(PAUSE_MAX))
}
