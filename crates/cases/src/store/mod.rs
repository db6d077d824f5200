//! All SQL of the module.

mod cases;
mod inbox;
mod keeping;
mod past;
mod steps;
mod sweep;

pub(crate) use cases::{
    by_code, by_id, by_ids, children, count_children, insert, keep_workflow, lock, of_applicant, update,
    workflow_document,
};
pub(crate) use inbox::{counts, page};
pub(crate) use keeping::{archive, closed, empty, hanging};
pub(crate) use past::insert_past;
pub(crate) use steps::{insert_step, snapshot, step, steps};
pub(crate) use sweep::mark;

use serde_json::Value;
use songhan_base::{Id, Internal, Role};
use songhan_city::{Term, TermUnit};
use songhan_db::At;

use crate::{Case, Clock, National};

/// The columns of a [`Row`].
const COLUMNS: &str = "id, code, kind, topic, workflow, workflow_version, state, national, queue, unit, area, title, \
    applicant, applicant_name, assignee, assignee_name, term_amount, term_unit, clock, received_at, due_at, paused_at, \
    remaining, soon_at, late_at, stopped_at, closed_at, version, created_at, data, due_order, \
    parent, link, extensions, first_late_at, running_since, worked_us, stages, stage_due_at, stage_soon_at, \
    stage_late_at, last_day, archived_at, emptied_at, emptied_by";

/// A case as its row holds it.
#[derive(sqlx::FromRow)]
struct Row {
    id: Id,
    code: String,
    kind: String,
    topic: String,
    workflow: String,
    workflow_version: String,
    state: String,
    #[sqlx(try_from = "i64")]
    national: National,
    queue: Option<Role>,
    unit: String,
    area: Option<String>,
    title: String,
    applicant: Option<Id>,
    applicant_name: String,
    assignee: Option<Id>,
    assignee_name: Option<String>,
    term_amount: Option<i64>,
    term_unit: Option<String>,
    #[sqlx(try_from = "String")]
    clock: Clock,
    received_at: At,
    due_at: Option<At>,
    paused_at: Option<At>,
    remaining: Option<String>,
    soon_at: Option<At>,
    late_at: Option<At>,
    stopped_at: Option<At>,
    closed_at: Option<At>,
    version: i64,
    created_at: At,
    data: String,
    due_order: i64,
    parent: Option<Id>,
    link: Option<String>,
    extensions: i64,
    first_late_at: Option<At>,
    running_since: Option<At>,
    worked_us: i64,
    stages: String,
    stage_due_at: Option<At>,
    stage_soon_at: Option<At>,
    stage_late_at: Option<At>,
    last_day: Option<String>,
    archived_at: Option<At>,
    emptied_at: Option<At>,
    emptied_by: Option<String>,
}

impl Row {
    fn case(self) -> Result<Case, Internal> {
        let unit = self.term_unit.map(|unit| unit.parse::<TermUnit>()).transpose().map_err(Internal::new)?;
        let amount = self.term_amount.map(u32::try_from).transpose().map_err(Internal::new)?;
        let remaining = self.remaining.map(|json| serde_json::from_str(&json)).transpose().map_err(Internal::new)?;
        let data: Value = serde_json::from_str(&self.data).map_err(Internal::new)?;
        let stages = serde_json::from_str(&self.stages).map_err(Internal::new)?;
        let last_day = self.last_day.map(|day| day.parse()).transpose().map_err(Internal::new)?;
        Ok(Case {
            id: self.id,
            code: self.code,
            kind: self.kind,
            topic: self.topic,
            workflow: self.workflow,
            workflow_version: self.workflow_version,
            state: self.state,
            national: self.national,
            queue: self.queue,
            unit: self.unit,
            area: self.area,
            title: self.title,
            applicant: self.applicant,
            applicant_name: self.applicant_name,
            assignee: self.assignee,
            assignee_name: self.assignee_name,
            term: amount.zip(unit).map(|(amount, unit)| Term { amount, unit }),
            clock: self.clock,
            received_at: self.received_at,
            due_at: self.due_at,
            last_day,
            paused_at: self.paused_at,
            remaining,
            soon_at: self.soon_at,
            late_at: self.late_at,
            stopped_at: self.stopped_at,
            closed_at: self.closed_at,
            version: self.version,
            created_at: self.created_at,
            data,
            parent: self.parent,
            link: self.link,
            extensions: self.extensions,
            first_late_at: self.first_late_at,
            running_since: self.running_since,
            worked_us: self.worked_us,
            stages,
            stage_due_at: self.stage_due_at,
            stage_soon_at: self.stage_soon_at,
            stage_late_at: self.stage_late_at,
            archived_at: self.archived_at,
            emptied_at: self.emptied_at,
            emptied_by: self.emptied_by,
        })
    }
}

fn cases(rows: Vec<Row>) -> Result<Vec<Case>, Internal> {
    rows.into_iter().map(Row::case).collect()
}
