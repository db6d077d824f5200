//! Operations of public services, one a file.

pub mod act;
pub mod ask_opinion;
pub mod bulk_act;
pub mod choose_delivery;
pub mod delete_draft;
pub mod give_opinion;
pub mod hand_over_parcels;
pub mod list_own;
pub mod open_draft;
pub mod rate;
pub mod save_draft;
pub mod save_intake;
pub mod show_dossier;
pub mod show_timeline;
pub mod sign_draft;
pub mod start_draft;
pub mod start_intake;
pub mod submit;
pub mod submit_draft;
pub mod take_in;
pub mod track;
pub mod undo;
