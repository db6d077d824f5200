//! The counter (Bộ phận Một cửa): dossiers that an officer takes in. The queue of those who wait is a crate of its own.
//!
//! Any office takes in for any other (phi địa giới hành chính): the unit that handles a dossier is chosen, the unit that
//! took it in stays on record. What an officer has begun is a draft of the officer's own until it is taken in.

pub mod intake;
pub mod person;
#[cfg(test)]
mod tests;
