//! What kind of person an account is, and the paper that says so: a citizen's number, or a passport.

use serde::{Deserialize, Serialize};
use songhan_base::clean_line;

/// Loại cá nhân.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum PersonKind {
    /// Công dân Việt Nam.
    #[default]
    Citizen,
    /// Người Việt Nam định cư ở nước ngoài: a citizen's number or a passport.
    Overseas,
    /// Người nước ngoài: a passport.
    Foreigner,
}

impl PersonKind {
    pub const ALL: [Self; 3] = [Self::Citizen, Self::Overseas, Self::Foreigner];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Citizen => "citizen",
            Self::Overseas => "overseas",
            Self::Foreigner => "foreigner",
        }
    }

    pub fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// Hộ chiếu: the country that gave it (ISO 3166-1, two letters) and its number.
#[derive(Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Passport {
    #[schema(example = "KR")]
    pub country: String,
    #[schema(example = "M12345678")]
    pub number: String,
}

/// Masked: personal data does not belong in a log.
impl std::fmt::Debug for Passport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Passport({} {})", self.country, self.masked())
    }
}

impl Passport {
    /// Reads what was typed: numbers have 5 to 15 letters and digits (ICAO Doc 9303 gives nine in the machine-readable
    /// zone; some states print more). Answers the field that is wrong and a stable word for it.
    pub fn parse(country: &str, number: &str) -> Result<Self, (&'static str, &'static str)> {
        let country = clean_line(country).to_ascii_uppercase();
        if !is_country(&country) {
            return Err(("passport_country", "country_unknown"));
        }
        let number: String = number
            .chars()
            .filter(|c| !matches!(c, ' ' | '-' | '.' | '\u{a0}'))
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let fits = (5..=15).contains(&number.len())
            && number.bytes().all(|b| b.is_ascii_alphanumeric())
            && number.bytes().any(|b| b.is_ascii_digit());
        if fits { Ok(Self { country, number }) } else { Err(("passport", "passport_form")) }
    }

    /// `••••5678`.
    pub fn masked(&self) -> String {
        let kept = self.number.len().saturating_sub(4).max(self.number.len() / 2);
        format!("••••{}", &self.number[kept..])
    }
}

/// ISO 3166-1 alpha-2, as of 2026, with `XX` for people without a state and `UN` for the United Nations' passports.
const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS \
    BT BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ \
    FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HN HR HT HU ID IE IL IM IN IO IQ IR IS IT \
    JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO \
    MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY \
    QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO \
    TR TT TV TW TZ UA UG UM UN US UY UZ VA VC VE VG VI VN VU WF WS XX YE YT ZA ZM ZW";

fn is_country(code: &str) -> bool {
    code.len() == 2 && COUNTRIES.split_ascii_whitespace().any(|known| known == code)
}

/// The codes in the order of the alphabet.
pub fn countries() -> impl Iterator<Item = &'static str> {
    COUNTRIES.split_ascii_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn passports_have_one_form() {
        let passport = Passport::parse("kr", " m1234-5678 ").unwrap();
        assert_eq!((passport.country.as_str(), passport.number.as_str()), ("KR", "M12345678"));
        assert_eq!(format!("{passport:?}"), "Passport(KR ••••5678)");
        assert_eq!(Passport::parse("QQ", "M12345678"), Err(("passport_country", "country_unknown")));
        for number in ["", "1234", "ABCDEFGH", "M1234567890123456", "M1234_678", "Ｍ12345678"] {
            assert_eq!(Passport::parse("KR", number), Err(("passport", "passport_form")), "{number}");
        }
    }

    proptest! {
        #[test]
        fn normal_forms_are_stable(country in "[A-Za-z]{0,3}", number in "\\PC{0,20}") {
            if let Ok(passport) = Passport::parse(&country, &number) {
                prop_assert_eq!(Passport::parse(&passport.country, &passport.number), Ok(passport.clone()));
                prop_assert!(passport.masked().len() < passport.number.len() + 12);
            }
        }
    }
}
