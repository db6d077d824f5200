//! Operations of the queue, one a file.

pub mod call_ticket;
pub mod take_ticket;
