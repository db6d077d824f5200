//! What the engine promises, tried on both databases.

mod codes;
mod inbox;
mod races;
mod scale;
pub(crate) mod support;
mod thread;
