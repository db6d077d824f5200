//! Telling the city: again and again until it has understood, as real gateways and banks do.

use std::future::Future;
use std::time::Duration;

/// How often something is told, with pauses that double from a quarter of a second.
const ATTEMPTS: u32 = 10;
/// How long a page waits for the first word before it goes on and leaves the rest to the background.
const PATIENCE: Duration = Duration::from_secs(5);

/// A client for the city's address.
pub fn client(target: &str) -> anyhow::Result<reqwest::Client> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder =
        reqwest::Client::builder().timeout(Duration::from_secs(10)).redirect(reqwest::redirect::Policy::none());
    // A plain address needs no certificates, and a bare machine has none.
    let builder = if target.starts_with("http://") { builder.tls_certs_only([]) } else { builder };
    Ok(builder.build()?)
}

/// Tells until `tell` gives an answer, in the background; waits a moment for it, since it mostly comes at once.
pub async fn until_understood<T, F, Fut>(tell: F) -> Option<T>
where
    T: Send + 'static,
    F: Fn() -> Fut + Send + 'static,
    Fut: Future<Output = Option<T>> + Send,
{
    let told = tokio::spawn(async move {
        for attempt in 0..ATTEMPTS {
            if let Some(answer) = tell().await {
                return Some(answer);
            }
            tokio::time::sleep(Duration::from_millis(250 << attempt)).await;
        }
        None
    });
    tokio::time::timeout(PATIENCE, told).await.ok()?.ok()?
}
