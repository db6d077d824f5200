//! The catalogue as people see it, on both databases: with what this crate rests on and nothing above it.

mod imported;
mod looking;
