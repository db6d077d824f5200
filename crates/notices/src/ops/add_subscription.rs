//! Add a subscription: a browser gives the address and the keys that its push service made for it.

use axum::Json;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use serde_json::json;
use songhan_app::{ApiJson, Cx, IntoProblem, Problem};
use songhan_base::{FieldError, Id, Internal, clean_line};
use songhan_db::At;

use super::read_preferences::Device;
use crate::args::Args;
use crate::channel::{Channel, push};
use crate::notice::{New, notify};
use crate::settings::Outlets;
use crate::store::{self, SubscriptionRow};
use crate::topic::Topic;

/// More browsers than this one person hardly has.
const DEVICES_MAX: usize = 20;

/// A browser's subscription, in the form of its `toJSON()`.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AddPushSubscription, example = json!({
    "endpoint": "https://fcm.googleapis.com/fcm/send/dQw4w9WgXcQ",
    "keys": {
        "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "auth": "BTBZMqHH6r4Tts7J_aSIgg" } }))]
pub struct Input {
    pub endpoint: String,
    /// Milliseconds, where the push service says so; not used.
    #[serde(default, rename = "expirationTime")]
    pub expiration_time: Option<f64>,
    pub keys: Keys,
}

#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PushKeys)]
pub struct Keys {
    pub p256dh: String,
    pub auth: String,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("this is no subscription that can be served; subscribe again in the browser")]
    Invalid(FieldError),
    #[error("the account has {DEVICES_MAX} browsers already; remove one of them")]
    TooMany,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::Invalid(error) => Problem::invalid("subscription_invalid", detail, vec![error]),
            Self::TooMany => Problem::conflict("too_many_devices", detail),
            Self::Internal(error) => error.into(),
        }
    }
}

/// Subscribes a browser for an account (one's own). The same address again is the same subscription. With the first one,
/// push is wanted for every topic.
pub async fn add_subscription(cx: &Cx, account: Id, input: Input, name: &str) -> Result<Device, Rejection> {
    if push::service(&Outlets::of(cx).push, &input.endpoint).is_none() {
        let said = "this address is of no push service that the city knows";
        return Err(Rejection::Invalid(FieldError::new("endpoint", "unknown_service", said)));
    }
    if !push::are_keys(&input.keys.p256dh, &input.keys.auth) {
        return Err(Rejection::Invalid(FieldError::new("keys", "no_keys", "these are no keys of a subscription")));
    }
    let mut tx = cx.begin().await?;
    let known = store::subscription_at(&mut tx, &input.endpoint).await?;
    let is_new = known.as_ref().is_none_or(|known| known.account != account);
    if is_new && store::subscriptions_of(&mut tx, account).await?.len() >= DEVICES_MAX {
        return Err(Rejection::TooMany);
    }
    let Keys { p256dh, auth } = input.keys;
    let row = SubscriptionRow {
        id: known.as_ref().map_or_else(|| cx.env.id(), |known| known.id),
        account,
        endpoint: input.endpoint,
        p256dh,
        auth,
        name: clean_line(name).chars().take(60).collect(),
        created_at: known.map_or(At(tx.now()), |known| known.created_at),
    };
    let id: Id = store::insert_subscription(&mut tx, &row).await?;
    if is_new {
        want_push(&mut tx, account).await?;
        tx.audit("notices.device_added", &format!("account:{account}"), json!({ "subscription": id })).await?;
        let args = Args::new().text("device", row.name.as_str()).at("at", tx.now());
        let subject = format!("push_subscription:{id}");
        let link = Some("/account/notices".to_owned());
        notify(&mut tx, cx, account, New { kind: "security-device-added", subject, args, link }).await?;
    }
    let device = Device { id, name: row.name, endpoint: row.endpoint, created_at: row.created_at };
    cx.keep(&mut tx, 201, &device).await?;
    tx.commit().await?;
    Ok(device)
}

/// Whoever has said nothing of push and subscribes a browser wants it.
async fn want_push(tx: &mut songhan_db::Tx, account: Id) -> Result<(), Internal> {
    let chosen = store::preferences(&mut *tx, account, None).await?;
    if chosen.iter().any(|row| row.channel == Channel::Push.as_str() && row.wanted) {
        return Ok(());
    }
    for topic in Topic::ALL {
        store::set_preference(tx, account, topic, Channel::Push, true).await?;
    }
    Ok(())
}

/// What a browser calls itself, short: "Chrome, Android".
pub fn device_name(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or("");
    let first = |names: &[(&str, &'static str)]| names.iter().find(|(mark, _)| agent.contains(mark)).map(|n| n.1);
    let browser = first(&[
        ("Edg", "Edge"),
        ("Firefox", "Firefox"),
        ("coc_coc", "Cốc Cốc"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    let parts: Vec<&str> = browser.into_iter().chain(system).collect();
    parts.join(", ")
}

#[utoipa::path(post, path = "/api/v1/me/push-subscriptions", operation_id = "add_push_subscription", tag = "notices",
    summary = "Take notices in this browser", request_body = Input,
    responses(
        (status = 201, description = "The browser is told from now on", body = Device),
        (status = 409, description = "Too many browsers"),
        (status = 422, description = "No push service that the city knows, or no keys"),
    ))]
pub async fn add_subscription_handler(
    cx: Cx,
    headers: HeaderMap,
    ApiJson(input): ApiJson<Input>,
) -> Result<impl IntoResponse, Problem> {
    let (account, name) = (cx.person()?.account, device_name(&headers));
    let device = add_subscription(&cx, account, input, &name).await.map_err(IntoProblem::into_problem)?;
    Ok((StatusCode::CREATED, Json(device)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_have_short_names() {
        let name = |agent: &str| device_name(&HeaderMap::from_iter([(header::USER_AGENT, agent.parse().unwrap())]));
        let phone =
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36";
        assert_eq!(name(phone), "Chrome, Android");
        assert_eq!(name("Mozilla/5.0 (Windows NT 10.0; rv:130.0) Gecko/20100101 Firefox/130.0"), "Firefox, Windows");
        assert_eq!(name("curl/8"), "");
    }
}
