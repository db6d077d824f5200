//! All SQL of the national portal.

pub mod heard;
pub mod known;
pub mod messages;
pub mod refused;
