//! One step of a case through its workflow: the rules, without a database.
//!
//! What always holds of a case: a final state is never left; `due_at` is set only of what has run, `remaining` only of
//! what has run and stands; a stopped clock stays stopped; the version grows by one a step.

use jiff::Timestamp;
use songhan_base::{Actor, clean_text};
use songhan_city::{MissingCalendar, TermUnit, WorkingTime};
use songhan_db::At;

use crate::rejection::NOTE_CHARS_MAX;
use crate::{Action, Case, Clock, NoteRule, Rejection, State, Workflow};

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
}

/// What a step made of a case.
#[derive(Debug)]
pub(crate) struct Moved {
    pub case: Case,
    pub note: Option<String>,
    pub public_note: Option<String>,
    /// The case was late and nobody had noticed yet.
    pub became_late: bool,
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
    if !action.permits(case, actor) {
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
    let became_late = mark_late(&mut next, now);
    enter(&mut next, to, now, time)?;
    next.version += 1;
    Ok(Moved { case: next, note, public_note, became_late })
}

/// Puts a case into a state and lets its clock follow.
pub(crate) fn enter(case: &mut Case, state: &State, now: Timestamp, time: &WorkingTime) -> Result<(), MissingCalendar> {
    turn(case, state.clock, now, time)?;
    case.state.clone_from(&state.id);
    case.national = state.national;
    case.queue = state.queue;
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
    match to {
        Clock::Running => {
            let due = match (case.remaining.take(), case.term) {
                (Some(left), _) => Some(time.due_from_remaining(now, left)?),
                (None, Some(term)) => Some(time.due_after(now, term)?),
                (None, None) => None,
            };
            case.due_at = due.map(At);
            // What is due within the next working day from its very start needs no reminder.
            case.soon_at = due.filter(|due| soon_until(now, time).is_ok_and(|until| *due <= until)).map(|_| At(now));
        }
        Clock::Waiting | Clock::Paused => {
            if let (Some(due), Some(term)) = (case.due_at.take(), case.term) {
                case.remaining = Some(time.remaining(now, due.0, term.unit)?);
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
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;
    use songhan_base::{Env, Grant, HeldClock, Id, Person, Role};
    use songhan_city::{City, DeclarationKind, Term};

    use super::*;
    use crate::tests::support::{UNIT, folder};
    use crate::{National, Workflows};

    static CITY: LazyLock<City> = LazyLock::new(|| City::load(folder(), [DeclarationKind::of::<Workflows>()]).0);

    fn start() -> Timestamp {
        "2026-01-05T08:00:00+07:00".parse().unwrap()
    }

    fn people() -> [Actor; 5] {
        let env = Env::held(HeldClock::at(start()), 1);
        let person = |grants: &[(Role, &str)]| {
            let grants = grants.iter().map(|(role, unit)| Grant { role: *role, unit: Some((*unit).to_owned()) });
            let (account, session) = (env.id(), env.id());
            Actor::Person(Person { account, session, name: "Người".into(), grants: grants.collect() })
        };
        [
            person(&[]),
            person(&[(Role::Officer, UNIT)]),
            person(&[(Role::Leader, UNIT)]),
            person(&[(Role::Officer, "elsewhere"), (Role::Leader, "elsewhere")]),
            Actor::System("test"),
        ]
    }

    fn case(workflow: &Workflow, applicant: Option<Id>, term: Option<Term>) -> Case {
        let env = Env::held(HeldClock::at(start()), 2);
        let mut case = Case {
            id: env.id(),
            code: "000-1".into(),
            kind: "dossier".into(),
            topic: String::new(),
            workflow: workflow.code.clone(),
            workflow_version: workflow.version.clone(),
            state: String::new(),
            national: National::Registered,
            queue: None,
            unit: UNIT.into(),
            area: None,
            title: String::new(),
            applicant,
            applicant_name: String::new(),
            assignee: None,
            assignee_name: None,
            term,
            clock: Clock::Waiting,
            received_at: At(start()),
            due_at: None,
            paused_at: None,
            remaining: None,
            soon_at: None,
            late_at: None,
            stopped_at: None,
            closed_at: None,
            version: 1,
            created_at: At(start()),
            data: serde_json::Value::Null,
        };
        let initial = workflow.state(&workflow.initial).unwrap();
        enter(&mut case, initial, start(), CITY.working_time()).unwrap();
        case
    }

    /// What must hold of any case at any time.
    fn holds(case: &Case, workflow: &Workflow) {
        let state = workflow.state(&case.state).unwrap();
        assert_eq!((case.national, case.clock, case.queue), (state.national, state.clock, state.queue));
        assert_eq!(case.is_closed(), state.is_final);
        assert_eq!(case.stopped_at.is_some(), case.clock == Clock::Stopped);
        assert_eq!(case.paused_at.is_some(), case.clock == Clock::Paused);
        match case.clock {
            Clock::Running => assert_eq!((case.due_at.is_some(), case.remaining), (case.term.is_some(), None)),
            Clock::Waiting | Clock::Paused => assert_eq!(case.due_at, None),
            Clock::Stopped => assert_eq!(case.remaining, None),
        }
        assert!(case.late_at.is_none() || case.term.is_some());
    }

    fn terms() -> impl Strategy<Value = Option<Term>> {
        let units = prop::sample::select(TermUnit::ALL.to_vec());
        prop::option::weighted(0.9, (0_u32..12, units).prop_map(|(amount, unit)| Term { amount, unit }))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn any_acts_keep_a_case_whole(
            name in prop::sample::select(vec!["small", "one-stop"]),
            term in terms(),
            acts in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..5, 0_i64..200, 0_u8..8), 1..40),
        ) {
            let workflow = CITY.get::<Workflows>().get(name).unwrap();
            let people = people();
            let mut case = case(workflow, people[0].account(), term);
            let mut now = start();
            holds(&case, workflow);
            for (action, actor, hours, flags) in acts {
                now += jiff::SignedDuration::from_hours(hours);
                let (action, actor) = (&workflow.actions[action.index(workflow.actions.len())], &people[actor]);
                let act = Act {
                    action: &action.id,
                    version: (flags & 1 == 0).then_some(case.version),
                    public_note: (flags & 2 == 0).then_some("lý do"),
                    facts: if flags & 4 == 0 { &["paid", "result"] } else { &[] },
                    ..Act::default()
                };
                let offered = workflow.available(&case, actor, act.facts).into_iter().find(|a| a.action == action);
                match apply(&case, workflow, actor, &act, now, CITY.working_time()) {
                    Ok(moved) => {
                        prop_assert!(!case.is_closed(), "nothing follows an end");
                        prop_assert!(offered.is_some_and(|a| a.missing.is_empty()), "what is done was offered");
                        prop_assert!(case.clock.may_become(moved.case.clock));
                        prop_assert_eq!(moved.case.version, case.version + 1);
                        if case.clock == Clock::Running && case.late_at.is_none() {
                            prop_assert_eq!(moved.became_late, case.due_at.is_some_and(|due| due.0 < now));
                        } else {
                            prop_assert!(!moved.became_late);
                        }
                        if case.clock != Clock::Running && moved.case.clock == Clock::Running {
                            prop_assert!(moved.case.due_at.is_none_or(|due| due.0 >= now));
                        }
                        case = moved.case;
                        holds(&case, workflow);
                    }
                    Err(Rejection::NoteRequired(_) | Rejection::NoteRefused(_)) => prop_assert!(offered.is_some()),
                    Err(Rejection::NeedsMissing { .. }) => prop_assert!(offered.is_some_and(|a| !a.missing.is_empty())),
                    Err(Rejection::NotNow { .. } | Rejection::NotYours(_)) => prop_assert!(offered.is_none()),
                    Err(other) => prop_assert!(false, "{other}"),
                }
            }
        }
    }

    #[test]
    fn a_pause_keeps_what_was_left() {
        let workflow = CITY.get::<Workflows>().get("small").unwrap();
        let people = people();
        let time = CITY.working_time();
        let at = |text: &str| -> Timestamp { text.parse().unwrap() };
        let term = Some(Term { amount: 8, unit: TermUnit::Hours });
        let step = |case: &Case, action, actor: usize, now| {
            let act = Act { action, public_note: Some("lý do"), facts: &["paid"], ..Act::default() };
            apply(case, workflow, &people[actor], &act, now, time).unwrap().case
        };
        let case = case(workflow, people[0].account(), term);
        // Three of eight hours are used on Monday; five are left from Wednesday at three.
        let case = step(&case, "accept", 1, at("2026-01-05T08:00:00+07:00"));
        assert_eq!(case.due_at.unwrap().0, at("2026-01-06T08:00:00+07:00"));
        let case = step(&case, "ask", 1, at("2026-01-05T11:00:00+07:00"));
        let case = step(&case, "add", 0, at("2026-01-07T15:00:00+07:00"));
        assert_eq!(case.due_at.unwrap().0, at("2026-01-08T10:30:00+07:00"));
        // Papers asked for before the term began use nothing up.
        let fresh = self::case(workflow, people[0].account(), term);
        let fresh = step(&fresh, "ask", 1, at("2026-01-05T08:00:00+07:00"));
        assert_eq!((fresh.clock, fresh.remaining), (Clock::Paused, None));
        let fresh = step(&fresh, "add", 0, at("2026-01-12T08:00:00+07:00"));
        assert_eq!(fresh.due_at.unwrap().0, at("2026-01-13T08:00:00+07:00"));
    }

    #[test]
    fn a_year_without_a_calendar_is_named() {
        let workflow = CITY.get::<Workflows>().get("small").unwrap();
        let officer = &people()[1];
        let case = case(workflow, None, Some(Term { amount: 5, unit: TermUnit::Days }));
        let act = Act { action: "accept", facts: &["paid"], ..Act::default() };
        let error =
            apply(&case, workflow, officer, &act, "2027-12-30T08:00:00+07:00".parse().unwrap(), CITY.working_time());
        assert!(error.unwrap_err().to_string().contains("calendars/2028.toml"));
    }
}
