//! The master key of people's secrets, and what is sealed by it: secrets of the second factor, and the key of each person.
//!
//! It is made from the key-encryption key that the city's authority keeps (`keys/kek`, or `[keys] kek_file`), so that there
//! is one secret to look after and none in the database. Sealing is AES-256-GCM under a random nonce; what is sealed is
//! bound to what it belongs to, so that it cannot be moved to another row.

use std::sync::{Arc, Mutex, PoisonError};

use data_encoding::BASE64URL_NOPAD;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hmac;
use songhan_app::App;
use songhan_base::{Env, Internal};

/// How a sealed text begins; the number would change with the way of sealing.
const MARK: &str = "s1:";

/// A key that seals.
pub struct Key(LessSafeKey);

impl Key {
    pub fn new(bytes: &[u8; 32]) -> Result<Self, Internal> {
        let key = UnboundKey::new(&AES_256_GCM, bytes).map_err(|_| Internal::new("a key of 32 bytes was not taken"))?;
        Ok(Self(LessSafeKey::new(key)))
    }

    /// Seals `plain` for the thing called `bound`.
    pub fn seal(&self, env: &Env, bound: &str, plain: &[u8]) -> Result<String, Internal> {
        let nonce = env.random::<NONCE_LEN>();
        let mut sealed = plain.to_vec();
        self.0
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(bound), &mut sealed)
            .map_err(|_| Internal::new("sealing failed"))?;
        Ok(format!("{MARK}{}", BASE64URL_NOPAD.encode(&[&nonce[..], &sealed].concat())))
    }

    /// What was sealed for `bound`; `None` when it was by another key, for something else, or was changed.
    pub fn open(&self, bound: &str, sealed: &str) -> Option<Vec<u8>> {
        let bytes = BASE64URL_NOPAD.decode(sealed.strip_prefix(MARK)?.as_bytes()).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut sealed = sealed.to_vec();
        self.0.open_in_place(nonce, Aad::from(bound), &mut sealed).ok().map(|plain| plain.to_vec())
    }
}

/// Whether a text is sealed; what was written before there was a master key is not.
pub fn is_sealed(text: &str) -> bool {
    text.starts_with(MARK)
}

/// The master key of this process.
#[derive(Default)]
struct Held(Mutex<Option<Arc<Key>>>);

/// The master key; read (or made) at its first use.
pub fn master(app: &App) -> Result<Arc<Key>, Internal> {
    let held = app.memory.get_or(Held::default);
    let mut held = held.0.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(key) = &*held {
        return Ok(key.clone());
    }
    let kek = app.key_encryption_key()?;
    let derived = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, kek.as_bytes()), b"songhan identity master key 1");
    let bytes: [u8; 32] = derived.as_ref().try_into().map_err(Internal::new)?;
    let key = Arc::new(Key::new(&bytes)?);
    *held = Some(key.clone());
    Ok(key)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use songhan_base::HeldClock;

    use super::*;

    fn env() -> Env {
        Env::held(HeldClock::at(jiff::Timestamp::UNIX_EPOCH), 5)
    }

    #[test]
    fn what_is_sealed_opens_for_its_own_thing_only() {
        let (env, key) = (env(), Key::new(&[7; 32]).unwrap());
        let sealed = key.seal(&env, "totp:1", b"secret").unwrap();
        assert!(is_sealed(&sealed) && !sealed.contains("secret"));
        assert_eq!(key.open("totp:1", &sealed).as_deref(), Some(&b"secret"[..]));
        assert_eq!(key.open("totp:2", &sealed), None);
        assert_eq!(Key::new(&[8; 32]).unwrap().open("totp:1", &sealed), None);
        assert_ne!(key.seal(&env, "totp:1", b"secret").unwrap(), sealed, "never twice the same");
    }

    proptest! {
        #[test]
        fn nothing_else_opens(text in "\\PC{0,60}", at in 0_usize..40, plain in proptest::collection::vec(any::<u8>(), 0..40)) {
            let key = Key::new(&[7; 32]).unwrap();
            prop_assert_eq!(key.open("x", &text), None);
            let sealed = key.seal(&env(), "x", &plain).unwrap();
            let opened = key.open("x", &sealed);
            prop_assert_eq!(opened.as_deref(), Some(&plain[..]));
            let mut changed = sealed.clone().into_bytes();
            let at = MARK.len() + at % (changed.len() - MARK.len() - 1);
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            prop_assert_eq!(key.open("x", &String::from_utf8(changed).unwrap()), None);
        }
    }
}
