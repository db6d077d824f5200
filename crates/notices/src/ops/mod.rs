//! What can be done: one operation a file.

pub mod list_notices;
pub mod mark_read;
