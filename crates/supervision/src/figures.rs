//! What is counted, and what each event adds to it. Pure: the same events give the same figures, whenever they are read.

use std::ops::AddAssign;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use songhan_cases::{CaseActed, CaseExtended, CaseOverdue, CaseRef, Clock, National};
use songhan_db::Recorded;
use songhan_procedures::Channel;
use songhan_services::{CASE_KIND, Dossier, DossierRated, DossierSubmitted};

/// Who says «hài lòng» or more is content.
const CONTENT: i64 = 4;

/// Số liệu giám sát of a unit, a procedure, a month, or of several together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Figures {
    #[sqlx(flatten)]
    pub handled: Handled,
    /// Working time of what was finished, pauses left out, in microseconds.
    pub worked_us: i64,
    /// Đang giải quyết now. Of a month: by how much it has grown.
    pub open: i64,
    /// Of these, past the date that was promised.
    pub open_late: i64,
    /// Applicants who said how content they are; of these, content or very content.
    pub ratings: i64,
    pub satisfied: i64,
}

/// What became of dossiers: the counts that are for everyone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, sqlx::FromRow, utoipa::ToSchema)]
#[schema(as = SupervisionCounts)]
pub struct Handled {
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
    /// Gia hạn, xin lỗi: given a later date.
    #[schema(example = 4)]
    pub extended: i64,
    /// Fees paid; of these, not at a counter.
    #[schema(example = 640)]
    pub paid: i64,
    #[schema(example = 610)]
    pub paid_online: i64,
    /// Papers handed in; of these, taken over from what lay here already.
    #[schema(example = 2100)]
    pub papers: i64,
    #[schema(example = 190)]
    pub reused: i64,
}

impl Handled {
    /// Those that came to a result.
    pub const fn finished(&self) -> i64 {
        self.in_time + self.late + self.unpromised
    }
}

impl Figures {
    /// Mean working time of what was finished, in hours.
    pub fn mean_hours(&self) -> Option<f64> {
        let finished = self.handled.finished();
        (finished > 0).then(|| tenths(self.worked_us as f64 / finished as f64 / 3_600_000_000.0))
    }
}

pub fn tenths(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

impl AddAssign for Figures {
    fn add_assign(&mut self, other: Self) {
        self.handled += other.handled;
        self.worked_us += other.worked_us;
        self.open += other.open;
        self.open_late += other.open_late;
        self.ratings += other.ratings;
        self.satisfied += other.satisfied;
    }
}

impl AddAssign for Handled {
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
        self.paid += other.paid;
        self.paid_online += other.paid_online;
        self.papers += other.papers;
        self.reused += other.reused;
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
        let mut figures = received(submitted.channel);
        (figures.handled.papers, figures.handled.reused) = (submitted.papers, submitted.reused);
        return made(submitted.unit, submitted.procedure, figures);
    }
    if let Some(acted) = event.read::<CaseActed>().filter(|acted| ours(&acted.about)) {
        let figures = ended(&acted);
        return made(acted.about.unit, acted.about.topic, figures);
    }
    if let Some(late) = event.read::<CaseOverdue>().filter(|late| ours(&late.about)) {
        return made(late.about.unit, late.about.topic, self::late());
    }
    if let Some(extended) = event.read::<CaseExtended>().filter(|extended| ours(&extended.about)) {
        let handled = Handled { extended: 1, ..Handled::default() };
        let figures = Figures { handled, open_late: -i64::from(extended.was_late), ..Figures::default() };
        return made(extended.about.unit, extended.about.topic, figures);
    }
    if let Some(rated) = event.read::<DossierRated>() {
        if is_too_late(&rated, event.at.0, zone) {
            return None;
        }
        let content = |score: i64| i64::from(score >= CONTENT);
        let figures = Figures {
            ratings: i64::from(rated.before.is_none()),
            satisfied: content(rated.score) - rated.before.map_or(0, content),
            ..Figures::default()
        };
        return made(rated.unit, rated.procedure, figures);
    }
    None
}

/// A rating counts in the month in which it was given first, as it stood when that month was over. What is changed later
/// changes no figure: neither the later month's, which it is no rating of, nor the first one's, which is shown by then, so
/// that whoever looked before and after would see that somebody changed their mind.
fn is_too_late(rated: &DossierRated, at: Timestamp, zone: &TimeZone) -> bool {
    let first = rated.first_at.filter(|_| rated.before.is_some());
    first.is_some_and(|first| month_of(first, zone) != month_of(at, zone))
}

/// What a fee that was paid adds to the figures of its dossier.
pub fn paid(event: &Recorded, channel: songhan_ledger::Channel, dossier: &Dossier, zone: &TimeZone) -> Change {
    let paid_online = i64::from(channel != songhan_ledger::Channel::Counter);
    let handled = Handled { paid: 1, paid_online, ..Handled::default() };
    let figures = Figures { handled, ..Figures::default() };
    let (unit, topic) = (dossier.unit.clone(), dossier.procedure.clone());
    Change { month: month_of(event.at.0, zone), unit, topic, figures }
}

/// A dossier whose promised date has passed.
pub fn late() -> Figures {
    Figures { open_late: 1, ..Figures::default() }
}

/// A dossier that came in.
pub fn received(channel: i64) -> Figures {
    let online = i64::from(channel == Channel::Online.number());
    Figures { handled: Handled { received: 1, online, ..Handled::default() }, open: 1, ..Figures::default() }
}

fn ours(about: &CaseRef) -> bool {
    about.kind == CASE_KIND
}

/// A dossier is dealt with when its clock stops: what follows, issuing and handing over, is no part of the term.
pub fn ended(acted: &CaseActed) -> Figures {
    let (before, after) = (acted.clock_before, acted.clock);
    if after != Some(Clock::Stopped) || before == Some(Clock::Stopped) {
        return Figures::default();
    }
    let none = Handled::default();
    let (handled, worked_us) = match (acted.national, acted.in_time) {
        (National::NotAccepted, _) => (Handled { refused: 1, ..none }, 0),
        (National::Withdrawn, _) => (Handled { withdrawn: 1, ..none }, 0),
        (National::Stopped, _) => (Handled { stopped: 1, ..none }, 0),
        (_, Some(true)) => (Handled { in_time: 1, ..none }, acted.worked_us),
        (_, Some(false)) => (Handled { late: 1, ..none }, acted.worked_us),
        (_, None) => (Handled { unpromised: 1, ..none }, acted.worked_us),
    };
    Figures { handled, worked_us, open: -1, open_late: -i64::from(acted.late), ..Figures::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finished_is_what_came_to_a_result() {
        let handled = Handled { refused: 2, in_time: 9, late: 1, unpromised: 5, ..Handled::default() };
        assert_eq!(handled.finished(), 15);
        let handled = Handled { in_time: 1, late: 1, ..Handled::default() };
        let hours = Figures { handled, worked_us: 5 * 3_600_000_000, ..Figures::default() };
        assert_eq!(hours.mean_hours(), Some(2.5));
        assert_eq!(Figures::default().mean_hours(), None);
    }
}
