//! The resident's walk through the router, on both databases, as a browser without JavaScript does it.

mod applying;
mod following;
mod for_others;
mod imported;
mod looking;
mod programs;
mod reusing;
mod signing;
pub mod support;
