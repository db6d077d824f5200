//! Opening cases, moving them, putting someone in charge: what systems call inside their own transactions.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;
use serde_json::json;
use songhan_app::Cx;
use songhan_base::{Id, Internal, Role, clean_line};
use songhan_city::Unit;
use songhan_db::{At, Db, On, Tx, next_number};

use crate::case::step;
use crate::transition::{Moved, apply, enter};
use crate::{
    Act, Case, CaseActed, CaseAssigned, CaseOpened, CaseOverdue, CaseRef, Clock, National, NewCase, Rejection, Step,
    Workflow, Workflows, store,
};

/// What a step did.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The case as it is now.
    pub case: Case,
    /// The state before.
    pub from: String,
    pub step: Step,
}

/// Who is put in charge. That the account works at the case's unit is for the caller to have asked identity.
#[derive(Clone, Copy, Debug)]
pub struct Assignee<'a> {
    pub account: Id,
    pub name: &'a str,
}

/// Opens a case: its code is counted for its unit and the day, without gap or double.
///
/// The counter of the unit stays locked until the end of the transaction, so call it late, with everything slow done.
/// After a rejection the transaction must be dropped.
pub async fn open(tx: &mut Tx, cx: &Cx, new: NewCase<'_>) -> Result<Case, Rejection> {
    let unit = cx.city.agencies().get(new.unit).ok_or_else(|| Rejection::UnknownUnit(clean_line(new.unit)))?;
    let workflow = cx.city.get::<Workflows>().get(new.workflow);
    let workflow = workflow.ok_or_else(|| Internal::new(format!("there is no workflow {}", new.workflow)))?;
    let initial = workflow.state(&workflow.initial);
    let initial = initial.ok_or_else(|| Internal::new(format!("the workflow {} begins nowhere", new.workflow)))?;
    let now = tx.now();
    let received_at = new.received_at.unwrap_or(now).min(now);
    let mut case = blank(cx, &new, workflow, received_at, now);
    enter(&mut case, initial, received_at, cx.city.working_time())?;
    store::keep_workflow(tx, workflow, now).await?;
    case.code = number(tx, cx, unit, now).await?;
    store::insert(tx, &case).await?;
    let step = Step { from_state: None, public: true, ..step_of(cx, &case, step::OPEN, now) };
    store::insert_step(tx, &step).await?;
    tx.emit(CaseOpened {
        about: CaseRef::from(&case),
        state: case.state.clone(),
        national: case.national,
        due_at: case.due_at.map(|at| at.0),
    })
    .await?;
    tx.audit("cases.open", &case.subject(), json!({ "code": case.code, "unit": case.unit })).await?;
    Ok(case)
}

fn blank(cx: &Cx, new: &NewCase<'_>, workflow: &Workflow, received_at: Timestamp, now: Timestamp) -> Case {
    let line = |text: &str| clean_line(text).chars().take(300).collect::<String>();
    Case {
        id: cx.env.id(),
        code: String::new(),
        kind: new.kind.to_owned(),
        topic: new.topic.to_owned(),
        workflow: workflow.code.clone(),
        workflow_version: workflow.version.clone(),
        state: String::new(),
        national: National::Registered,
        queue: None,
        unit: new.unit.to_owned(),
        area: new.area.map(str::to_owned),
        title: line(new.title),
        applicant: new.applicant,
        applicant_name: line(new.applicant_name),
        assignee: None,
        assignee_name: None,
        term: new.term,
        clock: Clock::Waiting,
        received_at: At(received_at),
        due_at: None,
        paused_at: None,
        remaining: None,
        soon_at: None,
        late_at: None,
        stopped_at: None,
        closed_at: None,
        version: 1,
        created_at: At(now),
        data: new.data.clone(),
    }
}

/// The next code of the unit's day. The counter is named by what stands in the code, so equal counters and equal codes
/// are the same thing.
async fn number(tx: &mut Tx, cx: &Cx, unit: &Unit, now: Timestamp) -> Result<String, Rejection> {
    let day = now.to_zoned(cx.zone.clone()).date();
    let pattern = &cx.city.manifest().dossier_code;
    let counter = format!("case:{}:{}", *unit.dossier_code, day.strftime("%y%m%d"));
    let number = next_number(tx, &counter).await?;
    let code = u32::try_from(number).ok().and_then(|number| pattern.code(&unit.dossier_code, day, number));
    code.ok_or_else(|| Rejection::DayFull { unit: unit.name.vi.clone(), most: pattern.number_max() })
}

/// Does an action of the case's workflow. The row stays locked until the end of the transaction.
pub async fn act(tx: &mut Tx, cx: &Cx, id: Id, act: Act<'_>) -> Result<Outcome, Rejection> {
    let before = store::lock(tx, id).await?.ok_or(Rejection::NotFound)?;
    let workflow = workflow(cx, &mut *tx, &before).await?;
    let now = tx.now();
    let Moved { case, note, public_note, became_late } =
        apply(&before, &workflow, &cx.actor, &act, now, cx.city.working_time())?;
    let step = Step {
        from_state: Some(before.state.clone()),
        // What passes between officers is theirs; what changes for the applicant is told.
        public: before.national != case.national || public_note.is_some(),
        note,
        public_note,
        ..step_of(cx, &case, act.action, now)
    };
    store::update(tx, &case).await?;
    store::insert_step(tx, &step).await?;
    if let Some(due_at) = case.due_at.or(before.due_at).filter(|_| became_late) {
        tx.emit(CaseOverdue { about: CaseRef::from(&case), due_at: due_at.0 }).await?;
    }
    tx.emit(CaseActed {
        about: CaseRef::from(&case),
        action: act.action.to_owned(),
        from: before.state.clone(),
        to: case.state.clone(),
        national_before: before.national,
        national: case.national,
        due_at: case.due_at.map(|at| at.0),
        version: case.version,
        closed: case.is_closed(),
        has_public_note: step.public_note.is_some(),
    })
    .await?;
    let detail = json!({ "action": act.action, "from": before.state, "to": case.state, "version": case.version });
    tx.audit("cases.act", &case.subject(), detail).await?;
    Ok(Outcome { case, from: before.state, step })
}

/// Nhận việc: puts the actor in charge, an officer or leader of the unit.
pub async fn take(tx: &mut Tx, cx: &Cx, id: Id, version: Option<i64>) -> Result<Case, Rejection> {
    let case = locked(tx, id).await?;
    let may = [Role::Officer, Role::Leader].into_iter().any(|role| case.is_handled_by(&cx.actor, role));
    let Some(person) = cx.actor.person().filter(|_| may) else { return Err(not_yours(step::TAKE)) };
    put_in_charge(tx, cx, case, Some(Assignee { account: person.account, name: &person.name }), version, step::TAKE)
        .await
}

/// Phân công: puts someone in charge. A leader of the unit may, who is in charge may hand on, and an officer may while
/// nobody is.
pub async fn assign(tx: &mut Tx, cx: &Cx, id: Id, to: Assignee<'_>, version: Option<i64>) -> Result<Case, Rejection> {
    let case = locked(tx, id).await?;
    if !may_assign(cx, &case) {
        return Err(not_yours(step::ASSIGN));
    }
    if case.applicant == Some(to.account) {
        // Nobody handles a case of their own.
        return Err(not_yours(step::ASSIGN));
    }
    put_in_charge(tx, cx, case, Some(to), version, step::ASSIGN).await
}

/// Trả lại việc: leaves the case with nobody in charge.
pub async fn unassign(tx: &mut Tx, cx: &Cx, id: Id, version: Option<i64>) -> Result<Case, Rejection> {
    let case = locked(tx, id).await?;
    if !may_assign(cx, &case) {
        return Err(not_yours(step::UNASSIGN));
    }
    put_in_charge(tx, cx, case, None, version, step::UNASSIGN).await
}

/// Whether the actor may put someone in charge of the case.
pub fn may_assign(cx: &Cx, case: &Case) -> bool {
    let in_charge = case.assignee.is_none() || cx.actor.account() == case.assignee;
    case.is_handled_by(&cx.actor, Role::Leader) || (in_charge && case.is_handled_by(&cx.actor, Role::Officer))
}

fn not_yours(step: &str) -> Rejection {
    Rejection::NotYours(step.to_owned())
}

async fn locked(tx: &mut Tx, id: Id) -> Result<Case, Rejection> {
    store::lock(tx, id).await?.ok_or(Rejection::NotFound)
}

async fn put_in_charge(
    tx: &mut Tx,
    cx: &Cx,
    before: Case,
    to: Option<Assignee<'_>>,
    version: Option<i64>,
    word: &'static str,
) -> Result<Case, Rejection> {
    if version.is_some_and(|seen| seen != before.version) {
        return Err(Rejection::Stale { current: before.version });
    }
    if before.is_closed() {
        return Err(Rejection::NotNow { action: word.to_owned(), state: before.state });
    }
    if before.assignee == to.map(|to| to.account) {
        return Ok(before);
    }
    let case = Case {
        assignee: to.map(|to| to.account),
        assignee_name: to.map(|to| clean_line(to.name)),
        version: before.version + 1,
        ..before.clone()
    };
    let now = tx.now();
    let note = case.assignee_name.clone().filter(|_| word == step::ASSIGN);
    let step = Step { note, ..step_of(cx, &case, word, now) };
    store::update(tx, &case).await?;
    store::insert_step(tx, &step).await?;
    tx.emit(CaseAssigned { about: CaseRef::from(&case), before: before.assignee }).await?;
    let detail = json!({ "assignee": case.assignee, "before": before.assignee, "version": case.version });
    tx.audit("cases.assign", &case.subject(), detail).await?;
    Ok(case)
}

/// A step that leaves the case where it is, seen by the office alone.
fn step_of(cx: &Cx, case: &Case, action: &str, now: Timestamp) -> Step {
    Step {
        case_id: case.id,
        seq: case.version,
        at: At(now),
        actor: cx.actor.label(),
        actor_name: cx.actor.person().map_or_else(String::new, |person| person.name.clone()),
        action: action.to_owned(),
        from_state: Some(case.state.clone()),
        to_state: case.state.clone(),
        national: case.national,
        note: None,
        public_note: None,
        public: false,
    }
}

/// Workflows that the city no longer declares, kept in memory once a case has asked for them.
#[derive(Default)]
struct Past(RwLock<HashMap<(String, String), Arc<Workflow>>>);

/// The workflow that a case began with, whatever the city declares today. `on` is `&cx.db` or a transaction.
pub async fn workflow<'a>(cx: &Cx, on: impl Into<On<'a>>, case: &Case) -> Result<Arc<Workflow>, Internal> {
    if let Some(present) = cx.city.get::<Workflows>().get(&case.workflow)
        && present.version == case.workflow_version
    {
        return Ok(present.clone());
    }
    let past = cx.memory.get_or(Past::default);
    let key = (case.workflow.clone(), case.workflow_version.clone());
    if let Some(known) = past.0.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
        return Ok(known.clone());
    }
    let kept = store::workflow_document(on, &key.0, &key.1).await?;
    let kept = kept.ok_or_else(|| Internal::new(format!("the workflow {} {} of a case is lost", key.0, key.1)))?;
    let kept = Arc::new(kept);
    past.0.write().unwrap_or_else(PoisonError::into_inner).insert(key, kept.clone());
    Ok(kept)
}

/// The case with this id. `on` is `&cx.db` or a transaction.
pub async fn by_id<'a>(on: impl Into<On<'a>>, id: Id) -> Result<Option<Case>, Internal> {
    store::by_id(on, id).await
}

/// Those of the cases that exist, in the order in which they are asked for; at most [`crate::PAGE_MAX`].
pub async fn by_ids(db: &Db, ids: &[Id]) -> Result<Vec<Case>, Internal> {
    let ids = &ids[..ids.len().min(crate::PAGE_MAX)];
    let mut cases = store::by_ids(db, ids).await?;
    let place = |case: &Case| ids.iter().position(|id| *id == case.id);
    cases.sort_by_key(place);
    Ok(cases)
}

/// The case with this code, in the spelling of the receipt. `on` is `&cx.db` or a transaction.
pub async fn by_code<'a>(on: impl Into<On<'a>>, code: &str) -> Result<Option<Case>, Internal> {
    store::by_code(on, code).await
}

/// The timeline, oldest first; with `public_only`, what the applicant may see of it.
pub async fn timeline(db: &Db, id: Id, public_only: bool) -> Result<Vec<Step>, Internal> {
    let mut steps = store::steps(db, id, public_only).await?;
    if public_only {
        for step in &mut steps {
            step.note = None;
        }
    }
    Ok(steps)
}
