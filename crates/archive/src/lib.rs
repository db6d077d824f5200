//! Lưu trữ hiện hành: what becomes of a dossier after its end. It is handed in, kept for its term, and destroyed when
//! the term is over and two people have said so.
//!
//! How long is data of the city ([`Retention`]). What a dossier is stands in `services`, that it has ended in `cases`; both
//! know nothing of this: they offer to archive and to empty, and show what was done to them.
//!
//! Owns the tables `archive_entries`, `archive_batches`, `archive_disposals`, `archive_disposal_entries` and
//! `archive_fill`. Emits [`HandedIn`], [`DisposalChanged`] and [`Destroyed`]; hears `cases.case_acted`. What always holds:
//! - a dossier that has ended has one entry, those from before there was an archive too ([`look_again`]);
//! - nothing is destroyed that is kept for ever, whose term is not over, that is held back, or that stands on no list that
//!   a leader has approved who did not propose it; by the terms of the day of the list and by those of the last moment;
//! - an approved list can be withdrawn for a declared time; what is destroyed is destroyed once, one dossier a commit, and
//!   a job that died goes on where it was;
//! - what is left of a destroyed dossier is its entry, the decision, its case without names, and the audit log.

mod access;
mod destroy;
mod disposal;
mod entry;
mod hear;
pub mod ops;
mod pages;
mod paper;
mod retention;
mod store;
#[cfg(test)]
mod tests;

use std::time::Duration;

use songhan_app::{Access, JobHandler, Module, Route, Schedule, Subscriber};
use songhan_base::{Lang, Role};
use songhan_city::DeclarationKind;
use songhan_db::Migration;
use utoipa_axum::routes;

pub use disposal::{Disposal, DisposalChanged, DisposalState};
pub use entry::{Batch, Destroyed, Entry, EntryState, HandedIn};
pub use hear::{fill_whole, look_again};
pub use retention::{Kept, Retention, Term};

/// Those who keep the archive of their unit (người làm lưu trữ): its officers and leaders. What is a leader's alone is
/// said by the operation.
const DESK: Access = Access::Roles(&[Role::Officer, Role::Leader]);

const MIGRATIONS: &[Migration] =
    &[Migration { module: "archive", number: 1, name: "archive", sql: include_str!("../migrations/0001_archive.sql") }];

pub fn module() -> Module {
    let mut routes = vec![
        Route::api(routes!(ops::list_entries::handler), DESK),
        Route::api(routes!(ops::hold_entry::hold_handler), DESK),
        Route::api(routes!(ops::hold_entry::release_handler), DESK),
        Route::api(routes!(ops::hand_in::handler), DESK).idempotent(),
        Route::api(routes!(ops::show_batch::list_handler), DESK),
        Route::api(routes!(ops::show_batch::handler), DESK),
        Route::api(routes!(ops::propose_disposal::handler), DESK).idempotent(),
        Route::api(routes!(ops::show_disposal::list_handler), DESK),
        Route::api(routes!(ops::show_disposal::handler), DESK),
        Route::api(routes!(ops::decide_disposal::handler), DESK),
    ];
    routes.extend(pages::routes());
    Module {
        name: "archive",
        migrations: MIGRATIONS,
        routes,
        jobs: vec![JobHandler::new(destroy::JOB, destroy::run), JobHandler::new(paper::JOB, paper::run)],
        schedules: vec![Schedule::new(
            "archive.fill",
            Duration::from_mins(1),
            |cx| async move { hear::fill(&cx).await },
        )],
        subscribers: vec![Subscriber { name: "archive.entries", hear: hear::hear }],
        declarations: vec![DeclarationKind::of::<Retention>()],
        templates: pages::TEMPLATES,
        texts: &[(Lang::Vi, include_str!("../locales/vi.ftl")), (Lang::En, include_str!("../locales/en.ftl"))],
        menu: pages::menu(),
        ..Module::default()
    }
}
