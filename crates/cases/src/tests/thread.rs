//! One case from beginning to end, and the ways it may not go.

use std::time::Duration;

use songhan_base::Role;
use songhan_city::{City, DeclarationKind};

use super::support::*;
use crate::{Act, Assignee, Clock, National, Rejection, Workflows, by_code, by_id, timeline};

const HOUR: Duration = Duration::from_hours(1);

fn due(case: &crate::Case) -> String {
    let zone = jiff::tz::TimeZone::get("Asia/Ho_Chi_Minh").unwrap();
    case.due_at.map_or_else(String::new, |at| at.to_zoned(zone).strftime("%Y-%m-%d %H:%M").to_string())
}

#[tokio::test]
async fn a_case_goes_from_hand_to_hand() {
    for_each_database(|city| async move {
        let (officer, leader, resident) = (officer(&city), leader(&city), city.resident("Nguyễn Văn An"));
        let case = open(&city, UNIT, &resident).await.unwrap();
        assert!(case.code.ends_with("-261120-0001"), "{}", case.code);
        assert_eq!(
            (case.state.as_str(), case.clock, case.national),
            ("submitted", Clock::Waiting, National::Registered)
        );
        assert_eq!((case.version, case.due_at, case.queue), (1, None, Some(Role::Officer)));
        assert_eq!(by_code(&city.app.db, &case.code).await.unwrap().unwrap(), case);

        // Friday at nine: three working days are Wednesday, since Tuesday, 24 November, is a day off from 2026 on.
        let case = act(&city, &officer, case.id, doing("accept")).await.unwrap().case;
        let promised = due(&case);
        assert_eq!((case.clock, case.version), (Clock::Running, 2));
        assert!(promised.ends_with(" 17:00"), "{promised}");

        city.clock.advance(24 * HOUR);
        let case = act(&city, &officer, case.id, doing("ask")).await.unwrap().case;
        assert_eq!((case.clock, case.due_at, case.national), (Clock::Paused, None, National::SupplementRequested));
        assert!(case.remaining.is_some() && case.paused_at.is_some());
        city.clock.advance(10 * 24 * HOUR);
        let case = act(&city, &resident, case.id, doing("add")).await.unwrap().case;
        assert_eq!((case.clock, case.remaining, case.paused_at), (Clock::Running, None, None));
        assert!(due(&case) > promised, "the pause moved {promised} to {}", due(&case));

        let case = act(&city, &officer, case.id, doing("propose")).await.unwrap().case;
        assert_eq!(case.queue, Some(Role::Leader));
        let outcome = act(&city, &leader, case.id, doing("sign")).await.unwrap();
        assert_eq!((outcome.from.as_str(), outcome.case.clock), ("signing", Clock::Stopped));
        assert_eq!(outcome.case.was_in_time(), Some(true));
        let case = act(&city, &officer, case.id, doing("return")).await.unwrap().case;
        assert!(case.is_closed());
        assert_eq!((case.national, case.version), (National::Returned, 7));
        assert_eq!(by_id(&city.app.db, case.id).await.unwrap().unwrap(), case);

        let steps = timeline(&city.app.db, case.id, false).await.unwrap();
        assert_eq!(steps.iter().map(|step| step.seq).collect::<Vec<_>>(), (1..=7).collect::<Vec<_>>());
        let words: Vec<_> = steps.iter().map(|step| step.action.as_str()).collect();
        assert_eq!(words, ["open", "accept", "ask", "add", "propose", "sign", "return"]);
        assert_eq!(steps[1].actor_name, officer.name);
        assert_eq!(count_events(&city, "cases.case_acted").await, 6);
    })
    .await;
}

#[tokio::test]
async fn refusals_say_why() {
    for_each_database(|city| async move {
        let (officer, resident) = (officer(&city), city.resident("Nguyễn Văn An"));
        let stranger = city.person("Người đơn vị khác", &[(Role::Officer, Some(OTHER)), (Role::Leader, Some(OTHER))]);
        let id = open(&city, UNIT, &resident).await.unwrap().id;
        let refused = async |person, how| act(&city, person, id, how).await.unwrap_err();

        assert!(matches!(refused(&officer, doing("no_such")).await, Rejection::UnknownAction(_)));
        assert!(matches!(refused(&stranger, doing("accept")).await, Rejection::NotYours(_)));
        assert!(matches!(refused(&resident, doing("accept")).await, Rejection::NotYours(_)));
        assert!(matches!(refused(&stranger, doing("withdraw")).await, Rejection::NotYours(_)));
        assert!(matches!(refused(&officer, doing("propose")).await, Rejection::NotNow { .. }));
        let unpaid = Act { facts: &["result"], ..doing("accept") };
        let Rejection::NeedsMissing { needs, .. } = refused(&officer, unpaid).await else { panic!("unpaid") };
        assert_eq!(needs, ["paid"]);
        let silent = Act { public_note: Some(" \n "), ..doing("refuse") };
        assert!(matches!(refused(&officer, silent).await, Rejection::NoteRequired(_)));
        let long = "dài ".repeat(2_000);
        let wordy = Act { public_note: Some(&long), ..doing("refuse") };
        assert!(matches!(refused(&officer, wordy).await, Rejection::NoteTooLong));
        let old = Act { version: Some(7), ..doing("accept") };
        assert!(matches!(refused(&officer, old).await, Rejection::Stale { current: 1 }));
        let nobody = act(&city, &officer, city.app.env.id(), doing("accept")).await.unwrap_err();
        assert!(matches!(nobody, Rejection::NotFound));
        assert_eq!(by_id(&city.app.db, id).await.unwrap().unwrap().version, 1, "nothing was changed");

        // An officer's own case is for others to handle.
        let own = open(&city, UNIT, &officer).await.unwrap();
        assert!(matches!(act(&city, &officer, own.id, doing("accept")).await, Err(Rejection::NotYours(_))));
        assert!(act(&city, &officer, own.id, doing("withdraw")).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn the_applicant_sees_what_concerns_them() {
    for_each_database(|city| async move {
        let (officer, leader, resident) = (officer(&city), leader(&city), city.resident("Nguyễn Văn An"));
        let id = open(&city, UNIT, &resident).await.unwrap().id;
        let silent = |action| Act { public_note: None, ..doing(action) };
        act(&city, &officer, id, silent("accept")).await.unwrap();
        act(&city, &officer, id, silent("propose")).await.unwrap();
        let inner = Act { note: Some("sai số trang"), ..silent("send_back") };
        act(&city, &leader, id, inner).await.unwrap();
        let both =
            Act { note: Some("gọi điện trước"), public_note: Some("Thiếu giấy khai sinh"), ..doing("ask") };
        act(&city, &officer, id, both).await.unwrap();
        let seen = timeline(&city.app.db, id, true).await.unwrap();
        let words: Vec<_> = seen.iter().map(|step| (step.action.as_str(), step.public_note.as_deref())).collect();
        assert_eq!(words, [("open", None), ("accept", None), ("ask", Some("Thiếu giấy khai sinh"))]);
        assert!(seen.iter().all(|step| step.note.is_none()));
    })
    .await;
}

#[tokio::test]
async fn someone_is_put_in_charge() {
    for_each_database(|city| async move {
        let (first, leader, resident) = (officer(&city), leader(&city), city.resident("Nguyễn Văn An"));
        let second = city.person("Phan Văn Hải", &[(Role::Officer, Some(UNIT))]);
        let id = open(&city, UNIT, &resident).await.unwrap().id;
        let to = |person: &songhan_base::Person| Assignee { account: person.account, name: "Phan Văn Hải" };

        let cx = city.cx(&resident);
        let mut tx = cx.begin().await.unwrap();
        assert!(matches!(crate::take(&mut tx, &cx, id, None).await, Err(Rejection::NotYours(_))));
        tx.rollback().await.unwrap();

        let cx = city.cx(&first);
        let mut tx = cx.begin().await.unwrap();
        let case = crate::take(&mut tx, &cx, id, Some(1)).await.unwrap();
        assert_eq!((case.assignee, case.version), (Some(first.account), 2));
        assert_eq!(crate::take(&mut tx, &cx, id, None).await.unwrap().version, 2, "again is nothing new");
        assert!(matches!(crate::assign(&mut tx, &cx, id, to(&second), Some(1)).await, Err(Rejection::Stale { .. })));
        let case = crate::assign(&mut tx, &cx, id, to(&second), None).await.unwrap();
        assert_eq!(case.assignee_name.as_deref(), Some("Phan Văn Hải"));
        let back = crate::assign(&mut tx, &cx, id, to(&first), None).await;
        assert!(matches!(back, Err(Rejection::NotYours(_))), "it is no longer theirs to hand on");
        tx.commit().await.unwrap();

        let cx = city.cx(&leader);
        let mut tx = cx.begin().await.unwrap();
        let own = crate::assign(&mut tx, &cx, id, to(&resident), None).await;
        assert!(matches!(own, Err(Rejection::NotYours(_))), "nobody handles a case of their own");
        let case = crate::unassign(&mut tx, &cx, id, None).await.unwrap();
        assert_eq!((case.assignee, case.version), (None, 4));
        tx.commit().await.unwrap();
        assert_eq!(count_events(&city, "cases.case_assigned").await, 3);
        assert_eq!(timeline(&city.app.db, id, true).await.unwrap().len(), 1, "who handles it is the office's matter");
    })
    .await;
}

#[tokio::test]
async fn late_cases_are_told_once() {
    for_each_database(|city| async move {
        let (officer, resident) = (officer(&city), city.resident("Nguyễn Văn An"));
        let mut ids = Vec::new();
        for _ in 0..4 {
            let case = open(&city, UNIT, &resident).await.unwrap();
            act(&city, &officer, case.id, doing("accept")).await.unwrap();
            ids.push(case.id);
        }
        act(&city, &officer, ids[0], doing("ask")).await.unwrap();
        city.tick().await;
        assert_eq!(count_events(&city, "cases.case_due_soon").await, 0);

        let running = by_id(&city.app.db, ids[1]).await.unwrap().unwrap();
        city.clock.set(running.due_at.unwrap().0 - jiff::SignedDuration::from_hours(9));
        city.tick().await;
        city.tick().await;
        assert_eq!(count_events(&city, "cases.case_due_soon").await, 3, "the paused one is not due");

        city.clock.set(running.due_at.unwrap().0);
        city.tick().await;
        assert_eq!(count_events(&city, "cases.case_overdue").await, 0, "the due time itself is in time");
        city.clock.advance(Duration::from_micros(1));
        // An action that comes before the sweep notices by itself.
        act(&city, &officer, ids[1], doing("propose")).await.unwrap();
        let (here, there) = (city.system(), city.system());
        let (one, two) = tokio::join!(crate::sweep(&here), crate::sweep(&there));
        assert_eq!(one.unwrap().late + two.unwrap().late, 2);
        city.clock.advance(48 * HOUR);
        city.tick().await;
        assert_eq!(count_events(&city, "cases.case_overdue").await, 3);
        let late = by_id(&city.app.db, ids[2]).await.unwrap().unwrap();
        assert_eq!((late.late_at, late.version), (late.due_at, 2), "being late is no step");
    })
    .await;
}

#[tokio::test]
async fn a_case_keeps_the_workflow_it_began_with() {
    let city = songhan_testkit::TestCity::sqlite(vec![crate::module()], folder()).await;
    let (officer, resident) = (officer(&city), city.resident("Nguyễn Văn An"));
    let case = open(&city, UNIT, &resident).await.unwrap();

    // The city's workflow loses the action `accept`; the version was not raised.
    let edited = WORKFLOW.replace("id = \"accept\"", "id = \"receive\"");
    let edited = folder().with("workflows/small.toml", &edited);
    let later = songhan_testkit::TestCity::on(city.app.db.clone(), vec![crate::module()], edited).await;
    later.clock.advance(HOUR);
    let case = act(&later, &officer, case.id, doing("accept")).await.unwrap().case;
    let workflow = crate::workflow(&later.system(), &later.app.db, &case).await.unwrap();
    let actions = crate::available_actions(&workflow, &case, &later.cx(&officer).actor, &[]);
    let names: Vec<_> = actions.iter().map(|action| action.id.as_str()).collect();
    assert_eq!(names, ["refuse", "ask", "propose", "jot", "extend"]);

    let next = open(&later, UNIT, &resident).await.unwrap();
    assert_ne!(next.workflow_version, case.workflow_version);
    assert!(matches!(act(&later, &officer, next.id, doing("accept")).await, Err(Rejection::UnknownAction(_))));
    act(&later, &officer, next.id, doing("receive")).await.unwrap();
}

#[test]
fn the_citys_own_workflows_are_right() {
    let (city, report) = City::load(folder(), [DeclarationKind::of::<Workflows>()]);
    let own: Vec<_> = report.problems.iter().filter(|problem| problem.file.starts_with("workflows/")).collect();
    assert!(own.is_empty(), "{report}");
    assert!(city.get::<Workflows>().get("one-stop").is_some());
}
