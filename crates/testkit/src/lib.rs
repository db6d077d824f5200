//! A city in a test: both databases, a held clock, a client for each role. Only for tests.
//!
//! Every test that touches the database runs on SQLite and, when `SONGHAN_TEST_POSTGRES` names a server, on PostgreSQL in
//! a schema that was emptied since its last use. Without it the test prints `SKIPPED: …`, which the test runner counts and
//! CI forbids.

mod city;
mod client;
mod crash;
mod desk;
mod page;
mod schema;

pub use city::{TestCity, for_each_database, for_each_database_as, for_each_database_in, for_each_database_with};
pub use client::{Answer, Client};
pub use crash::{dies_after, stands_still_after};
pub use desk::{Desk, INSURANCE, OTHER, UNIT};
pub use page::{between, words};
