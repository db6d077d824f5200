//! All days for which there is a calendar in one row, with running sums, so that every question is a binary search.

use jiff::civil::Date;

use super::week::{Periods, Window};
use crate::Calendars;

/// A point of local time: which day of the timeline, and how far into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment {
    pub day: usize,
    pub nanosecond: i64,
}

#[derive(Clone, Debug)]
struct Day {
    windows: Vec<Window>,
    /// Working nanoseconds of all days before.
    elapsed: i64,
    /// Working days before this one.
    working_days: usize,
}

#[derive(Clone, Debug)]
pub(super) struct Timeline {
    first: Option<Date>,
    /// One for each day, and one after the last that holds the sums.
    days: Vec<Day>,
    /// Indexes of the days that are worked.
    worked: Vec<usize>,
}

impl Timeline {
    pub(super) fn new(weeks: &Periods, calendars: &Calendars) -> Self {
        let mut timeline = Self { first: None, days: Vec::new(), worked: Vec::new() };
        let (mut elapsed, mut year_before) = (0, None);
        for calendar in calendars.iter() {
            // A gap has been reported; what lies behind it cannot be counted.
            if year_before.is_some_and(|year| year + 1 != calendar.year) {
                break;
            }
            year_before = Some(calendar.year);
            let Ok(new_year) = Date::new(calendar.year, 1, 1) else { break };
            timeline.first.get_or_insert(new_year);
            for day in new_year.series(jiff::Span::new().days(1)).take_while(|day| day.year() == calendar.year) {
                let windows = match (calendar.worked_days.get(&day), calendar.days_off.contains_key(&day)) {
                    (Some(worked), _) => weeks.windows(worked.instead_of),
                    (None, true) => &[],
                    (None, false) => weeks.windows(day),
                };
                let working_days = timeline.worked.len();
                if !windows.is_empty() {
                    timeline.worked.push(timeline.days.len());
                }
                timeline.days.push(Day { windows: windows.to_vec(), elapsed, working_days });
                elapsed += windows.iter().map(|window| window.end - window.start).sum::<i64>();
            }
        }
        timeline.days.push(Day { windows: Vec::new(), elapsed, working_days: timeline.worked.len() });
        timeline
    }

    pub(super) fn covered(&self) -> Option<(Date, Date)> {
        Some((self.first?, self.date(self.days.len() - 2)))
    }

    pub(super) fn index(&self, date: Date) -> Option<usize> {
        let days = date.duration_since(self.first?).as_hours() / 24;
        usize::try_from(days).ok().filter(|index| *index < self.days.len() - 1)
    }

    /// The date of an index that this timeline gave.
    pub(super) fn date(&self, index: usize) -> Date {
        let first = self.first.unwrap_or_default();
        first.saturating_add(jiff::SignedDuration::from_hours(24 * index as i64))
    }

    pub(super) fn is_working_day(&self, index: usize) -> bool {
        !self.days[index].windows.is_empty()
    }

    pub(super) fn is_working(&self, at: Moment) -> bool {
        self.days[at.day].windows.iter().any(|w| w.start <= at.nanosecond && at.nanosecond < w.end)
    }

    /// The moment itself inside a window, else the start of the next one.
    pub(super) fn received(&self, at: Moment) -> Option<Moment> {
        if let Some(window) = self.days[at.day].windows.iter().find(|window| at.nanosecond < window.end) {
            return Some(Moment { day: at.day, nanosecond: at.nanosecond.max(window.start) });
        }
        let after = self.worked.partition_point(|&day| day <= at.day);
        let day = *self.worked.get(after)?;
        let window = self.days[day].windows.first()?;
        Some(Moment { day, nanosecond: window.start })
    }

    /// Working nanoseconds before a moment, from the first day on.
    pub(super) fn elapsed(&self, at: Moment) -> i64 {
        let day = &self.days[at.day];
        let today = day.windows.iter().map(|w| (at.nanosecond.min(w.end) - w.start).max(0)).sum::<i64>();
        day.elapsed + today
    }

    /// The moment at which `nanoseconds` of working time have gone by since `from`, which lies in a window.
    pub(super) fn forward(&self, from: Moment, nanoseconds: i64) -> Option<Moment> {
        if nanoseconds == 0 {
            return Some(from);
        }
        let target = self.elapsed(from).checked_add(nanoseconds)?;
        // The first day at whose end the target is reached: "at least", so that a closing window is its own end.
        let day = self.days.partition_point(|day| day.elapsed < target).checked_sub(1)?;
        let mut left = target - self.days[day].elapsed;
        for window in &self.days[day].windows {
            let length = window.end - window.start;
            if left <= length {
                return Some(Moment { day, nanosecond: window.start + left });
            }
            left -= length;
        }
        None
    }

    /// Working days up to and with the day `index`.
    pub(super) fn working_days_until(&self, index: usize) -> i64 {
        self.days[index].working_days as i64 + i64::from(self.is_working_day(index))
    }

    /// The end of the `amount`th working day after `index`, which is worked itself.
    pub(super) fn working_day_after(&self, index: usize, amount: u32) -> Option<Moment> {
        let nth = self.days[index].working_days.checked_add(amount as usize)?;
        self.worked.get(nth).and_then(|&day| self.closing(day))
    }

    /// The end of the first working day that is `index` or later.
    pub(super) fn working_day_from(&self, index: usize) -> Option<Moment> {
        let nth = self.worked.partition_point(|&day| day < index);
        self.worked.get(nth).and_then(|&day| self.closing(day))
    }

    fn closing(&self, day: usize) -> Option<Moment> {
        self.days[day].windows.last().map(|window| Moment { day, nanosecond: window.end })
    }
}
