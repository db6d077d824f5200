//! Hoàn tác: for some minutes whoever did an action takes it back, where the workflow allows that. State, clock and
//! queue are exactly what they were; the timeline keeps both steps.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use songhan_app::Cx;
use songhan_base::{Id, Internal, Role};
use songhan_city::Remaining;
use songhan_db::{At, On, Tx};

use crate::case::step;
use crate::engine::{step_of, tell_act};
use crate::{
    Case, CaseOverdue, CaseRef, Clock, National, Outcome, Rejection, Stage, Step, Workflow, read, store, transition,
};

/// What of a case a step may change, as it was before.
#[derive(Serialize, Deserialize)]
pub(crate) struct Snapshot {
    state: String,
    national: i64,
    queue: Option<Role>,
    clock: Clock,
    due_at: Option<At>,
    /// Missing in snapshots of before it was kept.
    #[serde(default)]
    last_day: Option<Date>,
    paused_at: Option<At>,
    remaining: Option<Remaining>,
    soon_at: Option<At>,
    running_since: Option<At>,
    worked_us: i64,
    stages: Vec<Stage>,
    stage_due_at: Option<At>,
    stage_soon_at: Option<At>,
    stage_late_at: Option<At>,
}

impl Snapshot {
    pub(crate) fn of(case: &Case) -> Self {
        Self {
            state: case.state.clone(),
            national: case.national.number(),
            queue: case.queue,
            clock: case.clock,
            due_at: case.due_at,
            last_day: case.last_day,
            paused_at: case.paused_at,
            remaining: case.remaining,
            soon_at: case.soon_at,
            running_since: case.running_since,
            worked_us: case.worked_us,
            stages: case.stages.clone(),
            stage_due_at: case.stage_due_at,
            stage_soon_at: case.stage_soon_at,
            stage_late_at: case.stage_late_at,
        }
    }

    /// The case as it was. What has been told since, that it is late, stays told.
    fn restore(self, case: &Case) -> Result<Case, Internal> {
        Ok(Case {
            state: self.state,
            national: National::try_from(self.national).map_err(Internal::new)?,
            queue: self.queue,
            clock: self.clock,
            due_at: self.due_at,
            last_day: self.last_day,
            paused_at: self.paused_at,
            remaining: self.remaining,
            soon_at: self.soon_at,
            running_since: self.running_since,
            worked_us: self.worked_us,
            stages: self.stages,
            stage_due_at: self.stage_due_at,
            stage_soon_at: self.stage_soon_at,
            stage_late_at: self.stage_late_at,
            version: case.version + 1,
            ..case.clone()
        })
    }
}

/// A step that its actor can take back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undoable {
    pub action: String,
    pub until: Timestamp,
}

/// What the actor could undo now: the last step of the case, if it was theirs and is young enough. `on` is `&cx.db` or
/// a transaction.
pub async fn undoable<'a>(cx: &Cx, on: impl Into<On<'a>>, case: &Case) -> Result<Option<Undoable>, Internal> {
    let mut on = on.into();
    let workflow = read::workflow(cx, on.again(), case).await?;
    let last = store::step(on, case.id, case.version).await?;
    Ok(last.and_then(|last| check(cx, &workflow, &last, cx.now()).ok()))
}

/// Undoes the last step of a case.
pub async fn undo(tx: &mut Tx, cx: &Cx, id: Id, version: Option<i64>) -> Result<Outcome, Rejection> {
    let before = store::lock(tx, id).await?.ok_or(Rejection::NotFound)?;
    let own = before.is_own_of(&cx.actor);
    let office = [Role::Officer, Role::Leader, Role::Administrator];
    if !own && !office.into_iter().any(|role| before.is_handled_by(&cx.actor, role)) {
        return Err(Rejection::NotYours(step::UNDO.to_owned()));
    }
    if let Some(seen) = version
        && seen != before.version
    {
        return Err(Rejection::Stale { current: before.version });
    }
    let now = tx.now();
    let workflow = read::workflow(cx, &mut *tx, &before).await?;
    let last = store::step(&mut *tx, id, before.version).await?.ok_or(NOTHING)?;
    let undone = check(cx, &workflow, &last, now)?;
    let snapshot = store::snapshot(&mut *tx, id, last.seq).await?.ok_or(NOTHING)?;
    let mut case = snapshot.restore(&before)?;
    let became_late = transition::mark_late(&mut case, now);
    let step = Step {
        from_state: Some(before.state.clone()),
        public: last.public,
        undoes: Some(last.seq),
        ..step_of(cx, &case, step::UNDO, now)
    };
    store::update(tx, &case).await?;
    store::insert_step(tx, &step, None).await?;
    if let Some(due_at) = case.due_at.filter(|_| became_late) {
        tx.emit(CaseOverdue { about: CaseRef::from(&case), due_at: due_at.0 }).await?;
    }
    tell_act(tx, &before, &case, &step, Some(undone.action.clone())).await?;
    let detail = json!({ "undone": undone.action, "to": case.state, "version": case.version });
    tx.audit("cases.undo", &case.subject(), detail).await?;
    Ok(Outcome { case, from: before.state, step })
}

const NOTHING: Rejection = Rejection::NotUndoable("the last step is none that can be undone");

fn check(cx: &Cx, workflow: &Workflow, last: &Step, now: Timestamp) -> Result<Undoable, Rejection> {
    let minutes = workflow.action(&last.action).and_then(|action| action.undo_minutes).ok_or(NOTHING)?;
    if cx.actor.person().is_none() || last.actor != cx.actor.label() {
        return Err(Rejection::NotUndoable("someone else has done the last step"));
    }
    let until = last.at.0 + SignedDuration::from_mins(minutes.into());
    if until < now {
        return Err(Rejection::NotUndoable("it has been too long since the last step; use an action of the case"));
    }
    Ok(Undoable { action: last.action.clone(), until })
}
