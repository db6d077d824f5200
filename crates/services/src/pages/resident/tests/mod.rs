//! The resident's walk through the router, on both databases, as a browser without JavaScript does it.

mod applying;
mod following;
mod looking;
mod support;
