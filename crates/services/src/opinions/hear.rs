//! What follows from the life of a dossier and of the opinions under it: those are told whom it concerns.
//!
//! Runs in the transaction that moves the subscriber's cursor: each notice is written once.

use songhan_app::{BoxFuture, Cx};
use songhan_base::{Id, Internal, Role};
use songhan_cases::{CaseActed, CaseExtended, CaseLinked, CaseOverdue, CaseRef, StageDueSoon, StageOverdue, Workflows};
use songhan_db::{Recorded, Tx};
use songhan_notices::{Args, New};

use super::{KIND, store};
use crate::CASE_KIND;

pub fn hear<'a>(cx: &'a Cx, tx: &'a mut Tx, event: &'a Recorded) -> BoxFuture<'a, Result<(), Internal>> {
    Box::pin(async move {
        if let Some(linked) = event.read::<CaseLinked>().filter(|linked| linked.child_kind == KIND) {
            return asked(cx, tx, &linked).await;
        }
        if let Some(acted) = event.read::<CaseActed>().filter(|acted| acted.about.kind == KIND && acted.closed) {
            return answered(cx, tx, &acted).await;
        }
        if let Some(late) = event.read::<CaseOverdue>().filter(|late| late.about.kind == KIND) {
            let people = people(cx, tx, &late.about, true).await?;
            let link = format!("/office/opinions/{}", late.about.code);
            return tell(tx, cx, &people, "opinion-overdue", &late.about, link, Args::new()).await;
        }
        if let Some(extended) = event.read::<CaseExtended>().filter(|extended| extended.about.kind == CASE_KIND) {
            let people: Vec<Id> = extended.about.applicant.into_iter().collect();
            let link = format!("/dossiers/{}", extended.about.code);
            let args = Args::new().at("due", extended.due_at);
            return tell(tx, cx, &people, "dossier-extended", &extended.about, link, args).await;
        }
        if let Some(late) = event.read::<StageOverdue>().filter(|late| late.about.kind == CASE_KIND) {
            return stage(cx, tx, &late.about, &late.state, "dossier-stage-overdue", true).await;
        }
        if let Some(soon) = event.read::<StageDueSoon>().filter(|soon| soon.about.kind == CASE_KIND) {
            return stage(cx, tx, &soon.about, &soon.state, "dossier-stage-soon", false).await;
        }
        Ok(())
    })
}

/// The asked agency's officers, in whose inbox it stands now.
async fn asked(cx: &Cx, tx: &mut Tx, linked: &CaseLinked) -> Result<(), Internal> {
    let Some(case) = songhan_cases::by_id(&mut *tx, linked.child).await? else { return Ok(()) };
    let about = CaseRef::from(&case);
    let people = people(cx, tx, &about, false).await?;
    let asking = cx.city.agencies().get(&linked.about.unit);
    let mut args = match case.due_at {
        Some(due) => Args::new().at("due", due.0),
        None => Args::new().text("due", ""),
    };
    args = match asking {
        Some(unit) => args.both("unit", &unit.name),
        None => args.text("unit", &linked.about.unit),
    };
    tell(tx, cx, &people, "opinion-asked", &about, format!("/office/opinions/{}", about.code), args).await
}

/// Who asked hears of the answer.
async fn answered(cx: &Cx, tx: &mut Tx, acted: &CaseActed) -> Result<(), Internal> {
    let Some(opinion) = store::by_case(&mut *tx, acted.about.case).await?.filter(|one| one.answer.is_some()) else {
        return Ok(());
    };
    let args = match cx.city.agencies().get(&acted.about.unit) {
        Some(unit) => Args::new().both("unit", &unit.name),
        None => Args::new().text("unit", &acted.about.unit),
    };
    let link = format!("/office/opinions/{}", acted.about.code);
    tell(tx, cx, &[opinion.asked_by], "opinion-answered", &acted.about, link, args).await
}

/// Who stays too long at a step hears of it; what is late climbs to the leaders.
async fn stage(
    cx: &Cx,
    tx: &mut Tx,
    about: &CaseRef,
    state: &str,
    kind: &'static str,
    climbs: bool,
) -> Result<(), Internal> {
    let people = people(cx, tx, about, climbs).await?;
    let args = step_name(cx, tx, about, state).await?;
    tell(tx, cx, &people, kind, about, format!("/office/dossiers/{}", about.code), args).await
}

async fn step_name(cx: &Cx, tx: &mut Tx, about: &CaseRef, state: &str) -> Result<Args, Internal> {
    let case = songhan_cases::by_id(&mut *tx, about.case).await?;
    let workflow = case.and_then(|case| cx.city.get::<Workflows>().get(&case.workflow).cloned());
    let name = workflow.as_ref().and_then(|workflow| workflow.state(state)).map(|state| &state.name);
    Ok(match name {
        Some(name) => Args::new().both("step", name),
        None => Args::new().text("step", state),
    })
}

/// Who is in charge, or every officer of the unit; with `climbs`, its leaders too.
async fn people(cx: &Cx, tx: &mut Tx, about: &CaseRef, climbs: bool) -> Result<Vec<Id>, Internal> {
    let mut people: Vec<Id> = about.assignee.into_iter().collect();
    if people.is_empty() {
        let officers = songhan_identity::people_at(&mut *tx, cx, Role::Officer, Some(&about.unit)).await?;
        people.extend(officers.into_iter().map(|(id, _)| id));
    }
    if climbs {
        let leaders = songhan_identity::people_at(&mut *tx, cx, Role::Leader, Some(&about.unit)).await?;
        people.extend(leaders.into_iter().map(|(id, _)| id));
    }
    people.sort_unstable();
    people.dedup();
    Ok(people)
}

async fn tell(
    tx: &mut Tx,
    cx: &Cx,
    people: &[Id],
    kind: &'static str,
    about: &CaseRef,
    link: String,
    args: Args,
) -> Result<(), Internal> {
    for person in people {
        let subject = crate::dossier::subject(&about.code);
        let args = args.clone().text("code", about.code.as_str());
        songhan_notices::notify(tx, cx, *person, New { kind, subject, args, link: Some(link.clone()) }).await?;
    }
    Ok(())
}
