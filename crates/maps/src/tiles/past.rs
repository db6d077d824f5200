//! `at`: tiles and styles as of a day of the city.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use songhan_app::{App, IntoProblem, Problem};

/// What was said cannot be read as a day.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("at={0} is no day; write it as 2026-11-20")]
pub struct Wrong(String);

impl IntoProblem for Wrong {
    fn into_problem(self) -> Problem {
        Problem::bad_request(self.to_string())
    }
}

/// The day that is asked for; none is now, and so are today and what lies ahead.
pub fn day(app: &App, text: Option<&str>) -> Result<Option<Date>, Wrong> {
    let Some(text) = text else { return Ok(None) };
    let wrong = || Wrong(text.chars().take(40).collect());
    let day: Date = text.parse().ok().filter(|_| text.len() == 10).ok_or_else(wrong)?;
    Ok(Some(day).filter(|day| *day < app.today()))
}

/// A day means its end in the city.
pub fn moment(app: &App, day: Date) -> Option<Timestamp> {
    let next = day.tomorrow().ok()?.to_zoned(app.zone.clone()).ok()?.timestamp();
    next.checked_sub(SignedDuration::from_micros(1)).ok()
}
