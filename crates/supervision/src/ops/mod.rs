//! Operations of supervision, one a file.

pub mod restate_supervision;
pub mod show_supervision;
