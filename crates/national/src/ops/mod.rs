//! Operations, one a file.

pub mod list_messages;
pub mod resend;
pub mod resend_refused;
