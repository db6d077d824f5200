//! What can be wrong with a declared workflow, each with its line and what to do about it.

use std::collections::{HashMap, HashSet};

use songhan_base::Role;
use songhan_city::{Placed, Report, TomlFile, nearest};

use super::{ActionTable, File, StateTable};
use crate::case::step;
use crate::{Clock, National};

pub(super) fn check(file: &TomlFile<File>, report: &mut Report) {
    let declared = &file.value;
    if *declared.code != file.name {
        let what = format!("the workflow `{}` stands in the file {}.toml", declared.code, file.name);
        report.add(declared.code.place(), what, "give the file the name of the code");
    }
    let mut states: HashMap<&str, &StateTable> = HashMap::new();
    for state in &declared.state {
        check_word(&state.id, report);
        check_state(state, report);
        if let Some(first) = states.insert(&state.id, state) {
            let what = format!("the state `{}` is already declared at {}", state.id, first.id.place());
            report.add(state.id.place(), what, "rename or remove one of the two");
        }
    }
    if !declared.state.iter().any(|state| state.is_final) {
        report.add(&file.place, "no state is final", "write `final = true` in the state where a case ends");
    }
    let mut actions: HashMap<&str, &ActionTable> = HashMap::new();
    for action in &declared.action {
        check_word(&action.id, report);
        check_action(action, &states, report);
        if let Some(first) = actions.insert(&action.id, action) {
            let what = format!("the action `{}` is already declared at {}", action.id, first.id.place());
            report.add(action.id.place(), what, "list all states in `from` of one of the two, or rename one");
        }
    }
    match states.get(declared.initial.as_str()) {
        None => unknown_state(&declared.initial, &states, report),
        Some(state) if state.is_final || !matches!(*state.clock, Clock::Waiting | Clock::Running) => {
            let what = format!("a case cannot begin in `{}`, where nothing is left to do", declared.initial);
            report.add(
                declared.initial.place(),
                what,
                "begin in a state that is not final, its clock waiting or running",
            );
        }
        Some(_) => check_ways(declared, &states, report),
    }
}

/// Ids stand in addresses, style sheets and other systems' requests.
fn check_word(id: &Placed<String>, report: &mut Report) {
    let good = id.starts_with(|c: char| c.is_ascii_lowercase())
        && id.len() <= 40
        && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if !good {
        report.add(id.place(), format!("`{id}` is no single word"), "use a-z, 0-9 and _, at most 40, a letter first");
    }
}

fn check_state(state: &StateTable, report: &mut Report) {
    if National::try_from(*state.national).is_err() {
        let what = format!("{} is no national status", state.national);
        report.add(state.national.place(), what, "write a number from 1 (newly registered) to 10 (result returned)");
    }
    if state.is_final && *state.clock != Clock::Stopped {
        let what = format!("the state `{}` is final, but its clock is {}", state.id, *state.clock);
        report.add(state.clock.place(), what, "write `clock = \"stopped\"`");
    }
    if let Some(queue) = &state.queue
        && (**queue == Role::Resident || state.is_final)
    {
        let what = format!("the state `{}` cannot stand in the inbox of `{}`", state.id, **queue);
        report.add(queue.place(), what, "name officer, leader or administrator; leave the line out in a final state");
    }
}

fn check_action(action: &ActionTable, states: &HashMap<&str, &StateTable>, report: &mut Report) {
    let place = action.id.place();
    if step::ALL.contains(&action.id.as_str()) {
        report.add(place, format!("every case knows the step `{}` already", action.id), "give the action another id");
    }
    if action.from.is_empty() {
        report.add(place, format!("the action `{}` begins nowhere", action.id), "list states in `from`");
    }
    if action.by.is_empty() {
        report.add(place, format!("nobody may do the action `{}`", action.id), "list who may in `by`");
    }
    for word in action.needs.iter().chain(&action.triggers) {
        check_word(word, report);
    }
    let to = action.to.as_ref().and_then(|to| {
        let found = states.get(to.as_str());
        if found.is_none() {
            unknown_state(to, states, report);
        }
        found
    });
    for from in &action.from {
        let Some(state) = states.get(from.as_str()) else {
            unknown_state(from, states, report);
            continue;
        };
        if state.is_final {
            let what = format!("the action `{}` leaves `{from}`, which is final", action.id);
            report.add(from.place(), what, "remove the state from `from`, or let the state not be final");
        } else if let Some(to) = to
            && !state.clock.may_become(*to.clock)
        {
            let what = format!("the clock of `{from}` has stopped; in `{}` it would be {} again", to.id, *to.clock);
            report.add(from.place(), what, "lead to a state whose clock is stopped");
        }
    }
    check_effects(action, to.copied(), states, report);
    super::life::check(action, states, report);
}

/// Effects are said by the clocks of the states; those written must say the same.
fn check_effects(
    action: &ActionTable,
    to: Option<&StateTable>,
    states: &HashMap<&str, &StateTable>,
    report: &mut Report,
) {
    for effect in &action.effects {
        let fits = |state: &StateTable| effect.leads_to(*state.clock);
        let wrong = match to {
            Some(to) => (!fits(to)).then_some(to),
            None => action.from.iter().filter_map(|from| states.get(from.as_str()).copied()).find(|state| !fits(state)),
        };
        if let Some(state) = wrong {
            let what = format!(
                "the action `{}` has the effect {}, but the clock of `{}` is {}",
                action.id,
                effect.as_str(),
                state.id,
                *state.clock
            );
            report.add(effect.place(), what, "correct the clock of the state, or leave the effect out");
        }
    }
}

fn unknown_state(id: &Placed<String>, states: &HashMap<&str, &StateTable>, report: &mut Report) {
    let remedy = match nearest(id, states.keys().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "declare it as a [[state]], or write the id of one".to_owned(),
    };
    report.add(id.place(), format!("there is no state `{id}`"), remedy);
}

/// Every state can be reached from the first one, and from every state there is a way to an end.
fn check_ways(declared: &File, states: &HashMap<&str, &StateTable>, report: &mut Report) {
    let mut ways: Vec<(&str, &str)> = Vec::new();
    for action in &declared.action {
        if let Some(to) = &action.to {
            ways.extend(action.from.iter().map(|from| (from.as_str(), to.as_str())));
        }
    }
    let reached = closure([declared.initial.as_str()], &ways);
    let back: Vec<_> = ways.iter().map(|(from, to)| (*to, *from)).collect();
    let finals = declared.state.iter().filter(|state| state.is_final).map(|state| state.id.as_str());
    let ending = closure(finals, &back);
    // In a file without any end there would be one mistake a state; it has been told once.
    let has_end = !ending.is_empty();
    for state in states.values() {
        if !reached.contains(state.id.as_str()) {
            let what = format!("no action leads to the state `{}`", state.id);
            report.add(state.id.place(), what, "add an action that does, or remove the state");
        } else if has_end && !ending.contains(state.id.as_str()) {
            let what = format!("from the state `{}` no way leads to an end", state.id);
            report.add(state.id.place(), what, "add an action towards a final state");
        }
    }
}

fn closure<'a>(start: impl IntoIterator<Item = &'a str>, ways: &[(&'a str, &'a str)]) -> HashSet<&'a str> {
    let mut found: HashSet<&str> = start.into_iter().collect();
    loop {
        let next: Vec<_> = ways.iter().filter(|(from, to)| found.contains(from) && !found.contains(to)).collect();
        if next.is_empty() {
            return found;
        }
        found.extend(next.into_iter().map(|(_, to)| *to));
    }
}
