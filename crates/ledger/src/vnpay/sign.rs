//! Query strings and their signature: HMAC-SHA512 over the parameters sorted by name, in the very encoding in which
//! they stand in the query string (letters, digits and `-_.` plain, blanks as `+`, everything else `%XX`).

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use hmac::{Hmac, Mac};
use percent_encoding::percent_decode;
use sha2::Sha512;
use subtle::ConstantTimeEq;

/// Name of the signature among the parameters.
pub const SIGNATURE: &str = "vnp_SecureHash";
/// Said the algorithm before 2.1.0; not signed.
const SIGNATURE_TYPE: &str = "vnp_SecureHashType";

/// Parameters by name: VNPay signs them in this order.
pub type Params = BTreeMap<String, String>;

/// A parameter as it stands in a query string.
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => out.push(byte as char),
            b' ' => out.push('+'),
            _ => {
                out.push('%');
                out.push_str(&data_encoding::HEXUPPER.encode(&[byte]));
            }
        }
    }
    out
}

/// The sorted query string, without a signature.
pub fn query_string(params: &Params) -> String {
    let pairs: Vec<String> = params.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    pairs.join("&")
}

/// The signature of any text, in lower-case hex.
pub fn sign(secret: &str, text: &str) -> String {
    HEXLOWER.encode(&mac(secret, text).finalize().into_bytes())
}

/// The query string with its signature at the end.
pub fn signed_query(secret: &str, params: &Params) -> String {
    let query = query_string(params);
    let signature = sign(secret, &query);
    format!("{query}&{SIGNATURE}={signature}")
}

/// Whether `signature` is that of `text`; in constant time.
pub fn verify(secret: &str, text: &str, signature: &str) -> bool {
    let expected = sign(secret, text);
    bool::from(expected.as_bytes().ct_eq(signature.trim().to_ascii_lowercase().as_bytes()))
}

/// A query string as it came, read and checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The `vnp_` parameters without the signature.
    pub params: Params,
    pub genuine: bool,
}

/// Reads a raw query string; `None` when it is none (not UTF-8, a name twice, nothing of VNPay's).
pub fn receive(secret: &str, raw: &str) -> Option<Received> {
    let mut params = Params::new();
    let mut as_sent = BTreeMap::new();
    let mut signature = String::new();
    for pair in raw.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decode(name)?, decode(value)?);
        match name.as_str() {
            SIGNATURE => signature = value,
            SIGNATURE_TYPE => {}
            _ if name.starts_with("vnp_") => {
                as_sent.insert(name.clone(), pair);
                if params.insert(name, value).is_some() {
                    return None;
                }
            }
            _ => {}
        }
    }
    if params.is_empty() {
        return None;
    }
    // Encoders differ in a few signs (`*`, `~`, a blank as %20): what was signed is what was sent, or the same values
    // in the encoding of the documents. Either proves the secret over exactly these values.
    let sent: Vec<&str> = as_sent.into_values().collect();
    let genuine = verify(secret, &sent.join("&"), &signature) | verify(secret, &query_string(&params), &signature);
    Some(Received { params, genuine })
}

fn decode(text: &str) -> Option<String> {
    let blanks = text.replace('+', " ");
    percent_decode(blanks.as_bytes()).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

fn mac(secret: &str, text: &str) -> Hmac<Sha512> {
    let mut mac = Hmac::<Sha512>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(text.as_bytes());
    mac
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn encodes_as_the_gateway_does() {
        assert_eq!(encode("Thanh toan don hang :5"), "Thanh+toan+don+hang+%3A5");
        assert_eq!(encode("https://a.vn/R?x=1"), "https%3A%2F%2Fa.vn%2FR%3Fx%3D1");
        assert_eq!(encode("phí"), "ph%C3%AD");
    }

    /// RFC 4231, test case 2.
    #[test]
    fn hmac_sha512() {
        assert!(
            sign("Jefe", "what do ya want for nothing?")
                .starts_with("164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd6")
        );
    }

    #[test]
    fn refuses_what_is_no_query() {
        for raw in ["", "&&", "a=1", "vnp_Amount=1&vnp_Amount=2", "vnp_X=%ff", "vnp_SecureHash=00"] {
            assert_eq!(receive("secret", raw), None, "{raw}");
        }
        assert!(!receive("secret", "vnp_Amount=1").unwrap().genuine);
        assert!(!receive("secret", "vnp_Amount=1&vnp_SecureHash=").unwrap().genuine);
    }

    #[test]
    fn takes_either_encoding() {
        let sent = "vnp_A=a%20b&vnp_B=x*y";
        let raw = format!("vnp_B=x*y&vnp_SecureHash={}&vnp_A=a%20b", sign("secret", sent).to_uppercase());
        let received = receive("secret", &raw).unwrap();
        assert!(received.genuine);
        assert_eq!(received.params["vnp_A"], "a b");
    }

    proptest! {
        #[test]
        fn what_is_signed_is_genuine_and_what_is_changed_is_not(
            params in prop::collection::btree_map("vnp_[A-Za-z]{1,12}", "\\PC{0,20}", 1..8), extra in "[a-z]{1,5}",
        ) {
            prop_assume!(!params.contains_key("vnp_SecureHash") && !params.contains_key("vnp_SecureHashType"));
            let query = signed_query("a secret of ours", &params);
            let received = receive("a secret of ours", &query).unwrap();
            prop_assert!(received.genuine);
            prop_assert_eq!(&received.params, &params);
            let other = receive("another secret", &query).unwrap();
            prop_assert!(!other.genuine);
            let changed = receive("a secret of ours", &format!("{query}&vnp_Z{extra}9=1")).unwrap();
            prop_assert!(!changed.genuine);
        }

        #[test]
        fn garbage_is_read_without_harm(raw in "\\PC{0,200}") {
            if let Some(received) = receive("a secret of ours", &raw) {
                prop_assert!(!received.genuine);
            }
        }
    }
}
