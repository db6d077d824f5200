//! One step of a case through its workflow: the rules, without a database.
//!
//! What always holds of a case: a final state is never left; `due_at` is set only of what has run, `remaining` only of
//! what has run and stands; a stopped clock stays stopped; the version grows by one a step.

use jiff::Timestamp;
use songhan_base::{Actor, Id, clean_text};
use songhan_city::{MissingCalendar, TermEnd, TermUnit, WorkingTime};
use songhan_db::At;

use crate::rejection::NOTE_CHARS_MAX;
use crate::{Action, By, Case, Clock, Extension, NoteRule, Rejection, State, Workflow, extension, stage};

/// What someone wants to do to a case.
#[derive(Clone, Copy, Debug, Default)]
pub struct Act<'a> {
    pub action: &'a str,
    /// The version that the actor has seen; `None` takes the case as it is.
    pub version: Option<i64>,
    /// For the office alone.
    pub note: Option<&'a str>,
    /// For the applicant: why it was refused, what is missing. Either note is enough where one is required.
    pub public_note: Option<&'a str>,
    /// Names of the needs that are met: `paid`, `result`.
    pub facts: &'a [&'a str],
    /// The later due time, of an action that extends.
    pub extension: Option<Extension>,
    /// For whom the actor acts, where the right is not their own: whether it is theirs then is for the caller to have
    /// asked the register of delegations.
    pub behalf: Option<Behalf<'a>>,
}

/// Thay mặt: on whose behalf someone acts, and by what paper.
#[derive(Clone, Copy, Debug)]
pub struct Behalf<'a> {
    pub account: Id,
    pub name: &'a str,
    /// The delegation or substitution, as it is cited: "Quyết định ủy quyền số 12/QĐ-UBND".
    pub basis: &'a str,
}

/// What a step made of a case.
#[derive(Debug)]
pub(crate) struct Moved {
    pub case: Case,
    pub note: Option<String>,
    pub public_note: Option<String>,
    /// The case was late and nobody had noticed yet.
    pub became_late: bool,
    /// So was its stage.
    pub stage_became_late: bool,
}

/// Moves `case` by `act`, or says why not. Who may not act learns nothing of the case's state.
pub(crate) fn apply(
    case: &Case,
    workflow: &Workflow,
    actor: &Actor,
    act: &Act<'_>,
    now: Timestamp,
    time: &WorkingTime,
) -> Result<Moved, Rejection> {
    let action = workflow.action(act.action).ok_or_else(|| Rejection::UnknownAction(shown(act.action)))?;
    // Whoever signs for a leader by the register may do what a leader may, save in a case of their own.
    let stands_in = act.behalf.is_some() && action.by.contains(&By::Leader) && !case.is_own_of(actor);
    if !action.permits(case, actor) && !stands_in {
        return Err(Rejection::NotYours(action.id.clone()));
    }
    if let Some(seen) = act.version
        && seen != case.version
    {
        return Err(Rejection::Stale { current: case.version });
    }
    if !action.is_from(&case.state) {
        return Err(Rejection::NotNow { action: action.id.clone(), state: case.state.clone() });
    }
    let needs: Vec<String> = action.missing(act.facts).into_iter().map(str::to_owned).collect();
    if !needs.is_empty() {
        return Err(Rejection::NeedsMissing { action: action.id.clone(), needs });
    }
    let (note, public_note) = notes(action, act)?;
    let to = action.to.as_deref().unwrap_or(&case.state);
    let to = workflow.state(to).ok_or_else(|| Rejection::UnknownAction(action.id.clone()))?;

    let mut next = case.clone();
    let (became_late, stage_became_late) = (mark_late(&mut next, now), stage::mark_late(&mut next, now));
    extension::extend(&mut next, action, act.extension, now, time)?;
    enter(&mut next, to, now, time)?;
    next.version += 1;
    Ok(Moved { case: next, note, public_note, became_late, stage_became_late })
}

/// Puts a case into a state and lets its clock and its stage follow.
pub(crate) fn enter(case: &mut Case, state: &State, now: Timestamp, time: &WorkingTime) -> Result<(), MissingCalendar> {
    let stays = case.state == state.id;
    if !stays {
        stage::leave(case, now, time)?;
    }
    turn(case, state.clock, now, time)?;
    case.state.clone_from(&state.id);
    case.national = state.national;
    case.queue = state.queue;
    if !stays && state.clock == Clock::Running {
        stage::begin(case, now, time)?;
    }
    if state.is_final {
        case.closed_at = Some(At(now));
    }
    Ok(())
}

fn turn(case: &mut Case, to: Clock, now: Timestamp, time: &WorkingTime) -> Result<(), MissingCalendar> {
    let from = std::mem::replace(&mut case.clock, to);
    if from == to {
        return Ok(());
    }
    case.paused_at = (to == Clock::Paused).then_some(At(now));
    if let Some(since) = case.running_since.take() {
        // Where a calendar is missing nothing is counted: a case without a term can be closed all the same.
        let worked = time.working_time_between(since.0, now).unwrap_or_default();
        case.worked_us += i64::try_from(worked.as_micros()).unwrap_or(0).max(0);
    }
    case.running_since = (to == Clock::Running).then_some(At(now));
    match to {
        Clock::Running => {
            let end = match (case.remaining.take(), case.term) {
                (Some(left), _) => Some(time.end_of_remaining(now, left)?),
                (None, Some(term)) => Some(time.end(now, term)?),
                (None, None) => None,
            };
            let due = end.map(|end| end.due);
            (case.due_at, case.last_day) = (due.map(At), end.and_then(|end| end.last_day));
            // What is due within the next working day from its very start needs no reminder.
            case.soon_at = due.filter(|due| soon_until(now, time).is_ok_and(|until| *due <= until)).map(|_| At(now));
        }
        Clock::Waiting | Clock::Paused => {
            if let (Some(due), Some(term)) = (case.due_at.take(), case.term) {
                let end = TermEnd { due: due.0, last_day: case.last_day.take() };
                case.remaining = Some(time.remaining(now, end, term.unit)?);
            }
        }
        Clock::Stopped => {
            case.remaining = None;
            case.stopped_at = Some(At(now));
        }
    }
    Ok(())
}

/// Notes that a running case is past its due time; `true` the first time.
pub(crate) fn mark_late(case: &mut Case, now: Timestamp) -> bool {
    if !case.is_late(now) || case.late_at.is_some() {
        return false;
    }
    case.late_at = case.due_at;
    case.soon_at = case.soon_at.or(Some(At(now)));
    true
}

/// The end of the next working day: what is due until then is due soon.
pub(crate) fn soon_until(now: Timestamp, time: &WorkingTime) -> Result<Timestamp, MissingCalendar> {
    time.due(now, 1, TermUnit::Days)
}

fn notes(action: &Action, act: &Act<'_>) -> Result<(Option<String>, Option<String>), Rejection> {
    let clean = |note: Option<&str>| note.map(clean_text).filter(|note| !note.is_empty());
    let (note, public_note) = (clean(act.note), clean(act.public_note));
    let given = note.is_some() || public_note.is_some();
    match action.note {
        NoteRule::None if given => return Err(Rejection::NoteRefused(action.id.clone())),
        NoteRule::Required if !given => return Err(Rejection::NoteRequired(action.id.clone())),
        _ => {}
    }
    if [&note, &public_note].into_iter().flatten().any(|note| note.chars().count() > NOTE_CHARS_MAX) {
        return Err(Rejection::NoteTooLong);
    }
    Ok((note, public_note))
}

/// What came from outside, short enough to be shown again.
fn shown(word: &str) -> String {
    word.chars().filter(|c| !c.is_control()).take(40).collect()
}

#[cfg(test)]
mod recompute;
#[cfg(test)]
mod tests;
