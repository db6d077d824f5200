//! Operations of public services, one a file.

pub mod act;
pub mod delete_draft;
pub mod list_own;
pub mod list_procedures;
pub mod open_draft;
pub mod save_draft;
pub mod show_dossier;
pub mod show_procedure;
pub mod show_timeline;
pub mod start_draft;
pub mod submit;
pub mod submit_draft;
pub mod track;
