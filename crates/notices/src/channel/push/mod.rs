//! By Web Push (RFC 8030): an encrypted message (RFC 8291) to the service of the person's browser, which knows us by our
//! key (RFC 8292). A subscription that is gone is forgotten.

mod encrypt;
mod vapid;

use data_encoding::BASE64URL_NOPAD;
use serde_json::json;
use songhan_app::{App, Cx};
use songhan_base::{Id, Internal};

pub use encrypt::{Receiver, encrypt};
pub use vapid::Vapid;

use super::{Sent, Unsent, http};
use crate::message::Message;
use crate::notice::Words;
use crate::settings::Push;
use crate::store;

/// Push services of the browsers.
pub const SERVICES: [&str; 6] = [
    "https://fcm.googleapis.com",
    "https://updates.push.services.mozilla.com",
    "https://*.push.services.mozilla.com",
    "https://web.push.apple.com",
    "https://*.push.apple.com",
    "https://*.notify.windows.com",
];
/// How long a service keeps a message for a browser that is off.
const TTL_S: u32 = 3 * 24 * 3600;
/// Longest text of a message in bytes: services take 4096 of ciphertext (RFC 8030, 7.2), which has some 100 of its own.
const TEXT_MAX: usize = 3800;

pub async fn send(cx: &Cx, push: &Push, message: &Message) -> Result<Sent, Unsent> {
    let gone = |why: &str| Unsent::Gone(why.to_owned());
    let id: Id = message.address.parse().map_err(|_| gone("no subscription"))?;
    let subscription = store::subscription(&cx.db, id).await?.filter(|found| found.account == message.account);
    let subscription = subscription.ok_or_else(|| gone("the subscription was ended"))?;
    let service = service(push, &subscription.endpoint).ok_or_else(|| gone("its push service is no more allowed"))?;
    let receiver = Receiver::new(&subscription.p256dh, &subscription.auth).ok_or_else(|| gone("its keys are none"))?;
    let body = encrypt(&receiver, &crate::keys::new_key(&cx.env), cx.env.random(), &payload(cx, message));
    let vapid = Vapid::of(cx).await?;
    let request = http::client(cx, &subscription.endpoint)?
        .post(&subscription.endpoint)
        .header("ttl", TTL_S)
        .header("urgency", if message.urgent { "high" } else { "normal" })
        // A repetition takes the place of the first where that has not been read yet.
        .header("topic", BASE64URL_NOPAD.encode(message.id.as_bytes()))
        .header("content-encoding", "aes128gcm")
        .header("content-type", "application/octet-stream")
        .header("authorization", vapid.authorization(&service, &contact(cx, push), cx.now()))
        .body(body);
    let response = http::ask(request).await?;
    if matches!(response.status().as_u16(), 404 | 410) {
        return Err(Unsent::Gone(format!("the push service answered {}", response.status())));
    }
    match http::refusal(&response) {
        Some(refusal) => Err(refusal),
        None => Ok(Sent::default()),
    }
}

/// The words, where they lead, and which notice it is, so that two deliveries of one show as one.
fn payload(app: &App, message: &Message) -> Vec<u8> {
    let Words { title, body } = message.words(app);
    let tag = message.notice.unwrap_or(message.id);
    let link = message.link.as_deref().unwrap_or("/notices");
    let whole = |body: &str| {
        json!({ "title": title, "body": body, "link": link, "tag": tag, "lang": message.lang.tag() }).to_string()
    };
    let text = whole(&body);
    // What is too long stands behind the link.
    if text.len() <= TEXT_MAX { text.into_bytes() } else { whole("").into_bytes() }
}

/// Whom a push service may ask: as configured, or the sender of our letters.
fn contact(app: &App, push: &Push) -> String {
    let own = || format!("mailto:{}", crate::mailer::Mailer::of(app).from.email);
    push.contact.clone().unwrap_or_else(own)
}

/// The origin of an endpoint whose push service is one of ours to call; `None` for any other address.
pub fn service(push: &Push, endpoint: &str) -> Option<String> {
    let url: axum::http::Uri = endpoint.parse().ok()?;
    let (scheme, authority) = (url.scheme_str()?, url.authority()?);
    if endpoint.len() > 1000 || authority.as_str().contains('@') || !matches!(scheme, "https" | "http") {
        return None;
    }
    let origin = format!("{scheme}://{authority}");
    let fits = |allowed: &str| match allowed.split_once("*.") {
        Some((scheme, domain)) => origin
            .strip_prefix(scheme)
            .and_then(|host| host.strip_suffix(domain))
            .and_then(|label| label.strip_suffix('.'))
            .is_some_and(|label| {
                !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b))
            }),
        None => origin == allowed,
    };
    let known = match &push.services {
        Some(services) => services.iter().any(|allowed| fits(allowed)),
        None => SERVICES.iter().any(|allowed| fits(allowed)),
    };
    known.then_some(origin)
}

/// Whether keys of a subscription are keys.
pub fn are_keys(p256dh: &str, auth: &str) -> bool {
    Receiver::new(p256dh, auth).is_some()
}

/// Our public key, as browsers ask for it.
pub async fn public_key(app: &App) -> Result<String, Internal> {
    Ok(Vapid::of(app).await?.public_key.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_push_services_are_called() {
        let push = Push::default();
        for good in [
            "https://fcm.googleapis.com/fcm/send/abc",
            "https://updates.push.services.mozilla.com/wpush/v2/x",
            "https://web.push.apple.com/Q",
            "https://db5p.notify.windows.com/w/?token=x",
        ] {
            assert!(service(&push, good).is_some(), "{good}");
        }
        for bad in [
            "http://fcm.googleapis.com/x",
            "https://fcm.googleapis.com.evil.example/x",
            "https://fcm.googleapis.com:8443/x",
            "https://evil.example/.push.apple.com",
            "https://a@fcm.googleapis.com/x",
            "https://evil.example/#.notify.windows.com",
            "https://.notify.windows.com/x",
            "http://127.0.0.1:5432/",
            "file:///etc/passwd",
            "nonsense",
            "",
        ] {
            assert_eq!(service(&push, bad), None, "{bad}");
        }
        let own = Push { services: Some(vec!["http://127.0.0.1:9000".into()]), contact: None };
        assert_eq!(service(&own, "http://127.0.0.1:9000/push/1").as_deref(), Some("http://127.0.0.1:9000"));
        assert_eq!(service(&own, "https://fcm.googleapis.com/x"), None);
    }
}
