//! How a term ends, and what is left of it while its clock stands.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::TermUnit;

/// The end of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TermEnd {
    /// Hết hạn.
    pub due: Timestamp,
    /// Ngày cuối của thời hạn as it was counted, where that is a day off and the end was moved to a working day.
    pub last_day: Option<Date>,
}

/// What is left of a term. Kept with the paused case, as JSON: `{"working_days":2}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Remaining {
    /// Of `hours`.
    WorkingMicroseconds(u64),
    /// Of `days`.
    WorkingDays(u32),
    /// Of `calendar_days` and `months`.
    CalendarDays(u32),
}

impl Remaining {
    /// `left` in the measure of `unit`; nothing where it is negative.
    pub(super) fn of(unit: TermUnit, left: i64) -> Self {
        let days = u32::try_from(left.max(0)).unwrap_or(u32::MAX);
        match unit {
            TermUnit::Hours => Self::WorkingMicroseconds(left.max(0).unsigned_abs()),
            TermUnit::Days => Self::WorkingDays(days),
            TermUnit::CalendarDays | TermUnit::Months => Self::CalendarDays(days),
        }
    }
}
