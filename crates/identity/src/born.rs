//! Ngày sinh: a day or, of people whose papers say no more, a year.

use jiff::civil::{Date, date};
use serde::{Serialize, Serializer};

/// When someone was born, as exactly as their papers tell. Written `1990-03-12` or `1950`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Born {
    Day(Date),
    /// Chỉ biết năm sinh.
    Year(i16),
}

impl Born {
    /// Reads `1990-03-12`, `12/3/1990` or `1950`; `today` bounds it. Answers a stable word on what is wrong.
    pub fn parse(text: &str, today: Date) -> Result<Self, &'static str> {
        let text = text.trim();
        if text.is_empty() {
            return Err("required");
        }
        let born = Self::read(text).or_else(|| Self::as_written(text)).ok_or("date_form")?;
        match born.first() {
            first if first > today => Err("date_of_birth_future"),
            first if first.year() < 1900 => Err("date_form"),
            _ => Ok(born),
        }
    }

    /// What a column holds.
    pub(crate) fn read(text: &str) -> Option<Self> {
        if text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit()) {
            return text.parse().ok().map(Self::Year);
        }
        // A date alone: the parser would take a time behind it too.
        (text.len() == 10).then(|| text.parse().ok().map(Self::Day))?
    }

    /// Day, month, year, as people write them here.
    fn as_written(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split(['/', '.', '-']).map(str::trim).collect();
        let [day, month, year] = parts[..] else { return None };
        let is_number = |part: &&str| part.bytes().all(|b| b.is_ascii_digit());
        if year.len() != 4 || !parts.iter().all(is_number) {
            return None;
        }
        Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok().map(Self::Day)
    }

    pub fn year(self) -> i16 {
        match self {
            Self::Day(day) => day.year(),
            Self::Year(year) => year,
        }
    }

    pub const fn day(self) -> Option<Date> {
        match self {
            Self::Day(day) => Some(day),
            Self::Year(_) => None,
        }
    }

    fn first(self) -> Date {
        self.day().unwrap_or_else(|| date(self.year(), 1, 1))
    }

    /// The last day on which someone is not yet `years` old for certain: of a year alone, its end counts, so that nobody
    /// loses a right that their papers cannot take.
    pub fn last_day_below(self, years: i16) -> Date {
        match self {
            Self::Day(day) => {
                let birthday = Date::new(day.year().saturating_add(years), day.month(), day.day());
                // Born on 29 February: of age on 1 March of a common year, so 28 February is the last day below.
                let birthday = birthday.unwrap_or_else(|_| date(day.year().saturating_add(years), 3, 1));
                birthday.yesterday().unwrap_or(birthday)
            }
            Self::Year(year) => Date::new(year.saturating_add(years), 12, 31).unwrap_or(Date::MAX),
        }
    }
}

impl std::fmt::Display for Born {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Day(day) => day.fmt(f),
            Self::Year(year) => write!(f, "{year:04}"),
        }
    }
}

impl Serialize for Born {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_years_are_told_apart() {
        let today = date(2026, 11, 20);
        assert_eq!(Born::parse(" 1990-03-12 ", today), Ok(Born::Day(date(1990, 3, 12))));
        for written in ["12/3/1990", "12/03/1990", "12.3.1990", "12-03-1990", "12 / 3 / 1990"] {
            assert_eq!(Born::parse(written, today), Ok(Born::Day(date(1990, 3, 12))), "{written}");
        }
        assert_eq!(Born::parse("1950", today), Ok(Born::Year(1950)));
        assert_eq!(Born::parse("2026", today), Ok(Born::Year(2026)));
        for (text, code) in [
            ("", "required"),
            ("2027", "date_of_birth_future"),
            ("2026-11-21", "date_of_birth_future"),
            ("1899", "date_form"),
            ("19", "date_form"),
            ("1990-02-30", "date_form"),
            ("1990-03-12T10:00", "date_form"),
            ("+990", "date_form"),
            ("30/2/1990", "date_form"),
            ("3/1990", "date_form"),
            ("+1/+2/1990", "date_form"),
            ("21/11/2026", "date_of_birth_future"),
        ] {
            assert_eq!(Born::parse(text, today), Err(code), "{text}");
        }
        assert_eq!(
            (Born::Year(1950).to_string(), Born::Day(date(1990, 3, 12)).to_string()),
            ("1950".into(), "1990-03-12".into())
        );
    }

    #[test]
    fn the_last_day_below_an_age() {
        assert_eq!(Born::Day(date(2008, 11, 21)).last_day_below(18), date(2026, 11, 20));
        assert_eq!(Born::Day(date(2008, 2, 29)).last_day_below(18), date(2026, 2, 28));
        assert_eq!(Born::Year(2008).last_day_below(18), date(2026, 12, 31));
    }
}
