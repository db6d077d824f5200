//! Casework: workflow as data, codes, deadlines in working time, tasks, timeline.
//!
//! A case is something that someone handles from state to state, in time: a dossier today, a report or a task later.
//! The engine knows nothing of public services: what a case is about stands in `kind`, `topic` and `data`, and facts
//! that an action needs (`paid`, `result`) come from the system above with each call. States, actions, roles and clocks
//! are declared in `workflows/NAME.toml`; a case keeps the workflow it began with.
//!
//! Owns the tables `cases`, `case_steps`, `case_workflows`. Emits [`CaseOpened`], [`CaseActed`], [`CaseAssigned`],
//! [`CaseExtended`], [`CaseLinked`], [`CaseRemarked`], [`CaseDueSoon`], [`CaseOverdue`], [`StageDueSoon`], [`StageOverdue`]; hears nothing.
//!
//! What always holds:
//! - codes of a unit's day are 1, 2, 3 … without gap or double, whatever fails and whoever runs beside;
//! - `version` is the number of the last step; of several who act on the same version one succeeds;
//! - a final state is never left, a stopped clock never runs again;
//! - a running case with a term has a due time, a standing one has what is left of its term;
//! - a due time moves by pauses and by extensions alone: the timeline says all that is needed to compute it again;
//! - a case is told as overdue once for each due time promised, a stage once a visit;
//! - what is undone leaves state and clock as they were, and both steps in the timeline;
//! - only what has ended lies in the archive, and only what lies there is emptied (`keeping.rs`): once.

mod case;
mod clock;
mod declared;
mod engine;
mod events;
mod extension;
mod inbox;
mod keeping;
mod linked;
mod national;
mod ops;
mod past;
mod read;
mod rejection;
mod remark;
mod stage;
mod store;
mod sweep;
#[cfg(test)]
mod tests;
mod transition;
mod undo;
mod workflow;

use std::time::Duration;

use songhan_app::{Access, Module, Route, Schedule};
use songhan_base::Lang;
use songhan_city::DeclarationKind;
use songhan_db::Migration;
use utoipa_axum::routes;

pub use case::{Case, Link, NewCase, Step, step};
pub use clock::{Clock, Effect};
pub use declared::Workflows;
pub use engine::{Assignee, Outcome, act, assign, may_assign, open, take, unassign};
pub use events::{
    CaseActed, CaseAssigned, CaseDueSoon, CaseExtended, CaseLinked, CaseOpened, CaseOverdue, CaseRef, CaseRemarked,
    StageDueSoon, StageOverdue,
};
pub use extension::Extension;
pub use inbox::{Assigned, Count, Counts, Cursor, Filter, PAGE_MAX, Page, count, counts, inbox, of_applicant};
pub use keeping::{archive, closed, empty};
pub use national::National;
pub use past::{Past, load, reserve};
pub use read::{by_code, by_id, by_ids, children, timeline, workflow};
pub use rejection::{NOTE_CHARS_MAX, Rejection};
pub use remark::remark;
pub use stage::Stage;
pub use sweep::{Swept, soon_until, sweep};
pub use transition::{Act, Behalf};
pub use undo::{Undoable, undo, undoable};
pub use workflow::{Action, Available, By, NoteRule, State, Workflow, available_actions};

const MIGRATIONS: &[Migration] = &[
    Migration { module: "cases", number: 1, name: "cases", sql: include_str!("../migrations/0001_cases.sql") },
    Migration { module: "cases", number: 2, name: "words", sql: include_str!("../migrations/0002_words.sql") },
    Migration { module: "cases", number: 3, name: "covering", sql: include_str!("../migrations/0003_covering.sql") },
    Migration {
        module: "cases",
        number: 4,
        name: "whole_life",
        sql: include_str!("../migrations/0004_whole_life.sql"),
    },
    Migration { module: "cases", number: 5, name: "last_day", sql: include_str!("../migrations/0005_last_day.sql") },
    Migration {
        module: "cases",
        number: 6,
        name: "city_queue",
        sql: include_str!("../migrations/0006_city_queue.sql"),
    },
    Migration { module: "cases", number: 7, name: "archived", sql: include_str!("../migrations/0007_archived.sql") },
];

/// What the engine adds to the system.
pub fn module() -> Module {
    Module {
        name: "cases",
        migrations: MIGRATIONS,
        routes: vec![Route::api(routes!(ops::due_working_time::get_working_time_due), Access::Public)],
        schedules: vec![Schedule::new("sweep_cases", Duration::from_mins(1), |cx| async move {
            sweep(&cx).await.map(drop)
        })],
        declarations: vec![DeclarationKind::of::<Workflows>()],
        texts: &[(Lang::Vi, include_str!("../locales/vi.ftl")), (Lang::En, include_str!("../locales/en.ftl"))],
        ..Module::default()
    }
}
