//! What the QR code of an identity card says: `ID|old ID|NAME|DDMMYYYY|sex|address|DDMMYYYY issued`.
//!
//! Read at a counter by a scanner that types it in. The order of the parts is as scanners show it on cards given out
//! since 2021; it is published nowhere that was compared, so whatever does not fit is refused, never guessed.

use jiff::civil::Date;
use songhan_base::{CitizenId, Sex, clean_line};

/// Thẻ căn cước, as its QR code tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CitizenCard {
    pub citizen_id: CitizenId,
    /// Số chứng minh nhân dân cũ, of nine digits, where there was one.
    pub former_id: Option<String>,
    pub name: String,
    pub date_of_birth: Date,
    pub sex: Sex,
    /// Nơi thường trú.
    pub address: String,
    pub issued: Date,
}

/// Why a text is no card's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CardError {
    #[error("the code of an identity card has seven parts between bars; scan the code on the card again")]
    Parts,
    #[error("the number on the card cannot be read; type it in by hand")]
    Number,
    #[error("the old number on the card cannot be read; type the data in by hand")]
    FormerNumber,
    #[error("the name on the card cannot be read; type it in by hand")]
    Name,
    #[error("the date of birth on the card is no date, or not that of the number; type the data in by hand")]
    Birth,
    #[error("the sex on the card is not that of the number; compare both with the card")]
    Sex,
    #[error("the address on the card cannot be read; type it in by hand")]
    Address,
    #[error("the day of issue on the card is no date after the birth; type the data in by hand")]
    Issued,
}

/// Longest address that is believed.
const ADDRESS_MAX: usize = 200;

/// Reads the text of a card's QR code.
pub fn read(text: &str) -> Result<CitizenCard, CardError> {
    let parts: Vec<&str> = text.trim_matches(['\r', '\n', ' ', '\t', '\u{feff}']).split('|').collect();
    let [number, former, name, birth, sex, address, issued] = parts[..] else { return Err(CardError::Parts) };
    if number.len() != 12 {
        return Err(CardError::Number);
    }
    let citizen_id = CitizenId::try_from(number.to_owned()).map_err(|_| CardError::Number)?;
    let former_id = match former {
        "" => None,
        old if matches!(old.len(), 9 | 12) && old.bytes().all(|b| b.is_ascii_digit()) => Some(old.to_owned()),
        _ => return Err(CardError::FormerNumber),
    };
    let name = crate::contact::name(name).map_err(|_| CardError::Name)?;
    let date_of_birth = day(birth).filter(|day| day.year() == citizen_id.birth_year()).ok_or(CardError::Birth)?;
    let sex = match clean_line(sex).as_str() {
        "Nam" => Sex::Male,
        "Nữ" => Sex::Female,
        _ => return Err(CardError::Sex),
    };
    if sex != citizen_id.sex() {
        return Err(CardError::Sex);
    }
    let address = clean_line(address);
    if address.is_empty() || address.chars().count() > ADDRESS_MAX {
        return Err(CardError::Address);
    }
    let issued = day(issued).filter(|day| *day > date_of_birth).ok_or(CardError::Issued)?;
    Ok(CitizenCard { citizen_id, former_id, name, date_of_birth, sex, address, issued })
}

/// `DDMMYYYY`.
fn day(text: &str) -> Option<Date> {
    if text.len() != 8 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Date::new(text[4..].parse().ok()?, text[2..4].parse().ok()?, text[..2].parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CARD: &str =
        "048190001234|201234567|Nguyễn Thị Lan|12031990|Nữ|Tổ 12, Hải Châu I, Hải Châu, Đà Nẵng|10052021";

    #[test]
    fn a_card_is_read() {
        let card = read(&format!("{CARD}\r\n")).unwrap();
        assert_eq!((card.citizen_id.as_str(), card.name.as_str()), ("048190001234", "Nguyễn Thị Lan"));
        assert_eq!(card.former_id.as_deref(), Some("201234567"));
        assert_eq!((card.date_of_birth.to_string(), card.sex), ("1990-03-12".to_owned(), Sex::Female));
        assert_eq!(card.issued.to_string(), "2021-05-10");
        assert_eq!(read(&CARD.replace("|201234567|", "||")).unwrap().former_id, None);
    }

    #[test]
    fn what_does_not_fit_is_refused_with_the_reason() {
        for (from, to, error) in [
            ("|10052021", "", CardError::Parts),
            ("|10052021", "|10052021|", CardError::Parts),
            ("048190001234", "04819000123", CardError::Number),
            ("048190001234", "048 190001234", CardError::Number),
            ("048190001234", "003190001234", CardError::Number),
            ("201234567", "20123456", CardError::FormerNumber),
            ("Nguyễn Thị Lan", "<b>", CardError::Name),
            ("Nguyễn Thị Lan", "", CardError::Name),
            ("12031990", "12031991", CardError::Birth),
            ("12031990", "31021990", CardError::Birth),
            ("12031990", "1231990", CardError::Birth),
            ("|Nữ|", "|Nam|", CardError::Sex),
            ("|Nữ|", "|F|", CardError::Sex),
            ("Tổ 12, Hải Châu I, Hải Châu, Đà Nẵng", " ", CardError::Address),
            ("10052021", "10051980", CardError::Issued),
        ] {
            assert_eq!(read(&CARD.replacen(from, to, 1)), Err(error), "{from} → {to}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_a_panic(text in "\\PC{0,60}", bars in "[0-9|]{0,60}") {
            let _ = read(&text);
            let _ = read(&bars);
        }

        /// What is written as a card is read as it was written.
        #[test]
        fn cards_come_back(
            year in 1900_i16..2100, month in 1_i8..=12, day in 1_i8..=28, random in 0_u32..1_000_000,
            name in "[A-ZĐÂÊ][a-zạễơư]{1,8}( [A-ZĐÂÊ][a-zạễơư]{1,8}){1,4}", male in any::<bool>(),
            address in "[A-ZĐ0-9][a-zạễơư0-9 ,/]{3,40}[a-z]", old in proptest::option::of("[0-9]{9}"),
        ) {
            let century = (year / 100 - 19) * 2 + i16::from(!male);
            let number = format!("048{century}{:02}{random:06}", year % 100);
            let sex = if male { "Nam" } else { "Nữ" };
            let former = old.clone().unwrap_or_default();
            let text = format!("{number}|{former}|{name}|{day:02}{month:02}{year}|{sex}|{address}|01012150");
            let card = read(&text).unwrap();
            prop_assert_eq!(card.citizen_id.as_str(), number);
            prop_assert_eq!((card.name, card.former_id), (clean_line(&name), old));
            prop_assert_eq!(card.address, clean_line(&address));
            prop_assert_eq!(card.date_of_birth, Date::new(year, month, day).unwrap());
        }
    }
}
