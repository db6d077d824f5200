//! VAPID (RFC 8292): a key of the city's own, made at the first start and kept with the others, by which push services
//! know who sends. Browsers bind their subscriptions to it: with another key, all would have to subscribe again.

use std::sync::Arc;

use data_encoding::BASE64URL_NOPAD;
use jiff::{SignedDuration, Timestamp};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use p256::elliptic_curve::sec1::ToEncodedPoint as _;
use serde_json::json;
use songhan_app::App;
use songhan_base::Internal;
use tokio::sync::OnceCell;

use crate::keys;

/// A token is good for so long; services refuse more than a day.
const GOOD_FOR: SignedDuration = SignedDuration::from_hours(12);

/// Our key.
pub struct Vapid {
    key: SigningKey,
    /// The uncompressed point in base64url.
    pub public_key: String,
}

/// The key of this process, opened once.
#[derive(Default)]
struct Opened(OnceCell<Arc<Vapid>>);

impl Vapid {
    pub async fn of(app: &App) -> Result<Arc<Self>, Internal> {
        let opened = app.memory.get_or(Opened::default);
        let opening = || async {
            let app = app.clone();
            let key = tokio::task::spawn_blocking(move || keys::private_key(&app, "push.pem")).await;
            let key = key.map_err(Internal::new)??;
            let public_key = BASE64URL_NOPAD.encode(key.public_key().to_encoded_point(false).as_bytes());
            Ok::<_, Internal>(Arc::new(Self { key: key.into(), public_key }))
        };
        opened.0.get_or_try_init(opening).await.cloned()
    }

    /// The header `Authorization` for a push service.
    pub fn authorization(&self, service: &str, contact: &str, now: Timestamp) -> String {
        let encode = |value: serde_json::Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        let header = encode(json!({ "typ": "JWT", "alg": "ES256" }));
        let claims = encode(json!({ "aud": service, "exp": (now + GOOD_FOR).as_second(), "sub": contact }));
        let signed = format!("{header}.{claims}");
        let signature: Signature = self.key.sign(signed.as_bytes());
        let signature = BASE64URL_NOPAD.encode(&signature.to_bytes());
        format!("vapid t={signed}.{signature}, k={}", self.public_key)
    }
}

#[cfg(test)]
mod tests {
    use p256::ecdsa::VerifyingKey;
    use p256::ecdsa::signature::Verifier as _;

    use super::*;

    #[test]
    fn a_service_can_check_it() {
        let key = p256::SecretKey::from_slice(&[9; 32]).unwrap();
        let public_key = BASE64URL_NOPAD.encode(key.public_key().to_encoded_point(false).as_bytes());
        let vapid = Vapid { key: key.into(), public_key };
        let now = "2026-11-20T02:00:00Z".parse().unwrap();
        let header = vapid.authorization("https://push.example", "mailto:a@danang.example", now);
        let (token, key) = header.strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
        let key = VerifyingKey::from_sec1_bytes(&BASE64URL_NOPAD.decode(key.as_bytes()).unwrap()).unwrap();
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let signature = Signature::from_slice(&BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap()).unwrap();
        key.verify(signed.as_bytes(), &signature).unwrap();
        let claims = BASE64URL_NOPAD.decode(signed.split('.').nth(1).unwrap().as_bytes()).unwrap();
        let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!(claims["aud"], "https://push.example");
        assert_eq!(claims["exp"].as_i64().unwrap() - now.as_second(), 12 * 3600);
    }
}
