//! All of the notices' SQL.

mod deliveries;
mod notices;

pub use deliveries::*;
pub use notices::*;
