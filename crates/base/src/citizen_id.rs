//! The personal identification number on the citizen identity card.
//!
//! Twelve digits: three of the province of birth registration, one of century and sex, two of the birth year, six
//! at random; no check digit. Source: Decree 70/2024/NĐ-CP, article 13 (formerly Decree 137/2015/NĐ-CP, article 13).

use serde::{Deserialize, Serialize};

/// Số định danh cá nhân: a number of the right form. That it belongs to someone is for the population database to say.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CitizenId(String);

/// Giới tính, as the number tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sex {
    Male,
    Female,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CitizenIdError {
    #[error("a citizen identity number has 12 digits; type it as printed on the card")]
    Form,
    #[error("the first three digits are no province code; compare them with the card")]
    Province,
    #[error("the birth year in the number lies in the future; compare it with the card")]
    Future,
}

/// Province codes of birth registration, those from before the mergers of 2025 included: cards keep them for life.
const PROVINCES: [u16; 63] = [
    1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33, 34, 35, 36, 37, 38, 40, 42, 44, 45,
    46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66, 67, 68, 70, 72, 74, 75, 77, 79, 80, 82, 83, 84, 86, 87, 89, 91, 92,
    93, 94, 95, 96,
];

impl CitizenId {
    /// Reads a number; blanks and dots between digits are let pass. `year` is the present year.
    pub fn parse(input: &str, year: i16) -> Result<Self, CitizenIdError> {
        let id = Self::try_from(input.to_owned())?;
        if id.birth_year() > year {
            return Err(CitizenIdError::Future);
        }
        Ok(id)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn digit(&self, at: usize) -> u8 {
        self.0.as_bytes()[at] - b'0'
    }

    pub fn sex(&self) -> Sex {
        if self.digit(3).is_multiple_of(2) { Sex::Male } else { Sex::Female }
    }

    pub fn birth_year(&self) -> i16 {
        let century = 1900 + i16::from(self.digit(3) / 2) * 100;
        century + i16::from(self.digit(4)) * 10 + i16::from(self.digit(5))
    }

    /// For people who may know that there is a number but not which: `048•••••6789`.
    pub fn masked(&self) -> String {
        format!("{}•••••{}", &self.0[..3], &self.0[8..])
    }
}

impl TryFrom<String> for CitizenId {
    type Error = CitizenIdError;

    fn try_from(input: String) -> Result<Self, Self::Error> {
        let digits: String = input.chars().filter(|c| !matches!(c, ' ' | '.' | '\u{a0}')).collect();
        if digits.len() != 12 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(CitizenIdError::Form);
        }
        let province: u16 = digits[..3].parse().map_err(|_| CitizenIdError::Form)?;
        if PROVINCES.binary_search(&province).is_err() {
            return Err(CitizenIdError::Province);
        }
        Ok(Self(digits))
    }
}

impl From<CitizenId> for String {
    fn from(id: CitizenId) -> Self {
        id.0
    }
}

/// Masked: personal data does not belong in a log.
impl std::fmt::Debug for CitizenId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CitizenId({})", self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_parts() {
        let id = CitizenId::parse("048 201 004321", 2026).unwrap();
        assert_eq!((id.sex(), id.birth_year(), id.masked().as_str()), (Sex::Male, 2001, "048•••••4321"));
        assert_eq!(CitizenId::parse("048190001234", 2026).unwrap().sex(), Sex::Female);
        assert_eq!(format!("{id:?}"), "CitizenId(048•••••4321)");
    }

    #[test]
    fn refuses_with_the_reason() {
        assert_eq!(CitizenId::parse("04820100432", 2026), Err(CitizenIdError::Form));
        assert_eq!(CitizenId::parse("0482010O4321", 2026), Err(CitizenIdError::Form));
        assert_eq!(CitizenId::parse("003201004321", 2026), Err(CitizenIdError::Province));
        assert_eq!(CitizenId::parse("048299004321", 2026), Err(CitizenIdError::Future));
    }
}
