//! A second opinion on due times: computed from the history of a case alone, day by day and window by window, the slow
//! way, with nothing of the engine in it but which days are worked.

use std::collections::HashMap;

use jiff::civil::{Date, DateTime, Time, time};
use jiff::{SignedDuration, Timestamp, ToSpan};
use songhan_city::{Term, TermUnit, WorkingTime};

use crate::{Clock, Extension};

/// One line of the history.
pub struct Entry {
    pub at: Timestamp,
    pub state: String,
    pub clock: Clock,
    pub extension: Option<Extension>,
}

/// The due times of the case and of its present stage.
pub fn due(
    term: Option<Term>,
    stages: &[(&str, Term)],
    history: &[Entry],
    days: &WorkingTime,
) -> (Option<DateTime>, Option<DateTime>) {
    let slow = Slow(days);
    let (mut due, mut left) = (None::<End>, None::<u64>);
    let (mut stage_due, mut stage_left) = (None::<End>, HashMap::<&str, u64>::new());
    let mut before: Option<&Entry> = None;
    for entry in history {
        let at = slow.local(entry.at);
        if let Some((extension, old)) = entry.extension.zip(due) {
            due = Some(slow.extended(extension, old.0, at));
            stage_due = stage_due.and(due);
        }
        let was_running = before.is_some_and(|before| before.clock == Clock::Running);
        let runs = entry.clock == Clock::Running;
        if let Some(term) = term {
            if runs && !was_running {
                due = Some(match left.take() {
                    Some(left) => slow.go_on(at, left, term.unit),
                    None => slow.begin(at, term),
                });
            }
            if was_running && !runs && entry.clock != Clock::Stopped {
                left = due.take().map(|due| slow.left(at, due, term.unit));
            }
        }
        if before.is_none_or(|before| before.state != entry.state) {
            if let Some((state, term)) = before.and_then(|b| stages.iter().find(|(state, _)| *state == b.state))
                && let Some(due) = stage_due.take()
            {
                stage_left.insert(state, slow.left(at, due, term.unit));
            }
            let stage = stages.iter().find(|(state, _)| *state == entry.state).filter(|_| runs);
            stage_due = stage.map(|(state, term)| match stage_left.remove(state) {
                Some(left) => slow.go_on(at, left, term.unit),
                None => slow.begin(at, *term),
            });
        }
        before = Some(entry);
    }
    (due.map(|end| end.0), stage_due.map(|end| end.0))
}

/// When something is due, and the last day as it was counted.
type End = (DateTime, Date);

struct Slow<'a>(&'a WorkingTime);

const WINDOWS: [(Time, Time); 2] = [(time(7, 30, 0, 0), time(11, 30, 0, 0)), (time(13, 0, 0, 0), time(17, 0, 0, 0))];
const CLOSING: Time = time(17, 0, 0, 0);

impl Slow<'_> {
    fn local(&self, at: Timestamp) -> DateTime {
        self.0.zone().to_datetime(at)
    }

    fn works(&self, day: Date) -> bool {
        self.0.is_working_day(day).unwrap()
    }

    fn next(&self, mut day: Date) -> Date {
        loop {
            day = day.tomorrow().unwrap();
            if self.works(day) {
                return day;
            }
        }
    }

    /// The day itself, or the next that is worked.
    fn worked(&self, day: Date) -> Date {
        if self.works(day) { day } else { self.next(day) }
    }

    /// The day on which something counts as received.
    fn day(&self, at: DateTime) -> Date {
        if self.works(at.date()) && at.time() < CLOSING { at.date() } else { self.next(at.date()) }
    }

    fn begin(&self, at: DateTime, term: Term) -> End {
        match term.unit {
            TermUnit::Hours => self.hours(at, u64::from(term.amount) * 3_600_000_000),
            _ => self.days(self.day(at), term),
        }
    }

    fn days(&self, mut day: Date, term: Term) -> End {
        match term.unit {
            TermUnit::Days => (0..term.amount).for_each(|_| day = self.next(day)),
            TermUnit::CalendarDays => day = day.checked_add(i64::from(term.amount).days()).unwrap(),
            _ => day = day.checked_add(i64::from(term.amount).months()).unwrap(),
        }
        (self.worked(day).to_datetime(CLOSING), day)
    }

    fn go_on(&self, at: DateTime, left: u64, unit: TermUnit) -> End {
        if unit == TermUnit::Hours {
            return self.hours(at, left);
        }
        let unit = if unit == TermUnit::Days { unit } else { TermUnit::CalendarDays };
        self.days(self.day(at), Term { amount: u32::try_from(left).unwrap(), unit })
    }

    fn hours(&self, at: DateTime, mut left: u64) -> End {
        let mut day = at.date();
        loop {
            for (from, to) in WINDOWS.into_iter().filter(|_| self.works(day)) {
                let (from, to) = (day.to_datetime(from).max(at), day.to_datetime(to));
                if from >= to {
                    continue;
                }
                let there = micros(from, to);
                if left <= there {
                    let due = from + SignedDuration::from_micros(i64::try_from(left).unwrap());
                    return (due, due.date());
                }
                left -= there;
            }
            day = day.tomorrow().unwrap();
        }
    }

    fn left(&self, at: DateTime, (due, counted): End, unit: TermUnit) -> u64 {
        let (mut day, last) = (self.day(at), due.date());
        match unit {
            TermUnit::Hours => {
                let (mut left, mut day) = (0, at.date());
                while day <= last {
                    for (from, to) in WINDOWS.into_iter().filter(|_| self.works(day)) {
                        let (from, to) = (day.to_datetime(from).max(at), day.to_datetime(to).min(due));
                        left += if from < to { micros(from, to) } else { 0 };
                    }
                    day = day.tomorrow().unwrap();
                }
                left
            }
            TermUnit::Days => {
                let mut left = 0;
                while day < last {
                    day = self.next(day);
                    left += 1;
                }
                left
            }
            _ => {
                let mut left = 0;
                while day < counted {
                    day = day.tomorrow().unwrap();
                    left += 1;
                }
                left
            }
        }
    }

    fn extended(&self, extension: Extension, old: DateTime, at: DateTime) -> End {
        match extension {
            Extension::Until(day) => (self.worked(day).to_datetime(CLOSING), day),
            Extension::By(term) if old <= at => self.begin(at, term),
            Extension::By(term) if term.unit == TermUnit::Hours => self.begin(old, term),
            Extension::By(term) => self.days(old.date(), term),
        }
    }
}

fn micros(from: DateTime, to: DateTime) -> u64 {
    u64::try_from(to.duration_since(from).as_micros()).unwrap()
}
