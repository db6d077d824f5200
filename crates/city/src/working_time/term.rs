//! A term: so many working days, working hours, calendar days or months.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What a term is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TermUnit {
    /// Ngày làm việc.
    Days,
    /// Giờ làm việc.
    Hours,
    /// Ngày.
    CalendarDays,
    /// Tháng.
    Months,
}

impl TermUnit {
    pub const ALL: [Self; 4] = [Self::Days, Self::Hours, Self::CalendarDays, Self::Months];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Days => "days",
            Self::Hours => "hours",
            Self::CalendarDays => "calendar_days",
            Self::Months => "months",
        }
    }
}

impl fmt::Display for TermUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for TermUnit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|unit| unit.as_str() == text)
            .ok_or_else(|| format!("{text:?} is no unit of time; use days, hours, calendar_days or months"))
    }
}

/// Thời hạn giải quyết, as declared: `deadline = { amount = 3, unit = "days" }`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    pub amount: u32,
    pub unit: TermUnit,
}
