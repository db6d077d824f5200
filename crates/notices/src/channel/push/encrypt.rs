//! Message encryption for Web Push (RFC 8291) in the encoding aes128gcm (RFC 8188): one record, to the browser's key.

use data_encoding::{BASE64URL, BASE64URL_NOPAD};
use p256::elliptic_curve::sec1::ToEncodedPoint as _;
use p256::{PublicKey, SecretKey, ecdh};
use ring::{aead, hkdf};

/// Size of the record in the header; ours is the last and shorter.
const RECORD: u32 = 4096;

/// A browser's keys.
pub struct Receiver {
    key: PublicKey,
    auth: [u8; 16],
}

impl Receiver {
    /// From the texts of a subscription; `None` when they are no keys.
    pub fn new(p256dh: &str, auth: &str) -> Option<Self> {
        let key = PublicKey::from_sec1_bytes(&decode(p256dh)?).ok()?;
        Some(Self { key, auth: decode(auth)?.try_into().ok()? })
    }
}

/// base64url, padded or not.
fn decode(text: &str) -> Option<Vec<u8>> {
    BASE64URL_NOPAD.decode(text.as_bytes()).or_else(|_| BASE64URL.decode(text.as_bytes())).ok()
}

struct Length(usize);
impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

/// HKDF of one step (RFC 5869).
fn derive<const N: usize>(salt: &[u8], secret: &[u8], info: &[u8]) -> [u8; N] {
    let mut out = [0; N];
    let key = hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(secret);
    let info = [info];
    // Both can fail for lengths beyond 255 hashes only.
    key.expand(&info, Length(N)).and_then(|okm| okm.fill(&mut out)).expect("a short output");
    out
}

fn point(key: &PublicKey) -> Vec<u8> {
    key.to_encoded_point(false).as_bytes().to_vec()
}

/// Key and nonce of the record (RFC 8291, 3.4).
fn record_keys(
    shared: &[u8],
    auth: &[u8; 16],
    receiver: &[u8],
    sender: &[u8],
    salt: &[u8; 16],
) -> ([u8; 16], [u8; 12]) {
    let info = [b"WebPush: info\0".as_slice(), receiver, sender].concat();
    let secret: [u8; 32] = derive(auth, shared, &info);
    let key = derive(salt, &secret, b"Content-Encoding: aes128gcm\0");
    (key, derive(salt, &secret, b"Content-Encoding: nonce\0"))
}

/// The body of a push message. `sender` and `salt` are new for each.
pub fn encrypt(receiver: &Receiver, sender: &SecretKey, salt: [u8; 16], text: &[u8]) -> Vec<u8> {
    let (own, theirs) = (point(&sender.public_key()), point(&receiver.key));
    let shared = ecdh::diffie_hellman(sender.to_nonzero_scalar(), receiver.key.as_affine());
    let (key, nonce) = record_keys(shared.raw_secret_bytes(), &receiver.auth, &theirs, &own, &salt);
    let key = aead::LessSafeKey::new(aead::UnboundKey::new(&aead::AES_128_GCM, &key).expect("16 bytes"));
    // The delimiter of the last record; no padding.
    let mut record = [text, &[2]].concat();
    let nonce = aead::Nonce::assume_unique_for_key(nonce);
    key.seal_in_place_append_tag(nonce, aead::Aad::empty(), &mut record).expect("a record is short");
    let id = u8::try_from(own.len()).expect("a point has 65 bytes");
    [salt.as_slice(), &RECORD.to_be_bytes(), &[id], &own, &record].concat()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// RFC 8291, appendix A.
    #[test]
    fn the_published_example() {
        let sender = decode("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw").unwrap();
        let sender = SecretKey::from_slice(&sender).unwrap();
        let receiver = Receiver::new(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            "BTBZMqHH6r4Tts7J_aSIgg",
        )
        .unwrap();
        let salt = decode("DGv6ra1nlYgDCS1FRnbzlw").unwrap().try_into().unwrap();
        let body = encrypt(&receiver, &sender, salt, b"When I grow up, I want to be a watermelon");
        let expected = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tl\
                        zAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a\
                        -fN";
        assert_eq!(BASE64URL_NOPAD.encode(&body), expected);
    }

    /// As a browser reads it.
    fn decrypt(key: &SecretKey, auth: [u8; 16], body: &[u8]) -> Vec<u8> {
        let (salt, rest) = body.split_at(16);
        let sender = &rest[5..70];
        let shared =
            ecdh::diffie_hellman(key.to_nonzero_scalar(), PublicKey::from_sec1_bytes(sender).unwrap().as_affine());
        let theirs = point(&key.public_key());
        let (key, nonce) = record_keys(shared.raw_secret_bytes(), &auth, &theirs, sender, salt.try_into().unwrap());
        let key = aead::LessSafeKey::new(aead::UnboundKey::new(&aead::AES_128_GCM, &key).unwrap());
        let mut record = rest[70..].to_vec();
        let nonce = aead::Nonce::assume_unique_for_key(nonce);
        let text = key.open_in_place(nonce, aead::Aad::empty(), &mut record).unwrap();
        assert_eq!(text.last(), Some(&2));
        text[..text.len() - 1].to_vec()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn what_is_encrypted_can_be_read(
            text in proptest::collection::vec(any::<u8>(), 0..3800), ours in 1..u8::MAX, theirs in 1..u8::MAX, salt: [u8; 16],
        ) {
            let (ours, theirs) = (SecretKey::from_slice(&[ours; 32]), SecretKey::from_slice(&[theirs; 32]));
            let (Ok(ours), Ok(theirs)) = (ours, theirs) else { return Ok(()) };
            let receiver = Receiver { key: theirs.public_key(), auth: [7; 16] };
            let body = encrypt(&receiver, &ours, salt, &text);
            prop_assert!(body.len() <= RECORD as usize);
            prop_assert_eq!(decrypt(&theirs, [7; 16], &body), text);
        }
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let key = BASE64URL_NOPAD.encode(&point(&SecretKey::from_slice(&[1; 32]).unwrap().public_key()));
        assert!(Receiver::new(&key, "BTBZMqHH6r4Tts7J_aSIgg").is_some());
        assert!(Receiver::new(&key, "BTBZMqHH6r4Tts7J_aSIgg==").is_some());
        for (p256dh, auth) in
            [("", "BTBZMqHH6r4Tts7J_aSIgg"), (key.as_str(), "short"), ("AAAA", "BTBZMqHH6r4Tts7J_aSIgg")]
        {
            assert!(Receiver::new(p256dh, auth).is_none());
        }
    }
}
