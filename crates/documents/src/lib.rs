//! Official documents: typeset ([`typeset`], [`paper`], [`words`], [`qr`]) and signed ([`sign`], [`authority`]) so that
//! anyone can verify them, with or without this city.
//!
//! These parts are pure: no database, no pages, and time comes in as a parameter. Randomness is the system's own,
//! for keys, serial numbers and nonces only.

pub mod authority;
pub mod paper;
pub mod qr;
pub mod sign;
pub mod typeset;
pub mod words;
