//! Operations of procedures, one a file.

pub mod import_procedures;
pub mod list_procedures;
pub mod show_procedure;
