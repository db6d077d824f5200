//! What can be wrong with an action that extends a case, can be undone, or is done to many cases at once.

use std::collections::HashMap;

use songhan_city::Report;

use super::{ActionTable, StateTable};
use crate::{Clock, Effect, NoteRule};

/// A working day's hours in minutes: what is older is no slip any more.
const UNDO_MINUTES_MAX: u32 = 24 * 60;

pub(super) fn check(action: &ActionTable, states: &HashMap<&str, &StateTable>, report: &mut Report) {
    check_extension(action, states, report);
    check_undo(action, states, report);
    if action.bulk && (action.note == NoteRule::Required || action.effects.iter().any(|e| **e == Effect::ExtendClock)) {
        let what = format!("the action `{}` needs words of its own for each case", action.id);
        report.add(action.id.place(), what, "remove `bulk = true`");
    }
}

/// An extension is given while the clock runs, with its reason, and not without end.
fn check_extension(action: &ActionTable, states: &HashMap<&str, &StateTable>, report: &mut Report) {
    let place = action.id.place();
    let extends = action.effects.iter().any(|effect| **effect == Effect::ExtendClock);
    match (extends, &action.extensions_max) {
        (true, None) => {
            let what = format!("the action `{}` may extend a case without end", action.id);
            report.add(place, what, "write how often in `extensions_max = …`");
        }
        (false, Some(most)) => {
            let what = format!("the action `{}` extends nothing", action.id);
            report.add(most.place(), what, "add the effect `extend_clock`, or remove `extensions_max`");
        }
        (true, Some(most)) if **most == 0 => {
            report.add(most.place(), "an extension that is never given", "write 1 or more, or remove the action");
        }
        _ => {}
    }
    if !extends {
        return;
    }
    if action.note != NoteRule::Required {
        let what = format!("the action `{}` extends a case without a reason", action.id);
        report.add(place, what, "write `note = \"required\"`");
    }
    let standing = |state: &&StateTable| *state.clock != Clock::Running;
    if let Some(state) = action.from.iter().filter_map(|from| states.get(from.as_str()).copied()).find(standing) {
        let what = format!("no time runs in `{}`, so the action `{}` cannot extend it", state.id, action.id);
        report.add(place, what, "list states in `from` whose clock is running");
    }
}

/// What others have acted on, what ends a case and what changes its promise is not undone in silence.
fn check_undo(action: &ActionTable, states: &HashMap<&str, &StateTable>, report: &mut Report) {
    let Some(minutes) = &action.undo_minutes else { return };
    let mut tell = |what: String, remedy: &str| report.add(minutes.place(), what, remedy);
    let id = &action.id;
    if !(1..=UNDO_MINUTES_MAX).contains(&**minutes) {
        tell(format!("the action `{id}` cannot be undone for {} minutes", **minutes), "write 1 to 1440 minutes");
    }
    if !action.triggers.is_empty() {
        let what = format!("the action `{id}` sets off {}, which stays", join(action));
        tell(what, "remove `undo_minutes`, or the triggers");
    }
    if action.effects.iter().any(|effect| **effect == Effect::ExtendClock) {
        tell(format!("the action `{id}` promises a new date, which is told"), "remove `undo_minutes`");
    }
    if let Some(to) = action.to.as_ref().and_then(|to| states.get(to.as_str()))
        && *to.clock == Clock::Stopped
    {
        tell(format!("the action `{id}` stops the clock, which never runs again"), "remove `undo_minutes`");
    }
}

fn join(action: &ActionTable) -> String {
    action.triggers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
