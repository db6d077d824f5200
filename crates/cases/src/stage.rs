//! Stages: how long a case may stay in each of its states, and what is left of that.
//!
//! A stage's time is used up across visits: who comes back to a state goes on with what was left of it, so that handing
//! a case to and fro wins nobody time.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use songhan_city::{MissingCalendar, Remaining, Term, WorkingTime};
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
}

impl Stage {
    pub fn new(state: impl Into<String>, term: Term) -> Self {
        Self { state: state.into(), term, remaining: None }
    }
}

/// Leaves the present state: what is left of its time is kept.
pub(crate) fn leave(case: &mut Case, now: Timestamp, time: &WorkingTime) -> Result<(), MissingCalendar> {
    let (state, due) = (case.state.clone(), case.stage_due_at.take());
    (case.stage_soon_at, case.stage_late_at) = (None, None);
    if let Some((stage, due)) = case.stages.iter_mut().find(|stage| stage.state == state).zip(due) {
        stage.remaining = Some(time.remaining(now, due.0, stage.term.unit)?);
    }
    Ok(())
}

/// Begins the time of the state that the case has come to.
pub(crate) fn begin(case: &mut Case, now: Timestamp, time: &WorkingTime) -> Result<(), MissingCalendar> {
    let Some(stage) = case.stages.iter().find(|stage| stage.state == case.state) else { return Ok(()) };
    let due = match stage.remaining {
        Some(left) => time.due_from_remaining(now, left)?,
        None => time.due_after(now, stage.term)?,
    };
    case.stage_due_at = Some(At(due));
    // What is due within the next working day from its very start needs no reminder.
    case.stage_soon_at = soon_until(now, time).is_ok_and(|until| due <= until).then_some(At(now));
    Ok(())
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
