//! Opening cases, moving them, putting someone in charge: what systems call inside their own transactions.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::json;
use songhan_app::Cx;
use songhan_base::{Id, Internal, Role, clean_line};
use songhan_city::Unit;
use songhan_db::{At, Tx, next_number};

use crate::case::step;
use crate::read::workflow;
use crate::transition::{apply, enter};
use crate::{
    Act, Case, CaseActed, CaseAssigned, CaseExtended, CaseOpened, CaseOverdue, CaseRef, Clock, National, NewCase,
    Rejection, StageOverdue, Step, Workflow, Workflows, linked, store,
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
    let under = match new.link {
        Some(link) => linked::hang(tx, &mut case, link).await?,
        None => None,
    };
    case.code = match under {
        Some(code) => code,
        None => number(tx, cx, unit, now).await?,
    };
    store::insert(tx, &case).await?;
    let step = Step { from_state: None, public: true, ..step_of(cx, &case, step::OPEN, now) };
    store::insert_step(tx, &step, None).await?;
    if let Some(link) = new.link {
        linked::tell_parent(tx, cx, &case, link).await?;
    }
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

pub(crate) fn blank(cx: &Cx, new: &NewCase<'_>, workflow: &Workflow, received_at: Timestamp, now: Timestamp) -> Case {
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
        last_day: None,
        paused_at: None,
        remaining: None,
        soon_at: None,
        late_at: None,
        stopped_at: None,
        closed_at: None,
        version: 1,
        created_at: At(now),
        data: new.data.clone(),
        parent: None,
        link: None,
        extensions: 0,
        first_late_at: None,
        running_since: None,
        worked_us: 0,
        stages: new.stages.clone(),
        stage_due_at: None,
        stage_soon_at: None,
        stage_late_at: None,
        archived_at: None,
        emptied_at: None,
        emptied_by: None,
    }
}

/// The next code of the unit's day. The counter is named by what stands in the code, so equal counters and equal codes
/// are the same thing.
async fn number(tx: &mut Tx, cx: &Cx, unit: &Unit, now: Timestamp) -> Result<String, Rejection> {
    let day = now.to_zoned(cx.zone.clone()).date();
    let pattern = &cx.city.manifest().dossier_code;
    let counter = counter(unit, day);
    let number = next_number(tx, &counter).await?;
    let code = u32::try_from(number).ok().and_then(|number| pattern.code(&unit.dossier_code, day, number));
    code.ok_or_else(|| Rejection::DayFull { unit: unit.name.vi.clone(), most: pattern.number_max() })
}

pub(crate) fn counter(unit: &Unit, day: Date) -> String {
    format!("case:{}:{}", *unit.dossier_code, day.strftime("%y%m%d"))
}

/// Does an action of the case's workflow. The row stays locked until the end of the transaction.
pub async fn act(tx: &mut Tx, cx: &Cx, id: Id, act: Act<'_>) -> Result<Outcome, Rejection> {
    let before = store::lock(tx, id).await?.ok_or(Rejection::NotFound)?;
    let workflow = workflow(cx, &mut *tx, &before).await?;
    let now = tx.now();
    let moved = apply(&before, &workflow, &cx.actor, &act, now, cx.city.working_time())?;
    let (case, action) = (moved.case, workflow.action(act.action));
    let step = moved_step(cx, &before, &case, &act, now, (moved.note, moved.public_note));
    let undoable = action.is_some_and(|action| action.undo_minutes.is_some());
    store::update(tx, &case).await?;
    store::insert_step(tx, &step, undoable.then_some(&before)).await?;
    tell_late(tx, &before, &case, moved.became_late, moved.stage_became_late).await?;
    if let (Some(due_before), Some(due_at), Some(_)) = (before.due_at, case.due_at, act.extension) {
        let (due_before, due_at) = (due_before.0, due_at.0);
        // What came late just now was told a moment ago.
        let was_late = before.late_at.is_some() || moved.became_late;
        let (about, times, version) = (CaseRef::from(&case), case.extensions, case.version);
        tx.emit(CaseExtended { about, due_before, due_at, times, was_late, version }).await?;
    }
    tell_act(tx, &before, &case, &step, None).await?;
    let detail = json!({
        "action": act.action, "from": before.state, "to": case.state, "version": case.version,
        "behalf": act.behalf.map(|behalf| behalf.account),
    });
    tx.audit("cases.act", &case.subject(), detail).await?;
    Ok(Outcome { case, from: before.state, step })
}

/// The line of the timeline that says what an action did.
pub(crate) fn moved_step(
    cx: &Cx,
    before: &Case,
    case: &Case,
    act: &Act<'_>,
    now: Timestamp,
    (note, public_note): (Option<String>, Option<String>),
) -> Step {
    Step {
        from_state: Some(before.state.clone()),
        // What passes between officers is theirs; what changes for the applicant is told.
        public: before.national != case.national || public_note.is_some() || act.extension.is_some(),
        note,
        public_note,
        extension: act.extension.map(|extension| extension.to_string()),
        behalf_name: act.behalf.map(|behalf| clean_line(behalf.name)),
        basis: act.behalf.map(|behalf| clean_line(behalf.basis)),
        ..step_of(cx, case, act.action, now)
    }
}

/// Tells that a case was late, or too long in the state that it leaves, where nobody had noticed.
async fn tell_late(
    tx: &mut Tx,
    before: &Case,
    case: &Case,
    became_late: bool,
    stage_became_late: bool,
) -> Result<(), Internal> {
    if let Some(due_at) = before.due_at.filter(|_| became_late) {
        tx.emit(CaseOverdue { about: CaseRef::from(case), due_at: due_at.0 }).await?;
    }
    if let Some(due_at) = before.stage_due_at.filter(|_| stage_became_late) {
        tx.emit(StageOverdue { about: CaseRef::from(case), state: before.state.clone(), due_at: due_at.0 }).await?;
    }
    Ok(())
}

/// Tells what a step made of a case.
pub(crate) async fn tell_act(
    tx: &mut Tx,
    before: &Case,
    case: &Case,
    step: &Step,
    undone: Option<String>,
) -> Result<(), Internal> {
    tx.emit(acted(before, case, step, undone)).await
}

/// The event of a step.
pub(crate) fn acted(before: &Case, case: &Case, step: &Step, undone: Option<String>) -> CaseActed {
    CaseActed {
        about: CaseRef::from(case),
        action: step.action.clone(),
        from: before.state.clone(),
        to: case.state.clone(),
        national_before: before.national,
        national: case.national,
        due_at: case.due_at.map(|at| at.0),
        version: case.version,
        closed: case.is_closed(),
        has_public_note: step.public_note.is_some(),
        clock_before: Some(before.clock),
        clock: Some(case.clock),
        late: case.late_at.is_some(),
        in_time: case.was_in_time(),
        worked_us: case.worked_us,
        undone,
    }
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
    store::insert_step(tx, &step, None).await?;
    tx.emit(CaseAssigned { about: CaseRef::from(&case), before: before.assignee }).await?;
    let detail = json!({ "assignee": case.assignee, "before": before.assignee, "version": case.version });
    tx.audit("cases.assign", &case.subject(), detail).await?;
    Ok(case)
}

/// A step that leaves the case where it is, seen by the office alone.
pub(crate) fn step_of(cx: &Cx, case: &Case, action: &str, now: Timestamp) -> Step {
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
        due_at: case.due_at,
        stage_due_at: case.stage_due_at,
        extension: None,
        undoes: None,
        behalf_name: None,
        basis: None,
    }
}
