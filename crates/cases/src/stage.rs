//! Stages: how long a case may stay in each of its states, and what is left of that.
//!
//! A stage's time is used up across visits: who comes back to a state goes on with what was left of it, so that handing
//! a case to and fro wins nobody time.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use songhan_city::{MissingCalendar, Remaining, Term, TermEnd, WorkingTime};
use songhan_db::At;

use crate::Case;
use crate::transition::soon_until;

/// Thời hạn của một bước: a state in which the clock runs, and what it may take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    pub state: String,
    pub term: Term,
    /// What is left of it, once a case has been there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remaining: Option<Remaining>,
    /// While a case is there: the last day as it was counted, where that is a day off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_day: Option<Date>,
}

impl Stage {
    pub fn new(state: impl Into<String>, term: Term) -> Self {
        Self { state: state.into(), term, remaining: None, last_day: None }
    }
}

/// Leaves the present state: what is left of its time is kept.
pub(crate) fn leave(case: &mut Case, now: Timestamp, time: &WorkingTime) -> Result<(), MissingCalendar> {
    let (state, due) = (case.state.clone(), case.stage_due_at.take());
    (case.stage_soon_at, case.stage_late_at) = (None, None);
    if let Some((stage, due)) = case.stages.iter_mut().find(|stage| stage.state == state).zip(due) {
        let end = TermEnd { due: due.0, last_day: stage.last_day.take() };
        stage.remaining = Some(time.remaining(now, end, stage.term.unit)?);
    }
    Ok(())
}

/// Begins the time of the state that the case has come to.
pub(crate) fn begin(case: &mut Case, now: Timestamp, time: &WorkingTime) -> Result<(), MissingCalendar> {
    let Some(stage) = case.stages.iter().find(|stage| stage.state == case.state) else { return Ok(()) };
    let end = match stage.remaining {
        Some(left) => time.end_of_remaining(now, left)?,
        None => time.end(now, stage.term)?,
    };
    set(case, end);
    // What is due within the next working day from its very start needs no reminder.
    case.stage_soon_at = soon_until(now, time).is_ok_and(|until| end.due <= until).then_some(At(now));
    Ok(())
}

/// The present state has to be left by then.
pub(crate) fn set(case: &mut Case, end: TermEnd) {
    case.stage_due_at = Some(At(end.due));
    if let Some(stage) = case.stages.iter_mut().find(|stage| stage.state == case.state) {
        stage.last_day = end.last_day;
    }
}

/// Notes that a case should have left its state; `true` the first time.
pub(crate) fn mark_late(case: &mut Case, now: Timestamp) -> bool {
    if !case.is_stage_late(now) || case.stage_late_at.is_some() {
        return false;
    }
    case.stage_late_at = case.stage_due_at;
    case.stage_soon_at = case.stage_soon_at.or(Some(At(now)));
    true
}
