//! What the engine promises, tried on both databases.

mod codes;
mod inbox;
mod life;
mod races;
pub(crate) mod support;
mod thread;
