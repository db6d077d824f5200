//! Official documents: typeset, signed, stored, verified; uploads.

pub mod authority;
pub mod paper;
pub mod qr;
pub mod sign;
pub mod typeset;
pub mod words;
