//! What must hold of any case, whatever is done to it; and what its clock says, recomputed from its history.

use std::sync::LazyLock;

use proptest::prelude::*;
use songhan_base::{Env, Grant, HeldClock, Id, Person, Role};
use songhan_city::{City, DeclarationKind, Term};

use super::recompute::{self, Entry};
use super::*;
use crate::tests::support::{UNIT, folder};
use crate::{National, Stage, Workflows};

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
        last_day: None,
        paused_at: None,
        remaining: None,
        soon_at: None,
        late_at: None,
        stopped_at: None,
        closed_at: None,
        version: 1,
        created_at: At(start()),
        data: serde_json::Value::Null,
        parent: None,
        link: None,
        extensions: 0,
        first_late_at: None,
        running_since: None,
        worked_us: 0,
        stages: Vec::new(),
        stage_due_at: None,
        stage_soon_at: None,
        stage_late_at: None,
        archived_at: None,
        emptied_at: None,
        emptied_by: None,
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
        Clock::Waiting | Clock::Paused => assert_eq!((case.due_at, case.last_day), (None, None)),
        Clock::Stopped => assert_eq!(case.remaining, None),
    }
    assert!(case.late_at.is_none() || case.term.is_some());
    assert_eq!(case.running_since.is_some(), case.clock == Clock::Running);
    let staged = case.stages.iter().any(|stage| stage.state == case.state);
    assert_eq!(case.stage_due_at.is_some(), staged && case.clock == Clock::Running);
}

/// Both workflows have such states.
const STAGES: [(&str, Term); 3] = [
    ("processing", Term { amount: 3, unit: TermUnit::Days }),
    ("signing", Term { amount: 4, unit: TermUnit::Hours }),
    ("awaiting_signature", Term { amount: 5, unit: TermUnit::CalendarDays }),
];

/// One of those that an officer may give, by a number.
fn extension(n: u8, now: Timestamp) -> Option<Extension> {
    let term = |amount, unit| Some(Extension::By(Term { amount, unit }));
    match n {
        0 => term(3, TermUnit::Days),
        1 => term(10, TermUnit::Hours),
        2 => term(8, TermUnit::CalendarDays),
        3 => term(1, TermUnit::Months),
        4 => Some(Extension::Until(CITY.working_time().zone().to_datetime(now).date() + jiff::Span::new().days(9))),
        _ => None,
    }
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
        acts in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..5, 0_i64..6_000, 0_u8..8, 0_u8..6), 1..40),
    ) {
        let workflow = CITY.get::<Workflows>().get(name).unwrap();
        let people = people();
        let mut case = case(workflow, people[0].account(), term);
        case.stages = STAGES.map(|(state, term)| Stage::new(state, term)).to_vec();
        let mut now = start();
        holds(&case, workflow);
        let entry = |at: Timestamp, case: &Case, extension| Entry { at, state: case.state.clone(), clock: case.clock, extension };
        let mut history = vec![entry(now, &case, None)];
        for (action, actor, minutes, flags, given) in acts {
            now += jiff::SignedDuration::from_mins(minutes);
            let mut action = &workflow.actions[action.index(workflow.actions.len())];
            let mut actor = &people[actor];
            if flags != 7 {
                // Mostly something that can be done by someone, so that histories grow long.
                let can = |one: &&Action| one.is_from(&case.state) && people.iter().any(|who| one.permits(&case, who));
                let able: Vec<_> = workflow.actions.iter().filter(can).collect();
                action = able.get(minutes as usize % able.len().max(1)).copied().unwrap_or(action);
                actor = people.iter().find(|who| action.permits(&case, who)).unwrap_or(actor);
            }
            let act = Act {
                action: &action.id,
                version: (flags & 1 == 0).then_some(case.version),
                public_note: (flags & 2 == 0).then_some("lý do"),
                facts: if flags & 4 == 0 { &["paid", "result"] } else { &[] },
                extension: extension(given, now).filter(|_| action.extends()),
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
                    prop_assert_eq!(moved.case.extensions - case.extensions, i64::from(act.extension.is_some()));
                    if action.extends() {
                        prop_assert!(moved.case.due_at > case.due_at.max(Some(At(now))), "an extension gives time");
                        prop_assert_eq!(moved.case.was_late(), case.was_late() || moved.became_late);
                    }
                    prop_assert!(moved.case.worked_us >= case.worked_us);
                    case = moved.case;
                    holds(&case, workflow);
                    history.push(entry(now, &case, act.extension));
                    let (due, stage_due) = recompute::due(term, &STAGES, &history, CITY.working_time());
                    let local = |at: At| CITY.working_time().zone().to_datetime(at.0);
                    if case.clock == Clock::Running {
                        prop_assert_eq!(case.due_at.map(local), due, "the history says when it is due");
                    }
                    prop_assert_eq!(case.stage_due_at.map(local), stage_due, "and when its stage is");
                }
                Err(Rejection::NoteRequired(_) | Rejection::NoteRefused(_)) => prop_assert!(offered.is_some()),
                Err(Rejection::NeedsMissing { .. }) => prop_assert!(offered.is_some_and(|a| !a.missing.is_empty())),
                Err(Rejection::ExtensionMissing(_)) => prop_assert!(act.extension.is_none()),
                Err(Rejection::ExtensionsUsedUp { most, .. }) => prop_assert_eq!(case.extensions, i64::from(most)),
                Err(Rejection::ExtensionTooShort { .. }) => prop_assert!(act.extension.is_some()),
                Err(Rejection::NothingToExtend(_)) => prop_assert!(term.is_none()),
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

#[test]
fn a_stage_is_used_up_across_visits() {
    let workflow = CITY.get::<Workflows>().get("small").unwrap();
    let people = people();
    let at = |text: &str| -> Timestamp { format!("2026-01-{text}+07:00").parse().unwrap() };
    let mut case = case(workflow, people[0].account(), Some(Term { amount: 10, unit: TermUnit::Days }));
    case.stages =
        vec![Stage::new("processing", Term { amount: 8, unit: TermUnit::Hours }), Stage::new("signing", STAGES[1].1)];
    let step = |case: &Case, action, actor: usize, now| {
        let act = Act { action, public_note: Some("lý do"), facts: &["paid"], ..Act::default() };
        apply(case, workflow, &people[actor], &act, at(now), CITY.working_time()).unwrap()
    };
    let due = |case: &Case| CITY.working_time().zone().to_datetime(case.stage_due_at.unwrap().0).to_string();
    let case = step(&case, "accept", 1, "05T08:00:00").case;
    assert_eq!(due(&case), "2026-01-06T08:00:00");
    // Three of the eight hours are used; the leader's four begin, and lie still at night.
    let case = step(&case, "propose", 1, "05T11:00:00").case;
    assert_eq!(due(&case), "2026-01-05T16:30:00");
    let moved = step(&case, "send_back", 2, "06T07:30:00");
    assert!(moved.stage_became_late, "the leader was late");
    // Five hours are left to the officer.
    assert_eq!(due(&moved.case), "2026-01-06T14:00:00");
    let case = step(&moved.case, "ask", 1, "06T08:30:00").case;
    assert_eq!((case.stage_due_at, case.stage_late_at), (None, None), "nobody's time runs while papers are awaited");
    let case = step(&case, "add", 0, "08T08:00:00").case;
    assert_eq!(due(&case), "2026-01-08T13:30:00");
    let case = step(&case, "propose", 1, "08T10:00:00").case;
    assert_eq!(due(&case), "2026-01-08T10:00:00", "nothing is left to the leader");
}

#[test]
fn an_extension_does_not_make_a_late_case_punctual() {
    let workflow = CITY.get::<Workflows>().get("small").unwrap();
    let people = people();
    let at = |text: &str| -> Timestamp { format!("2026-01-{text}+07:00").parse().unwrap() };
    let step = |case: &Case, action, actor: usize, now, extension| {
        let note = (action != "sign").then_some("lý do");
        let act = Act { action, public_note: note, facts: &["paid", "result"], extension, ..Act::default() };
        apply(case, workflow, &people[actor], &act, at(now), CITY.working_time())
    };
    let fresh = case(workflow, None, Some(Term { amount: 2, unit: TermUnit::Days }));
    let case = step(&fresh, "accept", 1, "05T08:00:00", None).unwrap().case;
    let three = Some(Extension::By(Term { amount: 3, unit: TermUnit::Days }));
    // In time, before it is due: Wednesday becomes Monday, and what is finished by then is punctual.
    let early = step(&case, "extend", 1, "06T08:00:00", three).unwrap().case;
    assert_eq!(CITY.working_time().zone().to_datetime(early.due_at.unwrap().0).to_string(), "2026-01-10T17:00:00");
    let early = step(&early, "propose", 1, "09T08:00:00", None).unwrap().case;
    assert_eq!(step(&early, "sign", 2, "10T16:00:00", None).unwrap().case.was_in_time(), Some(true));
    // When it is late already, it runs again towards the new date, and stays counted as late.
    let moved = step(&case, "extend", 1, "09T08:00:00", three).unwrap();
    assert!(moved.became_late);
    let late = moved.case;
    assert_eq!((late.late_at, late.first_late_at.is_some(), late.is_late(at("09T09:00:00"))), (None, true, false));
    let late = step(&late, "propose", 1, "09T09:00:00", None).unwrap().case;
    assert_eq!(step(&late, "sign", 2, "10T08:00:00", None).unwrap().case.was_in_time(), Some(false));
    // Refusals.
    let refused = |case: &Case, extension| step(case, "extend", 1, "06T08:00:00", extension).unwrap_err();
    assert!(matches!(refused(&case, None), Rejection::ExtensionMissing(_)));
    let past = Some(Extension::Until(jiff::civil::date(2026, 1, 6)));
    assert!(matches!(refused(&case, past), Rejection::ExtensionTooShort { .. }));
    let nothing = Some(Extension::By(Term { amount: 0, unit: TermUnit::Days }));
    assert!(matches!(refused(&case, nothing), Rejection::ExtensionTooShort { .. }));
    let endless = Some(Extension::By(Term { amount: 1_001, unit: TermUnit::Days }));
    assert!(matches!(refused(&case, endless), Rejection::ExtensionTooLong { .. }));
    let twice = step(&step(&case, "extend", 1, "06T08:00:00", three).unwrap().case, "extend", 1, "06T09:00:00", three);
    assert!(matches!(refused(&twice.unwrap().case, three), Rejection::ExtensionsUsedUp { most: 2, .. }));
    assert!(matches!(step(&case, "propose", 1, "06T08:00:00", three).unwrap_err(), Rejection::ExtensionRefused(_)));
}
