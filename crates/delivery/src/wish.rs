//! What whoever hands in wishes: the way in which the result comes back, and for post, to whom and where.

use serde::{Deserialize, Serialize};
use songhan_base::{FieldError, clean_line};

/// Hình thức nhận kết quả. The signed electronic result lies in the account in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DeliveryWay)]
pub enum Way {
    /// Bản điện tử trong tài khoản, không nhận bản giấy.
    Electronic,
    /// Nhận bản giấy tại Bộ phận Một cửa.
    Counter,
    /// Nhận bản giấy qua dịch vụ bưu chính.
    Post,
}

impl Way {
    pub const ALL: [Self; 3] = [Self::Electronic, Self::Counter, Self::Post];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Electronic => "electronic",
            Self::Counter => "counter",
            Self::Post => "post",
        }
    }

    pub fn of(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.as_str() == text)
    }
}

impl TryFrom<String> for Way {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::of(&text).ok_or_else(|| format!("{text:?} is no way of return"))
    }
}

/// Người nhận: to whom a parcel goes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Recipient {
    pub recipient: String,
    /// Số điện thoại, which the postman calls.
    pub phone: String,
    pub address: String,
}

/// How the result shall come back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = DeliveryWish, example = json!({"way": "post", "recipient": "Nguyễn Thị Lan", "phone": "0905 123 456",
    "address": "Số 27 đường Lê Lợi, phường Hải Châu, thành phố Đà Nẵng"}))]
pub struct Wish {
    /// `electronic` (in the account, where the signed result lies in any case), `counter` or `post`.
    #[schema(example = "post")]
    pub way: String,
    /// By post: who receives it. Left out, the applicant.
    #[schema(example = "Nguyễn Thị Lan")]
    pub recipient: Option<String>,
    /// By post: the telephone that the postman calls. Left out, the applicant's.
    #[schema(example = "0905 123 456")]
    pub phone: Option<String>,
    /// By post: where it goes. Left out, the applicant's address.
    #[schema(example = "Số 27 đường Lê Lợi, phường Hải Châu, thành phố Đà Nẵng")]
    pub address: Option<String>,
}

const NAME_CHARS_MAX: usize = 120;
const ADDRESS_CHARS: std::ops::RangeInclusive<usize> = 8..=240;
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 8..=15;

impl Recipient {
    /// In one form each; what does not fit is told by the field's name behind `prefix`. The codes of the errors are
    /// `recipient`, `phone`, `address`, so that a page can say each in its own words.
    pub fn checked(&self, prefix: &str) -> Result<Self, Vec<FieldError>> {
        let line = |text: &str| clean_line(text);
        let (recipient, phone, address) = (line(&self.recipient), line(&self.phone), line(&self.address));
        let mut wrong = Vec::new();
        let mut tell = |field: &'static str, message: &str| {
            wrong.push(FieldError::new(format!("{prefix}{field}"), field, message));
        };
        let named = recipient.chars().any(char::is_alphabetic) && recipient.chars().count() <= NAME_CHARS_MAX;
        if !named {
            tell("recipient", "write the name of who receives the parcel, at most 120 characters");
        }
        if !is_phone(&phone) {
            tell("phone", "write the telephone number that the postman can call, 8 to 15 digits");
        }
        let placed = address.chars().any(char::is_alphabetic) && ADDRESS_CHARS.contains(&address.chars().count());
        if !placed {
            tell("address", "write house, street, ward and province, 8 to 240 characters");
        }
        if wrong.is_empty() { Ok(Self { recipient, phone, address }) } else { Err(wrong) }
    }
}

/// Digits as people group them, a + in front.
fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let rest = text.strip_prefix('+').unwrap_or(text);
    PHONE_DIGITS.contains(&digits) && rest.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '.' | '-'))
}

impl Wish {
    pub fn of(way: Way, to: Option<Recipient>) -> Self {
        let to = to.map(|to| (Some(to.recipient), Some(to.phone), Some(to.address)));
        let (recipient, phone, address) = to.unwrap_or_default();
        Self { way: way.as_str().to_owned(), recipient, phone, address }
    }

    /// The way, and for post the recipient; what was left out is taken from `known`. `offered` says whether post is.
    pub fn checked(
        &self,
        known: &Recipient,
        offered: bool,
        prefix: &str,
    ) -> Result<(Way, Option<Recipient>), Vec<FieldError>> {
        let wrong = |code, message| Err(vec![FieldError::new(format!("{prefix}way"), code, message)]);
        match Way::of(&self.way) {
            None => wrong("unknown", "write electronic, counter or post"),
            Some(Way::Post) if !offered => {
                wrong("not_offered", "results of this procedure do not go by post; write electronic or counter")
            }
            Some(Way::Post) => {
                let or = |given: &Option<String>, known: &String| given.clone().unwrap_or_else(|| known.clone());
                let to = Recipient {
                    recipient: or(&self.recipient, &known.recipient),
                    phone: or(&self.phone, &known.phone),
                    address: or(&self.address, &known.address),
                };
                to.checked(prefix).map(|to| (Way::Post, Some(to)))
            }
            Some(way) => Ok((way, None)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Recipient {
        Recipient {
            recipient: "Nguyễn Thị Lan".into(),
            phone: "0905 123 456".into(),
            address: "Số 27 đường Lê Lợi, phường Hải Châu".into(),
        }
    }

    fn wish(way: &str) -> Wish {
        Wish { way: way.to_owned(), ..Wish::default() }
    }

    #[test]
    fn what_is_left_out_is_the_applicants() {
        assert_eq!(wish("post").checked(&known(), true, ""), Ok((Way::Post, Some(known()))));
        assert_eq!(wish("counter").checked(&known(), false, ""), Ok((Way::Counter, None)));
        let other = Wish { recipient: Some("  Trần   Văn Ba ".into()), ..wish("post") };
        let (_, to) = other.checked(&known(), true, "").unwrap();
        assert_eq!(to.unwrap().recipient, "Trần Văn Ba");
    }

    #[test]
    fn errors_name_their_fields() {
        let fields = |wish: &Wish, known: &Recipient, offered| {
            let errors = wish.checked(known, offered, "delivery/").unwrap_err();
            errors.into_iter().map(|error| error.field).collect::<Vec<_>>()
        };
        assert_eq!(fields(&wish("pigeon"), &known(), true), ["delivery/way"]);
        assert_eq!(fields(&wish("post"), &known(), false), ["delivery/way"]);
        let all = ["delivery/recipient", "delivery/phone", "delivery/address"];
        assert_eq!(fields(&wish("post"), &Recipient::default(), true), all);
        for phone in ["12", "09o5123456", "+", "090512345678901234"] {
            let wrong = Wish { phone: Some(phone.into()), ..wish("post") };
            assert_eq!(fields(&wrong, &known(), true), ["delivery/phone"], "{phone}");
        }
        let long = Wish { address: Some("a".repeat(241)), ..wish("post") };
        assert_eq!(fields(&long, &known(), true), ["delivery/address"]);
    }
}
