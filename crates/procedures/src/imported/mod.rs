//! Procedures of the national catalogue (Cơ sở dữ liệu quốc gia về thủ tục hành chính), imported by
//! `songhan import procedures FILE`.
//!
//! What is read out of the published text is kept version by version; from it and from `catalogue.toml` of the city's
//! folder a [`Procedure`](crate::Procedure) is made like any other. What always holds: what could not be read stays text
//! and is shown as text; neither a deadline nor a fee is ever guessed; importing the same file again changes nothing.

mod build;
mod change;
mod deadline;
mod event;
mod fee;
mod form;
mod map;
mod national;
pub mod store;
#[cfg(test)]
pub mod tests;
pub mod view;
pub mod words;

pub use build::{Version, build};
pub use change::{Change, between};
pub use event::ProceduresImported;
pub use map::NationalMap;
pub use national::National;
