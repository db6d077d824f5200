//! What can be done: one operation a file.

pub mod change_contact;
pub mod change_password;
pub mod close_account;
pub mod end_grant;
pub mod end_session;
pub mod enrol_second_factor;
pub mod give_grant;
pub mod list_grants;
pub mod list_sessions;
pub mod read_me;
pub mod register;
pub mod remove_second_factor;
pub mod search_people;
pub mod sign_in;
