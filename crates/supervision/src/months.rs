//! Months, as figures and addresses name them.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// Tháng. Written `2026-11`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month(Date);

impl Month {
    pub fn of(day: Date) -> Self {
        Self(day.first_of_month())
    }

    /// So many months before.
    #[must_use]
    pub fn before(self, months: u32) -> Self {
        Self(self.0.saturating_sub(i64::from(months).months()))
    }

    /// This month and those before it, the oldest first.
    pub fn last(self, count: u32) -> Vec<Self> {
        (0..count).rev().map(|n| self.before(n)).collect()
    }

    /// From its first instant to the first of the next month.
    pub fn span(self, zone: &TimeZone) -> (Timestamp, Timestamp) {
        let start = |day: Date| zone.to_timestamp(day.to_datetime(jiff::civil::Time::midnight()));
        let next = self.0.saturating_add(1.month());
        // Fails only at the ends of time, which no month of the calendar reaches.
        (start(self.0).unwrap_or(Timestamp::MIN), start(next).unwrap_or(Timestamp::MAX))
    }

    /// `11/2026`, as people write it.
    pub fn in_words(self) -> String {
        self.0.strftime("%m/%Y").to_string()
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.strftime("%Y-%m"))
    }
}

impl FromStr for Month {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "this is no month; write it as 2026-11";
        let (year, month) = text.split_once('-').ok_or(wrong)?;
        if year.len() != 4 || month.len() != 2 || !text.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
            return Err(wrong);
        }
        let (year, month): (i16, i8) = (year.parse().map_err(|_| wrong)?, month.parse().map_err(|_| wrong)?);
        // Years that a dossier can be of; others would meet the ends of time.
        if !(2000..=2999).contains(&year) {
            return Err(wrong);
        }
        Date::new(year, month, 1).map(Self).map_err(|_| wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_go_through_their_text() {
        let month: Month = "2026-01".parse().unwrap();
        assert_eq!((month.to_string(), month.in_words()), ("2026-01".into(), "01/2026".into()));
        assert_eq!(
            month.last(3).iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["2025-11", "2025-12", "2026-01"]
        );
        for wrong in ["", "2026", "2026-13", "2026-1", "26-01", "2026-01-01", "+026-01", "9999-12", "2026-é1"] {
            assert!(wrong.parse::<Month>().is_err(), "{wrong}");
        }
        let (from, to) = month.span(&TimeZone::get("Asia/Ho_Chi_Minh").unwrap());
        assert_eq!(from.to_string(), "2025-12-31T17:00:00Z");
        assert_eq!(to.to_string(), "2026-01-31T17:00:00Z");
    }
}
