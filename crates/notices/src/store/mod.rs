//! All of the notices' SQL.

mod addresses;
mod deliveries;
mod notices;
mod personal;
mod preferences;
mod subscriptions;

pub use addresses::*;
pub use deliveries::*;
pub use notices::*;
pub use personal::*;
pub use preferences::*;
pub use subscriptions::*;
