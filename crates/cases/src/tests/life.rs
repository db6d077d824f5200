//! The rest of a case's life: extended, undone, hung on another, too long in one state.

use std::time::Duration;

use songhan_base::{Id, Person};
use songhan_city::{Term, TermUnit};
use songhan_testkit::TestCity;

use super::support::*;
use crate::{Act, Behalf, Case, Clock, Extension, Link, NewCase, Outcome, Rejection, Stage, by_id, timeline};

const DAYS: fn(u32) -> Extension = |amount| Extension::By(Term { amount, unit: TermUnit::Days });

async fn accepted(city: &TestCity, stages: Vec<Stage>) -> Case {
    let resident = city.resident("Nguyễn Văn An");
    let cx = city.cx(&resident);
    let mut tx = cx.begin().await.unwrap();
    let case = crate::open(&mut tx, &cx, NewCase { stages, ..new_case(UNIT, &resident) }).await.unwrap();
    tx.commit().await.unwrap();
    act(city, &officer(city), case.id, doing("accept")).await.unwrap().case
}

async fn undo(city: &TestCity, person: &Person, id: Id, version: Option<i64>) -> Result<Outcome, Rejection> {
    let cx = city.cx(person);
    let mut tx = cx.begin().await?;
    let outcome = crate::undo(&mut tx, &cx, id, version).await?;
    tx.commit().await?;
    Ok(outcome)
}

#[tokio::test]
async fn a_late_case_is_extended_and_told_again() {
    for_each_database(|city| async move {
        let officer = officer(&city);
        let case = accepted(&city, Vec::new()).await;
        let due = case.due_at.unwrap().0;
        city.clock.set(due + jiff::SignedDuration::from_hours(24));
        city.tick().await;
        assert_eq!(count_events(&city, "cases.case_overdue").await, 1);
        let extend = |days| Act { extension: Some(DAYS(days)), ..doing("extend") };
        let outcome = act(&city, &officer, case.id, extend(2)).await.unwrap();
        let extended = outcome.case;
        assert_eq!((extended.extensions, extended.late_at), (1, None));
        assert_eq!(extended.first_late_at.map(|at| at.0), Some(due));
        assert!(outcome.step.public && outcome.step.extension.as_deref() == Some("2 days"));
        assert_eq!(outcome.step.due_at, extended.due_at);
        assert_eq!(by_id(&city.app.db, case.id).await.unwrap().unwrap(), extended);
        assert_eq!(count_events(&city, "cases.case_extended").await, 1);
        // The new promise is kept an eye on like the first.
        city.clock.set(extended.due_at.unwrap().0 + jiff::SignedDuration::from_secs(1));
        city.tick().await;
        city.tick().await;
        assert_eq!(count_events(&city, "cases.case_overdue").await, 2);
        act(&city, &officer, case.id, extend(1)).await.unwrap();
        let third = act(&city, &officer, case.id, extend(1)).await.unwrap_err();
        assert!(matches!(third, Rejection::ExtensionsUsedUp { most: 2, .. }), "{third}");
        let seen = timeline(&city.app.db, case.id, true).await.unwrap();
        let words: Vec<_> = seen.iter().map(|step| (step.action.as_str(), step.public_note.as_deref())).collect();
        assert_eq!(words[2..], [("extend", Some("theo quy định")), ("extend", Some("theo quy định"))]);
    })
    .await;
}

#[tokio::test]
async fn what_is_undone_is_as_it_was() {
    for_each_database(|city| async move {
        let (first, second) = (officer(&city), officer(&city));
        let stages = vec![Stage::new("processing", THREE_DAYS)];
        let case = accepted(&city, stages).await;
        city.clock.advance(Duration::from_mins(61));
        let asked = act(&city, &first, case.id, doing("ask")).await.unwrap().case;
        assert_eq!(asked.clock, Clock::Paused);
        city.clock.advance(Duration::from_mins(14));
        let other = undo(&city, &second, case.id, None).await.unwrap_err();
        assert!(matches!(other, Rejection::NotUndoable(_)), "{other}");
        let stranger = city.resident("Người lạ");
        assert!(matches!(undo(&city, &stranger, case.id, None).await, Err(Rejection::NotYours(_))));
        assert!(matches!(undo(&city, &first, case.id, Some(1)).await, Err(Rejection::Stale { current: 3 })));
        let cx = city.cx(&first);
        let offered = crate::undoable(&cx, &city.app.db, &asked).await.unwrap().unwrap();
        assert_eq!(offered.action, "ask");
        assert_eq!(crate::undoable(&city.cx(&second), &city.app.db, &asked).await.unwrap(), None);
        let outcome = undo(&city, &first, case.id, Some(3)).await.unwrap();
        let restored = Case { version: 2, ..outcome.case.clone() };
        assert_eq!(restored, case, "state and clock are exactly what they were");
        assert_eq!((outcome.from.as_str(), outcome.step.undoes), ("supplement", Some(3)));
        assert_eq!(by_id(&city.app.db, case.id).await.unwrap().unwrap(), outcome.case);
        let again = undo(&city, &first, case.id, None).await.unwrap_err();
        assert!(matches!(again, Rejection::NotUndoable(_)), "an undoing is not undone");
        let seen = timeline(&city.app.db, case.id, true).await.unwrap();
        let words: Vec<_> = seen.iter().map(|step| step.action.as_str()).collect();
        assert_eq!(words, ["open", "accept", "ask", "undo"], "whoever read the one reads the other");

        act(&city, &first, case.id, doing("propose")).await.unwrap();
        city.clock.advance(Duration::from_secs(15 * 60 + 1));
        let late = undo(&city, &first, case.id, None).await.unwrap_err();
        assert!(late.to_string().contains("too long"), "{late}");
    })
    .await;
}

#[tokio::test]
async fn cases_hang_on_others() {
    for_each_database(|city| async move {
        let officer = officer(&city);
        let parent = accepted(&city, Vec::new()).await;
        let cx = city.cx(&officer);
        let mut tx = cx.begin().await.unwrap();
        let mut codes = Vec::new();
        for (numbered, public) in [(false, false), (false, false), (true, true)] {
            let link = Link { parent: parent.id, kind: "opinion", public, numbered };
            let new = NewCase { link: Some(link), applicant: None, ..new_case(OTHER, &officer) };
            codes.push(crate::open(&mut tx, &cx, new).await.unwrap().code);
        }
        tx.commit().await.unwrap();
        assert_eq!(codes[..2], [format!("{}.1", parent.code), format!("{}.2", parent.code)]);
        assert!(codes[2].ends_with("-261120-0001"), "what has a number of its own takes none from others");
        let children = crate::children(&city.app.db, parent.id).await.unwrap();
        assert_eq!(children.iter().map(|case| case.code.clone()).collect::<Vec<_>>(), codes);
        assert!(children.iter().all(|c| c.parent == Some(parent.id) && c.link.as_deref() == Some("opinion")));
        assert_eq!(count_events(&city, "cases.case_linked").await, 3);
        let known = by_id(&city.app.db, parent.id).await.unwrap().unwrap();
        assert_eq!(known.version, parent.version + 3);
        let public = timeline(&city.app.db, parent.id, true).await.unwrap();
        assert_eq!(public.last().unwrap().public_note.as_ref(), Some(&codes[2]));
        assert_eq!(public.len(), 3, "what passes between agencies is theirs");

        let mut tx = cx.begin().await.unwrap();
        let link = Link { parent: cx.env.id(), kind: "opinion", public: false, numbered: false };
        let orphan = crate::open(&mut tx, &cx, NewCase { link: Some(link), ..new_case(OTHER, &officer) }).await;
        assert!(matches!(orphan, Err(Rejection::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn who_is_too_long_at_it_is_told_once_a_visit() {
    for_each_database(|city| async move {
        let (officer, leader) = (officer(&city), leader(&city));
        let hours = |amount| Term { amount, unit: TermUnit::Hours };
        let case = accepted(&city, vec![Stage::new("processing", hours(20)), Stage::new("signing", hours(2))]).await;
        let due = case.stage_due_at.unwrap().0;
        assert!(due < case.due_at.unwrap().0);
        city.tick().await;
        assert_eq!(count_events(&city, "cases.stage_due_soon").await, 0);
        city.clock.set(due - jiff::SignedDuration::from_hours(4));
        city.tick().await;
        city.tick().await;
        assert_eq!(count_events(&city, "cases.stage_due_soon").await, 1);
        city.clock.set(due + jiff::SignedDuration::from_micros(1));
        let (here, there) = (city.system(), city.system());
        let (one, two) = tokio::join!(crate::sweep(&here), crate::sweep(&there));
        assert_eq!(one.unwrap().stages_late + two.unwrap().stages_late, 1);
        let late = by_id(&city.app.db, case.id).await.unwrap().unwrap();
        assert_eq!((late.stage_late_at, late.late_at), (late.stage_due_at, None));
        let proposed = act(&city, &officer, case.id, doing("propose")).await.unwrap();
        assert_eq!(proposed.step.stage_due_at, proposed.case.stage_due_at);
        assert!(proposed.case.stage_due_at.unwrap().0 > due);
        city.clock.advance(Duration::from_hours(24));
        // Who acts before the sweep comes is found out all the same.
        act(&city, &leader, case.id, doing("send_back")).await.unwrap();
        assert_eq!(count_events(&city, "cases.stage_overdue").await, 2);
    })
    .await;
}

#[tokio::test]
async fn the_timeline_says_for_whom_someone_acted() {
    for_each_database(|city| async move {
        let case = accepted(&city, Vec::new()).await;
        act(&city, &officer(&city), case.id, doing("propose")).await.unwrap();
        let deputy = leader(&city);
        let behalf = Behalf {
            account: city.app.env.id(), name: "Trần Quốc Bảo", basis: "Giấy ủy quyền số 3/GUQ-UBND"
        };
        act(&city, &deputy, case.id, Act { behalf: Some(behalf), ..doing("sign") }).await.unwrap();
        let steps = timeline(&city.app.db, case.id, false).await.unwrap();
        let last = steps.last().unwrap();
        assert_eq!(last.behalf_name.as_deref(), Some("Trần Quốc Bảo"));
        assert_eq!(last.basis.as_deref(), Some("Giấy ủy quyền số 3/GUQ-UBND"));
    })
    .await;
}
