//! How people are reached and called: telephone numbers, e-mail addresses, names, in one form each.
//!
//! Whatever is unique is compared in this form, so that one person does not get two accounts by a space or a capital.

use songhan_base::{CitizenId, clean_line};

/// Số điện thoại in international form: `+84905123456`. Vietnamese numbers may be typed with a leading 0.
pub fn phone(input: &str) -> Option<String> {
    let typed: String = input.chars().filter(|c| !matches!(c, ' ' | '.' | '-' | '(' | ')' | '\u{a0}')).collect();
    let (digits, international) = match typed.strip_prefix('+').or_else(|| typed.strip_prefix("00")) {
        Some(rest) => (rest, true),
        None => (typed.as_str(), false),
    };
    if !(8..=15).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let national = match (international, digits.strip_prefix("84"), digits.strip_prefix('0')) {
        (true, Some(national), _) => national.strip_prefix('0').unwrap_or(national),
        (true, None, _) => return (!digits.starts_with('0')).then(|| format!("+{digits}")),
        (false, _, Some(national)) => national,
        (false, Some(national), None) if digits.len() >= 11 => national,
        _ => return None,
    };
    // Mobile numbers have nine digits after the 0, fixed lines ten and begin with 2.
    let fits = match national.as_bytes().first() {
        Some(b'3' | b'5' | b'7' | b'8' | b'9') => national.len() == 9,
        Some(b'2') => national.len() == 10,
        _ => false,
    };
    fits.then(|| format!("+84{national}"))
}

/// As people in Vietnam write it: `0905 123 456`; numbers of other countries as they are.
pub fn phone_shown(phone: &str) -> String {
    match phone.strip_prefix("+84") {
        Some(rest) if rest.len() == 9 => format!("0{} {} {}", &rest[..3], &rest[3..6], &rest[6..]),
        Some(rest) => format!("0{rest}"),
        None => phone.to_owned(),
    }
}

/// An e-mail address as typed, cleaned; `None` when no mail could be sent there.
pub fn email(input: &str) -> Option<String> {
    let address = clean_line(input);
    let (local, domain) = address.rsplit_once('@')?;
    let local_fits = (1..=64).contains(&local.len())
        && local.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b))
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..");
    let label_fits = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let domain_fits = domain.len() <= 190 && domain.contains('.') && domain.split('.').all(label_fits);
    (local_fits && domain_fits).then_some(address)
}

/// The form in which e-mail addresses are compared.
pub fn email_fold(email: &str) -> String {
    email.to_ascii_lowercase()
}

/// Họ và tên: letters, spaces and the marks that names have.
pub fn name(input: &str) -> Result<String, &'static str> {
    let name = clean_line(input);
    if name.is_empty() {
        return Err("required");
    }
    if name.chars().count() > 100 {
        return Err("too_long");
    }
    let fits =
        name.chars().all(|c| c.is_alphabetic() || songhan_base::fold(&c.to_string()).is_empty() || " '’.-".contains(c));
    if fits && name.chars().any(char::is_alphabetic) { Ok(name) } else { Err("name_form") }
}

/// What someone types to say who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Login {
    CitizenId(String),
    /// Folded.
    Email(String),
    /// In international form.
    Phone(String),
}

impl Login {
    /// Twelve digits are a citizen id, an `@` makes an e-mail address, the rest is a telephone number.
    pub fn parse(input: &str) -> Option<Self> {
        let typed = clean_line(input);
        if typed.contains('@') {
            return email(&typed).map(|address| Self::Email(email_fold(&address)));
        }
        if let Ok(id) = CitizenId::try_from(typed.clone()) {
            return Some(Self::CitizenId(id.into()));
        }
        phone(&typed).map(Self::Phone)
    }

    pub fn as_str(&self) -> &str {
        match self {
            Self::CitizenId(s) | Self::Email(s) | Self::Phone(s) => s,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn phones_have_one_form() {
        for typed in ["0905123456", "+84 905 123 456", "84905123456", "0084905123456", "0905.123-456", "+84 0905123456"]
        {
            assert_eq!(phone(typed).as_deref(), Some("+84905123456"), "{typed}");
        }
        assert_eq!(phone("0236 3 822 041").as_deref(), Some("+842363822041"));
        assert_eq!(phone("+1 202 555 0123").as_deref(), Some("+12025550123"));
        for typed in ["", "090512345", "0105123456", "hello", "+", "0905123456789012", "905123456"] {
            assert_eq!(phone(typed), None, "{typed}");
        }
        assert_eq!(phone_shown("+84905123456"), "0905 123 456");
    }

    #[test]
    fn emails_fit_or_not() {
        assert_eq!(email(" Lan.Nguyen@Example.com ").as_deref(), Some("Lan.Nguyen@Example.com"));
        for typed in
            ["a@b", "a b@example.com", "@example.com", "a..b@example.com", "lân@example.com", "a@-x.com", "a@x..com"]
        {
            assert_eq!(email(typed), None, "{typed}");
        }
    }

    #[test]
    fn names_keep_their_marks() {
        assert_eq!(name("  Nguyễn  Thị Ánh-Tuyết "), Ok("Nguyễn Thị Ánh-Tuyết".to_owned()));
        assert_eq!(name("Y Bhăm Niê").as_deref(), Ok("Y Bhăm Niê"));
        assert_eq!(name("<script>"), Err("name_form"));
        assert_eq!(name("..."), Err("name_form"));
        assert_eq!(name(" "), Err("required"));
    }

    #[test]
    fn logins_are_told_apart() {
        assert_eq!(Login::parse("048 190 001234"), Some(Login::CitizenId("048190001234".into())));
        assert_eq!(Login::parse("LAN@example.com"), Some(Login::Email("lan@example.com".into())));
        assert_eq!(Login::parse("0905123456"), Some(Login::Phone("+84905123456".into())));
        assert_eq!(Login::parse("someone"), None);
    }

    proptest! {
        #[test]
        fn normal_forms_are_stable(typed in "[+0-9 .()-]{0,20}", text in "\\PC{0,30}") {
            if let Some(number) = phone(&typed) {
                prop_assert_eq!(phone(&number), Some(number.clone()));
            }
            if let Ok(name_once) = name(&text) {
                prop_assert_eq!(name(&name_once), Ok(name_once.clone()));
            }
            let _ = Login::parse(&text);
        }
    }
}
