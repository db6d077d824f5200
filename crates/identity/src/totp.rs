//! The second factor: time-based codes (RFC 6238) and, for when the telephone is lost, recovery codes.

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use songhan_base::{Env, Internal};
use totp_rs::{Builder, Secret, Totp};

/// Recovery codes given at once.
const RECOVERY_CODES: usize = 10;
/// Letters and digits that nobody takes for another: no 0 and O, no 1, I and L, no U.
const RECOVERY_ALPHABET: &[u8; 30] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A new secret in base32, as people type it where no camera is at hand.
pub fn new_secret(env: &Env) -> String {
    data_encoding::BASE32_NOPAD.encode(&env.random::<20>())
}

fn totp(secret: &str, account: &str, issuer: &str) -> Result<Totp, Internal> {
    let secret = Secret::try_from_base32(secret).map_err(|error| Internal::new(format!("{error:?}")))?;
    let name = |text: &str| text.replace(':', " ");
    Builder::new()
        .with_secret(secret)
        .with_account_name(name(account))
        .with_issuer(Some(name(issuer)))
        .build()
        .map_err(|error| Internal::new(format!("{error:?}")))
}

/// The address that authenticator apps read from the QR code.
pub fn enrol_url(secret: &str, account: &str, issuer: &str) -> Result<String, Internal> {
    totp(secret, account, issuer)?.to_url().map_err(|error| Internal::new(format!("{error:?}")))
}

/// The step whose code this is, among the present one and its neighbours. Whether it was used is for the store to say.
pub fn matching_step(secret: &str, code: &str, now: Timestamp) -> Result<Option<i64>, Internal> {
    let code: String = code.chars().filter(char::is_ascii_digit).collect();
    if code.len() != 6 {
        return Ok(None);
    }
    let step = totp(secret, "account", "songhan")?.check(&code, now.as_second().max(0) as u64);
    Ok(step.map(|step| step as i64))
}

/// The code of a moment, for tests and the demo.
pub fn code_at(secret: &str, at: Timestamp) -> Result<String, Internal> {
    Ok(totp(secret, "account", "songhan")?.generate(at.as_second().max(0) as u64).to_string())
}

/// New recovery codes, each of 59 random bits: `ABCD-EFGH-JKMN`.
pub fn recovery_codes(env: &Env) -> Vec<String> {
    (0..RECOVERY_CODES).map(|_| recovery_code(env)).collect()
}

/// One of them: also what a counter's receipt and a letter carry.
pub fn recovery_code(env: &Env) -> String {
    [(); 3].map(|()| [(); 4].map(|()| letter(env)).iter().collect::<String>()).join("-")
}

fn letter(env: &Env) -> char {
    loop {
        let [byte] = env.random::<1>();
        // What is left of a byte beyond a multiple of 30 would favour some letters.
        if byte < 240 {
            return char::from(RECOVERY_ALPHABET[usize::from(byte % 30)]);
        }
    }
}

/// How a recovery code is kept: hashed, without the marks between. Random enough to need no slow hash.
pub fn recovery_hash(code: &str) -> Option<String> {
    let code: String = code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    (code.len() == 12).then(|| data_encoding::HEXLOWER.encode(&Sha256::digest(code)))
}

#[cfg(test)]
mod tests {
    use songhan_base::HeldClock;

    use super::*;

    fn env() -> Env {
        Env::held(HeldClock::at("2026-11-20T02:00:00Z".parse().unwrap()), 3)
    }

    #[test]
    fn codes_fit_their_moment() {
        let env = env();
        let secret = new_secret(&env);
        let now = env.now();
        let later = |seconds| now + jiff::SignedDuration::from_secs(seconds);
        let code = code_at(&secret, now).unwrap();
        let step = now.as_second() / 30;
        assert_eq!(matching_step(&secret, &code, now).unwrap(), Some(step));
        assert_eq!(matching_step(&secret, &format!("{} {}", &code[..3], &code[3..]), later(30)).unwrap(), Some(step));
        assert_eq!(matching_step(&secret, &code, later(90)).unwrap(), None);
        assert_eq!(matching_step(&secret, "12345", now).unwrap(), None);
        assert!(enrol_url(&secret, "lan@example.com", "Thành phố: Đà Nẵng").unwrap().starts_with("otpauth://totp/"));
    }

    /// RFC 6238, appendix B, the last six of eight digits.
    #[test]
    fn the_standards_vector() {
        let secret = data_encoding::BASE32_NOPAD.encode(b"12345678901234567890");
        for (at, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924")] {
            assert_eq!(code_at(&secret, Timestamp::from_second(at).unwrap()).unwrap(), code);
        }
    }

    #[test]
    fn recovery_codes_are_read_as_people_type_them() {
        let codes = recovery_codes(&env());
        assert_eq!(codes.len(), RECOVERY_CODES);
        assert!(codes.iter().all(|c| c.len() == 14), "{codes:?}");
        let typed = codes[0].to_lowercase().replace('-', " ");
        assert_eq!(recovery_hash(&typed), recovery_hash(&codes[0]));
        assert_eq!(recovery_hash("123456"), None);
    }
}
