//! The short code that a payer copies into the transfer note, and how it is found again in what the bank sends.

use songhan_base::Env;

/// Crockford's base 32: digits and capitals without I, L, O, U, which are mistaken for others.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const PREFIX: &str = "SH";
const LENGTH: usize = 10;
const ORDER_PREFIX: &str = "SC";
const ORDER_LENGTH: usize = 12;

/// Mã thanh toán: a new code such as `SH4Q7K2M9XPT`, of 50 random bits.
pub fn new(env: &Env) -> String {
    format!("{PREFIX}{}", characters::<LENGTH>(env))
}

/// Mã lệnh chi: a new number of a payment that leaves, such as `SC4Q7K2M9XPTAB`, of 60 random bits.
pub fn new_order(env: &Env) -> String {
    format!("{ORDER_PREFIX}{}", characters::<ORDER_LENGTH>(env))
}

/// `N` random characters of the alphabet.
pub fn characters<const N: usize>(env: &Env) -> String {
    env.random::<N>().iter().map(|byte| ALPHABET[usize::from(byte % 32)] as char).collect()
}

/// Every code that a transfer note may hold. Banks put words before and behind, break lines, drop blanks and change
/// case; people type O for 0 and l for 1. A candidate is worth something only when there is a charge of that code.
pub fn find(note: &str) -> Vec<String> {
    find_coded(note, PREFIX, LENGTH)
}

/// The same for numbers of payments that leave.
pub fn find_orders(note: &str) -> Vec<String> {
    find_coded(note, ORDER_PREFIX, ORDER_LENGTH)
}

/// Every text of a code's length in a note that is like a code but for two characters: what people mistype.
pub fn near(note: &str, code: &str) -> bool {
    let letters: Vec<u8> =
        note.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_uppercase()).take(2000).collect();
    let differ = |window: &[u8]| window.iter().zip(code.bytes()).filter(|(a, b)| **a != *b).count();
    letters.windows(code.len()).any(|window| differ(window) <= 2)
}

fn find_coded(note: &str, prefix: &str, length: usize) -> Vec<String> {
    let letters: Vec<u8> =
        note.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_uppercase()).take(2000).collect();
    let mut found = Vec::new();
    for window in letters.windows(prefix.len() + length) {
        let Some(rest) = window.strip_prefix(prefix.as_bytes()) else { continue };
        let Some(code) = rest.iter().map(|byte| canonical(*byte)).collect::<Option<String>>() else { continue };
        let code = format!("{prefix}{code}");
        if !found.contains(&code) && found.len() < 20 {
            found.push(code);
        }
    }
    found
}

const fn canonical(byte: u8) -> Option<char> {
    match byte {
        b'O' => Some('0'),
        b'I' | b'L' => Some('1'),
        b'U' => None,
        other => Some(other as char),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use songhan_base::HeldClock;

    #[test]
    fn finds_it_in_what_banks_send() {
        for note in [
            "SH4Q7K2M9XPT",
            "MBVCB.8123.SH4Q7K2M9XPT.CT tu 0071000 NGUYEN VAN A",
            "sh4q7k2m9xpt chuyen tien",
            "SH4Q7 K2M9XPT-281126",
            "QR - SH4Q7\nK2M9XPT",
        ] {
            assert!(find(note).contains(&"SH4Q7K2M9XPT".to_owned()), "{note}");
        }
        assert_eq!(find("shO1IL0000A0"), ["SH01110000A0"]);
        assert_eq!(find("le phi ho tich"), Vec::<String>::new());
        assert_eq!(find(&"SH0".repeat(5000)).len(), 1);
    }

    proptest! {
        #[test]
        fn any_code_is_found_in_any_note(seed in any::<u64>(), before in "\\PC{0,30}", after in "\\PC{0,30}") {
            let env = Env::held(HeldClock::at(jiff::Timestamp::UNIX_EPOCH), seed);
            let code = new(&env);
            prop_assert_eq!(code.len(), 12);
            let found = find(&format!("{before} {code} {after}"));
            prop_assert!(found.contains(&code));
        }
    }
}
