//! What can be done: one operation a file.

pub mod add_subscription;
pub mod list_notices;
pub mod mark_read;
pub mod read_preferences;
pub mod remove_subscription;
pub mod report_sms;
pub mod report_zalo;
pub mod send_code;
pub mod set_preferences;
pub mod verify_address;
