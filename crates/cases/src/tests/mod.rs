//! What the engine promises, tried on both databases.

mod codes;
mod inbox;
mod races;
pub(crate) mod support;
mod thread;
