//! Working time: when something is due, counted as Vietnamese law counts it.
//!
//! # Rules
//! * **Received.** What comes in working time is received then. What comes before the first window, at lunch, after the
//!   last window or on a day off is received when the next window opens. A window holds its first instant and not its
//!   last: at 17:00:00 sharp no working time is left, so that is after hours (and 11:30:00 is lunch).
//! * **The first day is not counted** where days, calendar days or months are counted (Civil Code 2015, article 147.2):
//!   the day on which it was received, by the rule above.
//! * `days`: working days. The last of them is the day due. A day with any window is a whole working day.
//! * `calendar_days`: all days. A last day that is off moves to the next working day (article 148.5).
//! * `months`: to the same day of the month, or to the month's last day where it has no such day, 31 January + 1 month
//!   being 28 or 29 February (article 148.3); a last day that is off moves as above.
//! * **End of the day** is the end of the last window, 17:00, not midnight: an office cannot be in time at night.
//! * `hours`: working hours, counted from the instant of receipt (article 147.1) and only inside windows. An amount
//!   that is used up exactly when a window closes is due then (11:30), not when the next one opens (13:00).
//! * An amount of 0 is due on the day of receipt (`hours`: at the instant of receipt).
//! * **Pauses** ([`Remaining`]): while the applicant has to add papers the clock stands. `hours` go on with what was
//!   left, to the microsecond. Where days are counted, the days after the one of the pause are left, and they are
//!   counted again from the day on which the papers came, which is itself not counted. A pause begins as papers are
//!   received: outside working time with the next opening. Going on at once changes nothing.
//! * **A last day that was moved**: article 148.5 ends the term later, it does not lengthen it. The days off between the
//!   last day as it was counted and the day due were never part of the term, so a pause leaves what is left to the
//!   counted day ([`TermEnd`]), and that moves anew from where the term then ends.
//!
//! Which days are off or worked and which windows a week has is data: `calendars/YEAR.toml`, `working-time.toml`.
//! A year without a calendar is an error that names the file, never a guess.

mod span;
mod term;
mod timeline;
mod week;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

pub use span::{Remaining, TermEnd};
pub use term::{Term, TermUnit};
use timeline::{Moment, Timeline};
use week::Periods;

use crate::{Calendars, City, Declaration, Folder, Manifest, Report};

/// Why a time cannot be computed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the working time cannot be computed without the calendar of {year}; add {file} to the city folder")]
pub struct MissingCalendar {
    pub year: i16,
    /// `calendars/2028.toml`
    pub file: String,
}

/// Thời gian làm việc: working windows of every day for which there is a calendar. Cheap to ask, microseconds.
#[derive(Clone, Debug)]
pub struct WorkingTime {
    zone: TimeZone,
    timeline: Timeline,
}

impl WorkingTime {
    /// When something received `from` that takes `amount` of `unit` is due.
    pub fn due(&self, from: Timestamp, amount: u32, unit: TermUnit) -> Result<Timestamp, MissingCalendar> {
        Ok(self.end(from, Term { amount, unit })?.due)
    }

    /// [`WorkingTime::due`] for a declared term.
    pub fn due_after(&self, from: Timestamp, term: Term) -> Result<Timestamp, MissingCalendar> {
        Ok(self.end(from, term)?.due)
    }

    /// How a term ends of something received `from`.
    pub fn end(&self, from: Timestamp, Term { amount, unit }: Term) -> Result<TermEnd, MissingCalendar> {
        let received = self.received_moment(from)?;
        let counted = match unit {
            TermUnit::Hours => {
                let due = HOUR.checked_mul(amount.into()).and_then(|time| self.timeline.forward(received, time));
                return self.on_time(due);
            }
            TermUnit::Days => return self.on_time(self.timeline.working_day_after(received.day, amount)),
            TermUnit::CalendarDays => received.day.checked_add(amount as usize),
            TermUnit::Months => self.months_after(received.day, amount),
        };
        self.moved(counted)
    }

    /// How a term ends whose last day is set: at the end of that day, or of the next that is worked.
    pub fn end_on(&self, day: Date) -> Result<TermEnd, MissingCalendar> {
        self.moved(Some(self.day_index(day)?))
    }

    /// When something handed in at `at` counts as received: `at` itself in working time, else the next opening.
    pub fn received(&self, at: Timestamp) -> Result<Timestamp, MissingCalendar> {
        let moment = self.received_moment(at)?;
        self.timestamp(moment)
    }

    /// Whether `at` lies in a window.
    pub fn is_working(&self, at: Timestamp) -> Result<bool, MissingCalendar> {
        Ok(self.timeline.is_working(self.moment(at)?))
    }

    /// Whether anyone works on this day.
    pub fn is_working_day(&self, day: Date) -> Result<bool, MissingCalendar> {
        self.day_index(day).map(|index| self.timeline.is_working_day(index))
    }

    /// The working time between two instants; negative when `to` is the earlier one.
    pub fn working_time_between(&self, from: Timestamp, to: Timestamp) -> Result<SignedDuration, MissingCalendar> {
        let (from, to) = (self.moment(from)?, self.moment(to)?);
        Ok(SignedDuration::from_nanos(self.timeline.elapsed(to) - self.timeline.elapsed(from)))
    }

    /// The working days of `(from, to]`: how many days early or, negative, late. Days, not hours.
    pub fn working_days_between(&self, from: Date, to: Date) -> Result<i64, MissingCalendar> {
        let (from, to) = (self.day_index(from)?, self.day_index(to)?);
        Ok(self.timeline.working_days_until(to) - self.timeline.working_days_until(from))
    }

    /// What is left of a term at the instant `at` of a pause. Nothing is left of one that is overdue, or whose last day
    /// was moved and is over.
    pub fn remaining(&self, at: Timestamp, end: TermEnd, unit: TermUnit) -> Result<Remaining, MissingCalendar> {
        let (received, last) = (self.received_moment(at)?, self.moment(end.due)?);
        let left = match unit {
            TermUnit::Hours => (self.timeline.elapsed(last) - self.timeline.elapsed(received)) / MICROSECOND,
            TermUnit::Days => {
                self.timeline.working_days_until(last.day) - self.timeline.working_days_until(received.day)
            }
            TermUnit::CalendarDays | TermUnit::Months => {
                let counted = end.last_day.map_or(Ok(last.day), |day| self.day_index(day))?;
                counted as i64 - received.day as i64
            }
        };
        Ok(Remaining::of(unit, left))
    }

    /// How a term ends that was paused with `left` remaining, if it goes on at `from`.
    pub fn end_of_remaining(&self, from: Timestamp, left: Remaining) -> Result<TermEnd, MissingCalendar> {
        match left {
            Remaining::WorkingDays(amount) => self.end(from, Term { amount, unit: TermUnit::Days }),
            Remaining::CalendarDays(amount) => self.end(from, Term { amount, unit: TermUnit::CalendarDays }),
            Remaining::WorkingMicroseconds(left) => {
                let received = self.received_moment(from)?;
                let left = i64::try_from(left).ok().and_then(|left| left.checked_mul(MICROSECOND));
                self.on_time(left.and_then(|left| self.timeline.forward(received, left)))
            }
        }
    }

    /// The first and the last day that calendars cover; `None` when there is none.
    pub fn covered(&self) -> Option<(Date, Date)> {
        self.timeline.covered()
    }

    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Puts working time together from calendars and weeks; days outside all periods of `weeks` are not worked.
    fn new(zone: TimeZone, weeks: &Periods, calendars: &Calendars) -> Self {
        Self { zone, timeline: Timeline::new(weeks, calendars) }
    }

    fn months_after(&self, day: usize, amount: u32) -> Option<usize> {
        let last = self.timeline.date(day).checked_add(jiff::Span::new().try_months(amount).ok()?).ok()?;
        self.timeline.index(last)
    }

    /// A term that ends where its count ends.
    fn on_time(&self, due: Option<Moment>) -> Result<TermEnd, MissingCalendar> {
        let due = self.timestamp(due.ok_or_else(|| self.missing_after())?)?;
        Ok(TermEnd { due, last_day: None })
    }

    /// A term whose count ends on a day, worked or not.
    fn moved(&self, counted: Option<usize>) -> Result<TermEnd, MissingCalendar> {
        let found = counted.and_then(|counted| Some((counted, self.timeline.working_day_from(counted)?)));
        let (counted, due) = found.ok_or_else(|| self.missing_after())?;
        let last_day = (due.day != counted).then(|| self.timeline.date(counted));
        Ok(TermEnd { due: self.timestamp(due)?, last_day })
    }

    fn received_moment(&self, at: Timestamp) -> Result<Moment, MissingCalendar> {
        let moment = self.moment(at)?;
        self.timeline.received(moment).ok_or_else(|| self.missing_after())
    }

    fn moment(&self, at: Timestamp) -> Result<Moment, MissingCalendar> {
        let local = self.zone.to_datetime(at);
        let time = local.time();
        let seconds = i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second());
        let nanosecond = seconds * SECOND + i64::from(time.subsec_nanosecond());
        Ok(Moment { day: self.day_index(local.date())?, nanosecond })
    }

    fn day_index(&self, day: Date) -> Result<usize, MissingCalendar> {
        self.timeline.index(day).ok_or_else(|| match self.covered() {
            // The first that is missing is the one to add next; the days between it and `day` need theirs too.
            Some((_, last)) if day > last => self.missing_after(),
            _ => missing(day.year()),
        })
    }

    fn timestamp(&self, moment: Moment) -> Result<Timestamp, MissingCalendar> {
        let day = self.timeline.date(moment.day);
        let time = jiff::civil::Time::midnight() + SignedDuration::from_nanos(moment.nanosecond);
        // Fails only at the ends of time, which no calendar reaches.
        self.zone.to_timestamp(day.to_datetime(time)).map_err(|_| missing(day.year()))
    }

    fn missing_after(&self) -> MissingCalendar {
        missing(self.covered().map_or(0, |(_, last)| last.year() + 1))
    }
}

fn missing(year: i16) -> MissingCalendar {
    MissingCalendar { year, file: Calendars::path(year) }
}

const MICROSECOND: i64 = 1_000;
const SECOND: i64 = 1_000_000_000;
const HOUR: i64 = 3_600 * SECOND;

impl Declaration for WorkingTime {
    const NAME: &'static str = "working time";

    fn load(folder: &Folder, report: &mut Report) -> Self {
        // Mistakes in these two are told where they are loaded for themselves.
        let zone = Manifest::load(folder, &mut Report::default()).time_zone;
        let calendars = Calendars::load(folder, &mut Report::default());
        Self::new(zone, &Periods::load(folder, report), &calendars)
    }

    fn check(&self, city: &City, report: &mut Report) {
        let weeks = Periods::load(city.folder(), &mut Report::default());
        let calendars = city.get::<Calendars>();
        if let (Some((first, place)), Some((covered, _))) = (weeks.first(), self.covered())
            && first > covered
        {
            let what = format!("the calendars begin on {covered}, but the first working hours only on {first}");
            report.add(place, what, format!("write from = {covered}, or add a [[period]] before"));
        }
        for (day, worked) in calendars.iter().flat_map(|calendar| &calendar.worked_days) {
            if !weeks.windows(*day).is_empty() {
                report.add(&worked.place, format!("{day} is worked in any case"), "remove it from the days worked");
            }
            if weeks.windows(worked.instead_of).is_empty() {
                let what = format!("{day} makes up for {}, which has no working hours", worked.instead_of);
                report.add(&worked.place, what, "write the date of the day off whose hours it has");
            }
        }
    }
}

#[cfg(test)]
mod tests;
