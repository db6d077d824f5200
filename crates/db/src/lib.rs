//! Transactions, events, jobs, the audit log and migrations: one SQL text and one code path for SQLite and PostgreSQL.
//!
//! Owns the tables `migrations`, `events`, `event_cursors`, `jobs`, `schedules`, `audit`, `audit_seals`, `counters`,
//! `answers`. What always holds:
//! - what `commit` acknowledged is on disk, power loss included (group fsync of the WAL on SQLite);
//! - an event is seen by readers only after its commit, in one order, none skipped;
//! - a counter has no gap and no double, because it moves in the transaction that uses the number.
//!
//! SQL stays portable by the rules in CONTRIBUTING.md; a clause for PostgreSQL alone is written `/*pg … */`.

mod answers;
mod audit;
mod barrier;
mod connections;
mod counter;
mod dialect;
mod dump;
mod events;
mod jobs;
mod migrate;
mod open;
#[cfg(test)]
mod power;
mod query;
mod restore;
mod rows;
mod tx;
mod value;
mod watch;

pub use answers::{Answer, answered, forget_answers, forget_answers_to, keep_answer};
pub use audit::{AuditRow, ChainError, audit_about, audit_of, seal_audit, verify_audit};
pub use counter::{next_number, next_numbers};
pub use dump::{Column, Kind, Table, dump, tables};
pub use events::{
    Event, Position, Recorded, advance_cursor, events_after, events_to_hear, is_behind, last_position, lock_cursor,
    read_cursor,
};
pub use jobs::{ClaimedJob, NewJob, claim_job, claim_schedule, dead_jobs, enqueue, fail_job, finish_job};
pub use migrate::{KERNEL, Migration, migrate};
pub use open::Db;
pub use query::{On, Query, Row, query, query_dyn};
pub use restore::restore;
pub use rows::Rows;
pub use songhan_base::Internal;
pub use tx::{Stamp, Tx};
pub use value::{At, Val};
pub use watch::{Watcher, watch_statements};

/// Every database error is our fault until an operation says otherwise (see [`unique_violation`]).
pub type Result<T, E = Internal> = std::result::Result<T, E>;

/// Whether a statement failed because a unique or primary key already holds the value.
///
/// On PostgreSQL the transaction is lost afterwards: prefer `ON CONFLICT`.
pub fn unique_violation(error: &Internal) -> bool {
    error
        .downcast_ref::<sqlx::Error>()
        .and_then(sqlx::Error::as_database_error)
        .is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}
