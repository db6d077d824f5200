//! Signatures of protocol 2.1.0: HMAC-SHA512 in hex over the query string, sorted by name, as form-encoded text.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use hmac::{Hmac, Mac};
use sha2::Sha512;

/// Parameters in the order in which they are signed.
pub type Params = BTreeMap<String, String>;

pub fn sign(secret: &str, text: &str) -> String {
    let mut mac = Hmac::<Sha512>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(text.as_bytes());
    HEXLOWER.encode(&mac.finalize().into_bytes())
}

/// Whether `signature` is that of `text`.
pub fn is_signed(secret: &str, text: &str, signature: &str) -> bool {
    let Ok(given) = HEXLOWER.decode(signature.to_ascii_lowercase().as_bytes()) else { return false };
    let mut mac = Hmac::<Sha512>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(text.as_bytes());
    mac.verify_slice(&given).is_ok()
}

/// The query string with its signature at the end.
pub fn signed_query(secret: &str, params: &Params) -> String {
    let query = encoded(params);
    let signature = sign(secret, &query);
    format!("{query}&vnp_SecureHash={signature}")
}

/// Sorted and form-encoded.
pub fn encoded(params: &Params) -> String {
    serde_html_form::to_string(params.iter().collect::<Vec<_>>()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_what_it_sends() {
        let params: Params = [("vnp_B", "a b:c/đ"), ("vnp_A", "1")].map(|(k, v)| (k.to_owned(), v.to_owned())).into();
        let query = signed_query("secret", &params);
        let (text, signature) = query.split_once("&vnp_SecureHash=").unwrap();
        assert_eq!(text, "vnp_A=1&vnp_B=a+b%3Ac%2F%C4%91");
        assert!(is_signed("secret", text, signature) && !is_signed("other", text, signature));
        assert!(!is_signed("secret", text, "zz"));
    }
}
