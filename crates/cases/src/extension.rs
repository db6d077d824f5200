//! Gia hạn: a case that cannot be finished in time gets a later due time, with an apology (form 04), a limited number
//! of times.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use songhan_city::{MissingCalendar, Term, TermEnd, TermUnit, WorkingTime};
use songhan_db::At;

use crate::transition::soon_until;
use crate::{Action, Case, Rejection, stage};

/// How much later a case shall be due. Written `3 days` or `2026-12-04`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extension {
    /// So much more, counted from the old due time; from the present where that is past.
    By(Term),
    /// At the end of this day; a day off moves to the next working day (Civil Code 2015, article 148.5).
    Until(Date),
}

/// The longest term that is given at once.
const AMOUNT_MAX: u32 = 1_000;

impl fmt::Display for Extension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::By(term) => write!(f, "{} {}", term.amount, term.unit),
            Self::Until(day) => write!(f, "{day}"),
        }
    }
}

impl FromStr for Extension {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no extension; write a term such as `3 days`, or a date such as 2026-12-04");
        match text.split_once(' ') {
            Some((amount, unit)) => {
                let (amount, unit) = (amount.parse().map_err(|_| wrong())?, unit.parse().map_err(|_| wrong())?);
                Ok(Self::By(Term { amount, unit }))
            }
            // A whole date alone: jiff would also read one with a time behind it.
            None if text.len() == "2026-12-04".len() => text.parse().map(Self::Until).map_err(|_| wrong()),
            None => Err(wrong()),
        }
    }
}

impl Extension {
    /// How the term of a case that was due at `old` ends with it.
    pub(crate) fn end(self, old: Timestamp, now: Timestamp, time: &WorkingTime) -> Result<TermEnd, MissingCalendar> {
        match self {
            Self::By(term) if old <= now => time.end(now, term),
            // Hours go on at the instant; where days are counted, the old last day is the one that is not counted, and
            // its closing instant belongs to it.
            Self::By(term) if term.unit == TermUnit::Hours => time.end(old, term),
            Self::By(term) => time.end(old - SignedDuration::from_micros(1), term),
            Self::Until(day) => time.end_on(day),
        }
    }
}

/// Gives a running case its new due time, checked against the old one.
pub(crate) fn extend(
    case: &mut Case,
    action: &Action,
    given: Option<Extension>,
    now: Timestamp,
    time: &WorkingTime,
) -> Result<(), Rejection> {
    if !action.extends() {
        return match given {
            Some(_) => Err(Rejection::ExtensionRefused(action.id.clone())),
            None => Ok(()),
        };
    }
    let most = action.extensions_max.unwrap_or(0);
    if case.extensions >= i64::from(most) {
        return Err(Rejection::ExtensionsUsedUp { action: action.id.clone(), most });
    }
    let given = given.ok_or_else(|| Rejection::ExtensionMissing(action.id.clone()))?;
    if matches!(given, Extension::By(term) if term.amount > AMOUNT_MAX) {
        return Err(Rejection::ExtensionTooLong { most: AMOUNT_MAX });
    }
    let old = case.due_at.ok_or_else(|| Rejection::NothingToExtend(action.id.clone()))?.0;
    let end = given.end(old, now, time)?;
    let due = end.due;
    if due <= old.max(now) {
        return Err(Rejection::ExtensionTooShort { due: due.max(old) });
    }
    case.extensions += 1;
    case.first_late_at = case.first_late_at.or(case.late_at);
    (case.due_at, case.last_day, case.late_at) = (Some(At(due)), end.last_day, None);
    let soon = soon_until(now, time).is_ok_and(|until| due <= until).then_some(At(now));
    case.soon_at = soon;
    // Who extends a case answers for the step at hand: it gets the whole of the new time.
    if case.stage_due_at.is_some() {
        stage::set(case, end);
        (case.stage_soon_at, case.stage_late_at) = (soon, None);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use songhan_city::City;

    use super::*;

    static CITY: LazyLock<City> = LazyLock::new(|| City::load(songhan_city::Folder::embedded(), []).0);

    fn at(text: &str) -> Timestamp {
        format!("{text}+07:00").parse().unwrap()
    }

    fn due(given: &str, old: &str, now: &str) -> String {
        let time = CITY.working_time();
        let end = given.parse::<Extension>().unwrap().end(at(old), at(now), time).unwrap();
        time.zone().to_datetime(end.due).to_string()
    }

    #[test]
    fn terms_go_on_from_the_old_due_time_or_from_now() {
        // Due on Wednesday at closing time: one day more is Thursday.
        assert_eq!(due("1 days", "2026-11-18T17:00:00", "2026-11-17T09:00:00"), "2026-11-19T17:00:00");
        // Friday and two days: Monday, and Wednesday behind the Vietnam Cultural Day.
        assert_eq!(due("2 days", "2026-11-20T17:00:00", "2026-11-18T09:00:00"), "2026-11-25T17:00:00");
        assert_eq!(due("4 hours", "2026-11-18T10:30:00", "2026-11-18T09:00:00"), "2026-11-18T16:00:00");
        assert_eq!(due("2 hours", "2026-11-18T17:00:00", "2026-11-18T09:00:00"), "2026-11-19T09:30:00");
        assert_eq!(due("3 calendar_days", "2026-11-18T17:00:00", "2026-11-17T09:00:00"), "2026-11-23T17:00:00");
        // Late already: from now, the first day not counted.
        assert_eq!(due("2 days", "2026-11-12T17:00:00", "2026-11-18T09:00:00"), "2026-11-20T17:00:00");
        // A date ends with its last window; a Sunday and a holiday behind it move on.
        assert_eq!(due("2026-11-27", "2026-11-20T17:00:00", "2026-11-18T09:00:00"), "2026-11-27T17:00:00");
        assert_eq!(due("2026-11-24", "2026-11-20T17:00:00", "2026-11-18T09:00:00"), "2026-11-25T17:00:00");
    }

    #[test]
    fn extensions_go_through_their_text() {
        for text in ["3 days", "8 hours", "2 months", "2026-12-04"] {
            assert_eq!(text.parse::<Extension>().unwrap().to_string(), text);
        }
        for wrong in ["", "3", "days", "3 weeks", "-1 days", "2026-13-01", "2026-12-04T00:00", "99999999999 days"] {
            assert!(wrong.parse::<Extension>().unwrap_err().contains("write a term"), "{wrong}");
        }
    }
}
