//! Search folded for Vietnamese: what is typed without marks finds what was written with them.
//!
//! Two engines for two needs. [`Index`] holds declarations (procedures, guidance) in memory and forgives small typos.
//! [`records`] keeps words of rows (dossiers) in the database, where they change one by one, and finds by the beginnings
//! of words, newest first ([`walk`] says how). Both fold in Rust (`songhan_base::fold`), so that SQLite, PostgreSQL and memory agree.
//!
//! Owns the tables `search_records` and `search_postings`; emits nothing. What always holds: what `records::put` wrote is
//! found from its commit on, in its scope only; putting twice is putting once.

mod index;
pub mod records;
mod store;
mod walk;
mod words;

use songhan_app::Module;
use songhan_db::Migration;

pub use index::{Entry, Index};
pub use words::{query_words, words};

/// The engine, as the binary lists it.
pub fn module() -> Module {
    Module {
        name: "search",
        migrations: &[
            Migration {
                module: "search",
                number: 1,
                name: "records",
                sql: include_str!("../migrations/0001_records.sql"),
            },
            Migration {
                module: "search",
                number: 2,
                name: "postings",
                sql: include_str!("../migrations/0002_postings.sql"),
            },
            Migration {
                module: "search",
                number: 3,
                name: "scopes",
                sql: include_str!("../migrations/0003_scopes.sql"),
            },
            Migration { module: "search", number: 4, name: "marks", sql: include_str!("../migrations/0004_marks.sql") },
        ],
        ..Module::default()
    }
}
