//! Signatures of protocol v2: HMAC-SHA256 in hex over `name=value` joined by `&`, sorted by name, with the access key.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use hmac::{Hmac, Mac};
use serde_json::Value;
use sha2::Sha256;

/// Fields in the order in which they are signed.
pub type Fields = BTreeMap<&'static str, Value>;

/// A value as it is signed.
pub fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn mac(secret: &str, access_key: &str, fields: &Fields) -> Hmac<Sha256> {
    let mut pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", plain(value))).collect();
    pairs.push(format!("accessKey={access_key}"));
    pairs.sort_unstable_by(|a, b| a.split('=').next().cmp(&b.split('=').next()));
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(pairs.join("&").as_bytes());
    mac
}

pub fn sign(secret: &str, access_key: &str, fields: &Fields) -> String {
    HEXLOWER.encode(&mac(secret, access_key, fields).finalize().into_bytes())
}

/// Whether `signature` is that of these fields.
pub fn is_signed(secret: &str, access_key: &str, fields: &Fields, signature: &str) -> bool {
    let Ok(given) = HEXLOWER.decode(signature.to_ascii_lowercase().as_bytes()) else { return false };
    mac(secret, access_key, fields).verify_slice(&given).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_what_the_documents_sign() {
        let fields: Fields =
            [("requestId", "R1".into()), ("partnerCode", "SONGHAN2".into()), ("orderId", "O1".into())].into();
        let signature = sign("at67qH6mk8w5Y1nAyMoYKMWACiEi2bsa", "klm05TvNBzhg7h7j", &fields);
        assert_eq!(signature, "9ad0eb0c536ef09aaec6ae19f5cdf9ec790c7abddc2896fed41059f63bc7851a");
        assert!(is_signed("at67qH6mk8w5Y1nAyMoYKMWACiEi2bsa", "klm05TvNBzhg7h7j", &fields, &signature));
        assert!(!is_signed("other", "klm05TvNBzhg7h7j", &fields, &signature));
        assert_eq!(plain(&Value::from(16_000)), "16000");
    }
}
