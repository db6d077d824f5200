//! `working-time.toml`: the working windows of a week, from a date on.

use std::fmt;

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Deserializer, de};
use songhan_base::Text;

use crate::{Folder, Place, Placed, Report};

/// From when to when someone works, in nanoseconds of the day: its first instant belongs to it, its last does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub start: i64,
    pub end: i64,
}

impl<'de> Deserialize<'de> for Window {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = Window;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a window such as \"07:30-11:30\"")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Window, E> {
                let minute = |text: &str| -> Option<i64> {
                    let (hour, minute) = text.split_once(':')?;
                    let digits = hour.len() == 2 && minute.len() == 2;
                    let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
                    (digits && (0..=23).contains(&hour) && (0..=59).contains(&minute)).then_some(hour * 60 + minute)
                };
                let window = text.split_once('-').and_then(|(start, end)| Some((minute(start)?, minute(end)?)));
                match window {
                    Some((start, end)) if start < end => {
                        Ok(Window { start: start * 60 * super::SECOND, end: end * 60 * super::SECOND })
                    }
                    _ => Err(E::invalid_value(de::Unexpected::Str(text), &self)),
                }
            }
        }

        deserializer.deserialize_str(Visitor)
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Week {
    monday: Vec<Window>,
    tuesday: Vec<Window>,
    wednesday: Vec<Window>,
    thursday: Vec<Window>,
    friday: Vec<Window>,
    saturday: Vec<Window>,
    sunday: Vec<Window>,
}

impl Week {
    fn days(&self) -> [(&'static str, &[Window]); 7] {
        [
            ("monday", &self.monday),
            ("tuesday", &self.tuesday),
            ("wednesday", &self.wednesday),
            ("thursday", &self.thursday),
            ("friday", &self.friday),
            ("saturday", &self.saturday),
            ("sunday", &self.sunday),
        ]
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Period {
    from: Placed<From>,
    #[serde(rename = "source")]
    _source: Text,
    week: Week,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(transparent)]
struct From(#[serde(deserialize_with = "crate::date")] Date);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    period: Vec<Period>,
}

/// The weeks that have been in force, oldest first; each holds until the next begins.
#[derive(Clone, Debug, Default)]
pub(super) struct Periods(Vec<Period>);

impl Periods {
    pub(super) fn load(folder: &Folder, report: &mut Report) -> Self {
        let file = folder.toml::<File>("working-time.toml", report);
        let mut periods = file.map_or_else(Vec::new, |file| file.period);
        periods.sort_by_key(|period| period.from.0);
        for (n, period) in periods.iter().enumerate() {
            if n > 0 && periods[n - 1].from.0 == period.from.0 {
                report.add(period.from.place(), "two periods begin on the same day", "remove one of the two");
            }
            for (name, windows) in period.week.days() {
                if windows.windows(2).any(|pair| pair[1].start < pair[0].end) {
                    let what = format!("the windows of {name} overlap or are out of order");
                    report.add(period.from.place(), what, "write them from morning to evening");
                }
            }
            if period.week.days().iter().all(|(_, windows)| windows.is_empty()) {
                report.add(
                    period.from.place(),
                    "the week has no window",
                    "write monday = [\"07:30-11:30\", \"13:00-17:00\"] …",
                );
            }
        }
        Self(periods)
    }

    /// When the first period begins, and where that is declared.
    pub(super) fn first(&self) -> Option<(Date, &Place)> {
        self.0.first().map(|period| (period.from.0, period.from.place()))
    }

    /// The windows that a day has by its weekday alone, holidays not considered.
    pub(super) fn windows(&self, day: Date) -> &[Window] {
        let Some(period) = self.0.iter().rev().find(|period| period.from.0 <= day) else { return &[] };
        match day.weekday() {
            Weekday::Monday => &period.week.monday,
            Weekday::Tuesday => &period.week.tuesday,
            Weekday::Wednesday => &period.week.wednesday,
            Weekday::Thursday => &period.week.thursday,
            Weekday::Friday => &period.week.friday,
            Weekday::Saturday => &period.week.saturday,
            Weekday::Sunday => &period.week.sunday,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_name_their_line() {
        let file = |week: &str| format!("[[period]]\nfrom = 2024-01-01\nsource = \"x\"\n[period.week]\n{week}\n");
        for (week, expected) in [
            (
                "monday = [\"7:30-11:30\"]",
                "working-time.toml:5: invalid value: string \"7:30-11:30\", expected a window",
            ),
            ("monday = [\"11:30-07:30\"]", "working-time.toml:5: invalid value"),
            ("monday = [\"13:00-17:00\", \"07:30-11:30\"]", "working-time.toml:2: the windows of monday overlap"),
            ("", "working-time.toml:2: the week has no window"),
            ("funday = []", "working-time.toml:5: unknown key `funday`"),
        ] {
            let mut report = Report::default();
            Periods::load(&Folder::from_texts([("working-time.toml", &*file(week))]), &mut report);
            assert!(report.to_string().starts_with(expected), "{week} gave {report}");
        }
    }
}
