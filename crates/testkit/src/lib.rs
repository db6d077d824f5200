//! A city in a test: both databases, a held clock, a client for each role. Only for tests.
//!
//! Every test that touches the database runs on SQLite and, when `SONGHAN_TEST_POSTGRES` names a server, on PostgreSQL in
//! a schema of its own. Without it the test prints `SKIPPED: …`, which the test runner counts and CI forbids.

mod city;
mod client;

pub use city::{TestCity, for_each_database, for_each_database_as, for_each_database_in, for_each_database_with};
pub use client::{Answer, Client};
