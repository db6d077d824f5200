//! `calendars/YEAR.toml`: the days off and the make-up working days that were decided for each year.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use serde::Deserialize;
use songhan_base::Text;

use crate::{Declaration, Folder, Place, Placed, Report};

/// Lịch nghỉ lễ, tết và làm bù của một năm.
#[derive(Clone, Debug)]
pub struct Calendar {
    pub year: i16,
    pub days_off: BTreeMap<Date, DayOff>,
    pub worked_days: BTreeMap<Date, WorkedDay>,
}

/// Ngày nghỉ.
#[derive(Clone, Debug)]
pub struct DayOff {
    pub name: Text,
    /// The law or decision behind it.
    pub source: Text,
    /// Not decided yet: what follows from the law alone, or a proposal.
    pub provisional: bool,
}

/// Ngày làm bù.
#[derive(Clone, Debug)]
pub struct WorkedDay {
    /// The day off it makes up for, whose hours it has.
    pub instead_of: Date,
    pub name: Text,
    pub source: Text,
    pub provisional: bool,
    /// Where it is declared.
    pub place: Place,
}

/// The calendars of all years there are.
#[derive(Clone, Debug, Default)]
pub struct Calendars {
    years: BTreeMap<i16, Calendar>,
}

impl Calendars {
    pub fn iter(&self) -> impl Iterator<Item = &Calendar> {
        self.years.values()
    }

    pub fn year(&self, year: i16) -> Option<&Calendar> {
        self.years.get(&year)
    }

    pub fn day_off(&self, day: Date) -> Option<&DayOff> {
        self.year(day.year())?.days_off.get(&day)
    }

    pub fn worked_day(&self, day: Date) -> Option<&WorkedDay> {
        self.year(day.year())?.worked_days.get(&day)
    }

    /// Whether something of a year is not decided yet, so that a date in it may still move.
    pub fn is_provisional(&self, year: i16) -> bool {
        self.year(year).is_none_or(|calendar| {
            calendar.days_off.values().any(|day| day.provisional)
                || calendar.worked_days.values().any(|day| day.provisional)
        })
    }

    /// Where the calendar of a year stands, or should stand.
    pub fn path(year: i16) -> String {
        format!("calendars/{year}.toml")
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    year: Placed<i16>,
    #[serde(default)]
    off: Vec<Off>,
    #[serde(default)]
    worked: Vec<Worked>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Off {
    from: Placed<Day>,
    until: Option<Placed<Day>>,
    name: Text,
    source: Text,
    #[serde(default)]
    provisional: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Worked {
    date: Placed<Day>,
    instead_of: Placed<Day>,
    name: Text,
    source: Text,
    #[serde(default)]
    provisional: bool,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(transparent)]
struct Day(#[serde(deserialize_with = "crate::date")] Date);

impl File {
    fn calendar(self, name: &str, report: &mut Report) -> Calendar {
        let year = *self.year;
        if name != year.to_string() {
            report.add(
                self.year.place(),
                format!("the file {name}.toml is of the year {year}"),
                "correct one of the two",
            );
        }
        let mut calendar = Calendar { year, days_off: BTreeMap::new(), worked_days: BTreeMap::new() };
        for off in self.off {
            let until = off.until.as_ref().unwrap_or(&off.from);
            if until.0 < off.from.0 {
                report.add(until.place(), "`until` lies before `from`", "write the last day off");
            }
            if off.from.0.year() != year || until.0.year() != year {
                report.add(off.from.place(), "the days off are of another year", "move them to that year's file");
                continue;
            }
            for day in off.from.0.series(jiff::Span::new().days(1)).take_while(|day| *day <= until.0) {
                let entry = DayOff { name: off.name.clone(), source: off.source.clone(), provisional: off.provisional };
                if calendar.days_off.insert(day, entry).is_some() {
                    report.add(off.from.place(), format!("{day} is off twice"), "shorten or remove one of the two");
                }
            }
        }
        for worked in self.worked {
            let (day, instead_of) = (worked.date.0, worked.instead_of.0);
            if day.year() != year {
                report.add(worked.date.place(), "the day worked is of another year", "move it to that year's file");
            }
            if calendar.days_off.contains_key(&day) {
                report.add(worked.date.place(), format!("{day} is both off and worked"), "remove one of the two");
            }
            let weekend = [Weekday::Saturday, Weekday::Sunday].contains(&instead_of.weekday());
            if weekend || instead_of.year() == year && !calendar.days_off.contains_key(&instead_of) {
                let what = format!("{instead_of}, which {day} makes up for, is not off in working days");
                report.add(worked.instead_of.place(), what, "add it as a day off, or correct the date");
            }
            let place = worked.date.place().clone();
            let Worked { name, source, provisional, .. } = worked;
            calendar.worked_days.insert(day, WorkedDay { instead_of, name, source, provisional, place });
        }
        calendar
    }
}

impl Declaration for Calendars {
    const NAME: &'static str = "calendars";

    fn load(folder: &Folder, report: &mut Report) -> Self {
        let mut years = BTreeMap::new();
        for file in folder.tomls::<File>("calendars", report) {
            let place = file.place;
            let calendar = file.value.calendar(&file.name, report);
            if years.insert(calendar.year, calendar).is_some() {
                report.add(&place, "the year has two calendars", "put them together in one file");
            }
        }
        let gap = years.keys().zip(years.keys().skip(1)).find(|(year, next)| **next != **year + 1);
        if let Some((year, _)) = gap {
            let place = Place::file(Self::path(year + 1));
            report.add(&place, "the calendar between two years is missing", "write it: deadlines cross it");
        }
        if years.is_empty() {
            let place = Place::file("calendars");
            report.add(&place, "there is no calendar", "write one file a year, such as calendars/2026.toml");
        }
        Self { years }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn load(text: &str) -> (Calendars, String) {
        let mut report = Report::default();
        let calendars = Calendars::load(&Folder::from_texts([("calendars/2026.toml", text)]), &mut report);
        (calendars, report.to_string())
    }

    #[test]
    fn danang_has_four_years_and_the_last_is_provisional() {
        let mut report = Report::default();
        let calendars = Calendars::load(&Folder::embedded(), &mut report);
        assert!(report.is_empty(), "{report}");
        assert_eq!(calendars.iter().map(|c| c.year).collect::<Vec<_>>(), [2024, 2025, 2026, 2027]);
        assert!(!calendars.is_provisional(2026) && calendars.is_provisional(2027) && calendars.is_provisional(2031));
        assert!(calendars.day_off(date(2026, 1, 2)).is_some());
        assert_eq!(calendars.worked_day(date(2026, 1, 10)).unwrap().instead_of, date(2026, 1, 2));
        assert!(calendars.day_off(date(2026, 11, 24)).is_some());
    }

    #[test]
    fn mistakes_name_their_line() {
        let off = "[[off]]\nfrom = 2026-01-01\nname = \"a\"\nsource = \"b\"\n";
        let cases = [
            ("year = 2025\n".to_owned(), "calendars/2026.toml:1: the file 2026.toml is of the year 2025; "),
            (format!("year = 2026\n{off}{off}"), "calendars/2026.toml:7: 2026-01-01 is off twice; "),
            (
                "year = 2026\n[[worked]]\ndate = 2026-01-10\ninstead_of = 2026-01-02\nname = \"a\"\nsource = \"b\"\n"
                    .to_owned(),
                "calendars/2026.toml:4: 2026-01-02, which 2026-01-10 makes up for, is not off",
            ),
            (
                "year = 2026\n[[off]]\nfrom = 2027-01-01\nname = \"a\"\nsource = \"b\"\n".to_owned(),
                "calendars/2026.toml:3",
            ),
            (
                "year = 2026\n[[off]]\nfrom = \"1/1\"\nname = \"a\"\nsource = \"b\"\n".to_owned(),
                "calendars/2026.toml:3",
            ),
        ];
        for (text, expected) in cases {
            let (_, report) = load(&text);
            assert!(report.starts_with(expected), "{text} gave {report}");
        }
    }
}
