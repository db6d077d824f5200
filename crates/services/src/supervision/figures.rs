//! What is counted, and what each event adds to it. Pure: the same events give the same figures, whenever they are read.

use std::ops::AddAssign;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use songhan_cases::{CaseActed, CaseExtended, CaseOverdue, CaseRef, Clock, National};
use songhan_db::Recorded;

use crate::CASE_KIND;
use crate::dossier::{Channel, DossierSubmitted};

/// Số liệu giám sát of a unit, a procedure, a month, or of several together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, sqlx::FromRow, utoipa::ToSchema)]
#[schema(as = SupervisionFigures)]
pub struct Figures {
    /// Tiếp nhận: handed in.
    #[schema(example = 1200)]
    pub received: i64,
    /// Of these, online.
    #[schema(example = 960)]
    pub online: i64,
    /// Giải quyết đúng hạn: finished by the date that was promised.
    #[schema(example = 1100)]
    pub in_time: i64,
    /// Giải quyết quá hạn: finished after it, or extended only when it was already past.
    #[schema(example = 8)]
    pub late: i64,
    /// Finished, with no date promised.
    #[schema(example = 2)]
    pub unpromised: i64,
    /// Từ chối tiếp nhận.
    #[schema(example = 11)]
    pub refused: i64,
    /// Công dân rút.
    #[schema(example = 3)]
    pub withdrawn: i64,
    /// Dừng xử lý.
    #[schema(example = 1)]
    pub stopped: i64,
    /// Gia hạn, xin lỗi.
    #[schema(example = 4)]
    pub extended: i64,
    /// Working time of what was finished, pauses left out, in microseconds.
    #[schema(example = 32_400_000_000_i64)]
    pub worked_us: i64,
    /// Đang giải quyết now. Of a month: by how much it has grown.
    #[schema(example = 85)]
    pub open: i64,
    /// Of these, past the date that was promised.
    #[schema(example = 2)]
    pub open_late: i64,
}

impl Figures {
    /// Those that came to a result.
    pub const fn finished(&self) -> i64 {
        self.in_time + self.late + self.unpromised
    }

    /// Tỷ lệ đúng hạn, in percent of those with a date; `None` where there is none.
    pub fn in_time_percent(&self) -> Option<f64> {
        percent(self.in_time, self.in_time + self.late)
    }

    /// Tỷ lệ nộp trực tuyến, in percent.
    pub fn online_percent(&self) -> Option<f64> {
        percent(self.online, self.received)
    }

    /// Mean working time of what was finished, in hours.
    pub fn mean_hours(&self) -> Option<f64> {
        let finished = self.finished();
        (finished > 0).then(|| tenths(self.worked_us as f64 / finished as f64 / 3_600_000_000.0))
    }
}

fn percent(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| tenths(part as f64 * 100.0 / whole as f64))
}

fn tenths(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

impl AddAssign for Figures {
    fn add_assign(&mut self, other: Self) {
        self.received += other.received;
        self.online += other.online;
        self.in_time += other.in_time;
        self.late += other.late;
        self.unpromised += other.unpromised;
        self.refused += other.refused;
        self.withdrawn += other.withdrawn;
        self.stopped += other.stopped;
        self.extended += other.extended;
        self.worked_us += other.worked_us;
        self.open += other.open;
        self.open_late += other.open_late;
    }
}

/// What an event adds, and to whose figures. The month's `open` and `open_late` are also what is added to the present.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// `2026-11`
    pub month: String,
    pub unit: String,
    /// Code of the procedure.
    pub topic: String,
    pub figures: Figures,
}

/// The month of a moment, as it is written in figures and addresses.
pub fn month_of(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m").to_string()
}

/// What an event changes; `None` where it changes nothing that is counted.
pub fn change(event: &Recorded, zone: &TimeZone) -> Option<Change> {
    let made = |unit: String, topic: String, figures: Figures| {
        let changes = figures != Figures::default();
        changes.then(|| Change { month: month_of(event.at.0, zone), unit, topic, figures })
    };
    if let Some(submitted) = event.read::<DossierSubmitted>() {
        let online = i64::from(submitted.channel == Channel::Online.number());
        let figures = Figures { received: 1, online, open: 1, ..Figures::default() };
        return made(submitted.unit, submitted.procedure, figures);
    }
    if let Some(acted) = event.read::<CaseActed>().filter(|acted| ours(&acted.about)) {
        let figures = ended(&acted);
        return made(acted.about.unit, acted.about.topic, figures);
    }
    if let Some(late) = event.read::<CaseOverdue>().filter(|late| ours(&late.about)) {
        return made(late.about.unit, late.about.topic, Figures { open_late: 1, ..Figures::default() });
    }
    if let Some(extended) = event.read::<CaseExtended>().filter(|extended| ours(&extended.about)) {
        let open_late = -i64::from(extended.was_late);
        let figures = Figures { extended: 1, open_late, ..Figures::default() };
        return made(extended.about.unit, extended.about.topic, figures);
    }
    None
}

fn ours(about: &CaseRef) -> bool {
    about.kind == CASE_KIND
}

/// A dossier is dealt with when its clock stops: what follows, issuing and handing over, is no part of the term.
fn ended(acted: &CaseActed) -> Figures {
    let (before, after) = (acted.clock_before, acted.clock);
    if after != Some(Clock::Stopped) || before == Some(Clock::Stopped) {
        return Figures::default();
    }
    let left = Figures { open: -1, open_late: -i64::from(acted.late), ..Figures::default() };
    match (acted.national, acted.in_time) {
        (National::NotAccepted, _) => Figures { refused: 1, ..left },
        (National::Withdrawn, _) => Figures { withdrawn: 1, ..left },
        (National::Stopped, _) => Figures { stopped: 1, ..left },
        (_, Some(true)) => Figures { in_time: 1, worked_us: acted.worked_us, ..left },
        (_, Some(false)) => Figures { late: 1, worked_us: acted.worked_us, ..left },
        (_, None) => Figures { unpromised: 1, worked_us: acted.worked_us, ..left },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_what_they_say() {
        let figures = Figures { received: 3, online: 2, in_time: 9, late: 1, unpromised: 5, ..Figures::default() };
        assert_eq!((figures.in_time_percent(), figures.online_percent()), (Some(90.0), Some(66.7)));
        assert_eq!(figures.finished(), 15);
        let hours = Figures { in_time: 1, late: 1, worked_us: 5 * 3_600_000_000, ..Figures::default() };
        assert_eq!(hours.mean_hours(), Some(2.5));
        let none = Figures::default();
        assert_eq!((none.in_time_percent(), none.online_percent(), none.mean_hours()), (None, None, None));
    }
}
