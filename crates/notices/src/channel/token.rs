//! Zalo's tokens: an access token of a day, and a refresh token that works once and gives the next two. So what was
//! given is on disk before it is used, and one process at a time refreshes.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use songhan_app::{App, Cx, keys};
use songhan_base::Internal;
use tokio::sync::Mutex;

use super::http;
use crate::settings::Zalo;

/// Where Zalo gives tokens.
const URL: &str = "https://oauth.zaloapp.com/v4/oa/access_token";
/// A token is renewed so long before its end.
const MARGIN: SignedDuration = SignedDuration::from_mins(5);

/// The file `keys/zalo.json`.
#[derive(Clone, Serialize, Deserialize)]
struct Tokens {
    access: String,
    refresh: String,
    expires_at: Timestamp,
    /// Hash of the configured refresh token that these came from: a new one there begins anew.
    origin: String,
}

/// What this process knows; the lock also keeps two workers from refreshing at once.
#[derive(Default)]
struct Known(Mutex<Option<Tokens>>);

fn path(app: &App) -> PathBuf {
    app.keys_folder().join("zalo.json")
}

/// The access token to use; `refused` is one that Zalo takes no more.
pub async fn current(cx: &Cx, zalo: &Zalo, refused: Option<&str>) -> Result<String, Internal> {
    let first = zalo.first_token(cx).await?;
    let origin = data_encoding::HEXLOWER.encode(&Sha256::digest(&first));
    let known = cx.memory.get_or(Known::default);
    let mut known = known.0.lock().await;
    let is_good = |tokens: &Tokens, now: Timestamp| {
        tokens.origin == origin && refused != Some(tokens.access.as_str()) && now < tokens.expires_at - MARGIN
    };
    if let Some(tokens) = known.as_ref().filter(|tokens| is_good(tokens, cx.now())) {
        return Ok(tokens.access.clone());
    }
    // Held until the new tokens are on disk; another process that waited finds them there.
    let _lock = lock(cx).await?;
    let kept = tokio::fs::read(path(cx)).await.ok().and_then(|bytes| serde_json::from_slice::<Tokens>(&bytes).ok());
    let kept = kept.filter(|tokens| tokens.origin == origin);
    let tokens = match kept {
        Some(tokens) if is_good(&tokens, cx.now()) => tokens,
        kept => {
            let refresh = kept.map_or(first, |tokens| tokens.refresh);
            let tokens = renew(cx, zalo, refresh, origin.clone()).await?;
            let (path, text) = (path(cx), serde_json::to_vec(&tokens).map_err(Internal::new)?);
            let written = tokio::task::spawn_blocking(move || keys::write_whole(&path, &text)).await;
            written.map_err(Internal::new)?.map_err(Internal::new)?;
            tokens
        }
    };
    let access = tokens.access.clone();
    *known = Some(tokens);
    Ok(access)
}

/// A lock between processes that share the data folder.
async fn lock(cx: &Cx) -> Result<Arc<File>, Internal> {
    let folder = cx.keys_folder();
    let locked = tokio::task::spawn_blocking(move || keys::lock(&folder, "zalo.lock")).await;
    Ok(Arc::new(locked.map_err(Internal::new)?.map_err(Internal::new)?))
}

async fn renew(cx: &Cx, zalo: &Zalo, refresh: String, origin: String) -> Result<Tokens, Internal> {
    let url = zalo.token_url.as_deref().unwrap_or(URL);
    let form = [("refresh_token", refresh.as_str()), ("app_id", &zalo.app_id), ("grant_type", "refresh_token")];
    let request = http::client(cx, url)?.post(url).header("secret_key", zalo.secret(cx).await?).form(&form);
    let response = http::ask(request).await.map_err(|error| Internal::new(error.to_string()))?;
    let answer: Value = response.json().await.map_err(|error| Internal::new(error.without_url()))?;
    let text = |name: &str| answer[name].as_str().map(str::to_owned);
    // Told without the answer itself, which may hold tokens.
    let wrong = || {
        let why = answer["error_description"].as_str().or(answer["error_name"].as_str()).unwrap_or("no reason");
        Internal::new(format!("Zalo gives no access token ({why}); authorise the application anew"))
    };
    let seconds = answer["expires_in"].as_i64().or_else(|| text("expires_in")?.parse().ok()).unwrap_or(3600);
    Ok(Tokens {
        access: text("access_token").ok_or_else(wrong)?,
        refresh: text("refresh_token").ok_or_else(wrong)?,
        expires_at: cx.now() + SignedDuration::from_secs(seconds.clamp(0, 90 * 86_400)),
        origin,
    })
}
