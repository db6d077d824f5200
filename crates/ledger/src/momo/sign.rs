//! Signatures: HMAC-SHA256 in hex over `name=value` joined by `&`, sorted by name, the access key among them, each value
//! as it is and not encoded.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::config::Momo;

/// Name of the signature among the fields.
pub const SIGNATURE: &str = "signature";

/// Fields by name, in the order in which they are signed.
pub type Fields = BTreeMap<&'static str, String>;

pub fn sign(momo: &Momo, fields: &Fields) -> String {
    let mut all: BTreeMap<&str, &str> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    all.insert("accessKey", &momo.access_key);
    let pairs: Vec<String> = all.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mut mac = Hmac::<Sha256>::new_from_slice(momo.secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(pairs.join("&").as_bytes());
    HEXLOWER.encode(&mac.finalize().into_bytes())
}

/// Whether `signature` is that of these fields; in constant time.
pub fn verify(momo: &Momo, fields: &Fields, signature: &str) -> bool {
    let expected = sign(momo, fields);
    bool::from(expected.as_bytes().ct_eq(signature.trim().to_ascii_lowercase().as_bytes()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn momo() -> Momo {
        Momo {
            url: "https://momo.test".into(),
            partner_code: "SONGHAN2".into(),
            access_key: "klm05TvNBzhg7h7j".into(),
            secret: "at67qH6mk8w5Y1nAyMoYKMWACiEi2bsa".into(),
            minutes: 15,
        }
    }

    /// What the documents sign for a question, worked out with `openssl dgst -sha256 -hmac`.
    #[test]
    fn the_order_of_the_documents() {
        let fields: Fields =
            [("requestId", "R1".into()), ("orderId", "O1".into()), ("partnerCode", "SONGHAN2".into())].into();
        // Over `accessKey=klm05TvNBzhg7h7j&orderId=O1&partnerCode=SONGHAN2&requestId=R1`.
        assert_eq!(sign(&momo(), &fields), "9ad0eb0c536ef09aaec6ae19f5cdf9ec790c7abddc2896fed41059f63bc7851a");
    }

    proptest! {
        #[test]
        fn what_is_changed_is_not_signed(amount in 1_000..50_000_000_i64, other in 1_000..50_000_000_i64, order in "[A-Z0-9]{4,18}") {
            prop_assume!(amount != other);
            let fields = |amount: i64| -> Fields { [("amount", amount.to_string()), ("orderId", order.clone())].into() };
            let signature = sign(&momo(), &fields(amount));
            prop_assert!(verify(&momo(), &fields(amount), &signature.to_uppercase()));
            prop_assert!(!verify(&momo(), &fields(other), &signature));
            let another = Momo { secret: "another secret of sixteen".into(), ..momo() };
            prop_assert!(!verify(&another, &fields(amount), &signature));
            prop_assert!(!verify(&momo(), &fields(amount), ""));
        }
    }
}
