//! Cases that come whole, many at a time.

use songhan_base::Internal;
use songhan_db::{Rows, Tx};

use super::cases::{last_day, remaining, stages};
use crate::{Case, Past, Step};

pub(crate) async fn insert_past(tx: &mut Tx, past: &[Past]) -> Result<(), Internal> {
    let mut cases = Rows::of(
        "cases (id, code, kind, topic, workflow, workflow_version, state, national, queue, unit, area, title, \
         applicant, applicant_name, assignee, assignee_name, term_amount, term_unit, clock, received_at, due_at, \
         paused_at, remaining, soon_at, late_at, stopped_at, closed_at, version, created_at, data, \
         extensions, first_late_at, running_since, worked_us, stages, stage_due_at, stage_soon_at, stage_late_at, \
         last_day)",
    );
    let mut steps = Rows::of(
        "case_steps (case_id, seq, at, actor, actor_name, action, from_state, to_state, national, note, public_note, \
         public, due_at, stage_due_at)",
    );
    for Past { case, steps: timeline, .. } in past {
        add_case(&mut cases, case)?;
        for step in timeline {
            add_step(&mut steps, step);
        }
    }
    cases.insert(tx).await?;
    steps.insert(tx).await
}

fn add_case(rows: &mut Rows, c: &Case) -> Result<(), Internal> {
    rows.add([
        c.id.into(),
        (&c.code).into(),
        (&c.kind).into(),
        (&c.topic).into(),
        (&c.workflow).into(),
        (&c.workflow_version).into(),
        (&c.state).into(),
        c.national.number().into(),
        c.queue.into(),
        (&c.unit).into(),
        c.area.as_deref().into(),
        (&c.title).into(),
        c.applicant.into(),
        (&c.applicant_name).into(),
        c.assignee.into(),
        c.assignee_name.as_deref().into(),
        c.term.map(|term| term.amount).into(),
        c.term.map(|term| term.unit.as_str()).into(),
        c.clock.as_str().into(),
        c.received_at.into(),
        c.due_at.into(),
        c.paused_at.into(),
        remaining(c)?.into(),
        c.soon_at.into(),
        c.late_at.into(),
        c.stopped_at.into(),
        c.closed_at.into(),
        c.version.into(),
        c.created_at.into(),
        (&c.data).into(),
        c.extensions.into(),
        c.first_late_at.into(),
        c.running_since.into(),
        c.worked_us.into(),
        stages(c)?.into(),
        c.stage_due_at.into(),
        c.stage_soon_at.into(),
        c.stage_late_at.into(),
        last_day(c).into(),
    ]);
    Ok(())
}

fn add_step(rows: &mut Rows, s: &Step) {
    rows.add([
        s.case_id.into(),
        s.seq.into(),
        s.at.into(),
        (&s.actor).into(),
        (&s.actor_name).into(),
        (&s.action).into(),
        s.from_state.as_deref().into(),
        (&s.to_state).into(),
        s.national.number().into(),
        s.note.as_deref().into(),
        s.public_note.as_deref().into(),
        s.public.into(),
        s.due_at.into(),
        s.stage_due_at.into(),
    ]);
}
