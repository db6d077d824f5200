//! All of identity's SQL.

mod accounts;
mod claims;
mod delegations;
mod grants;
mod mandates;
mod parties;
mod rights;
mod second_factor;
mod sessions;

pub use accounts::*;
pub use claims::*;
pub use delegations::*;
pub use grants::*;
pub use mandates::*;
pub use parties::*;
pub use rights::*;
pub use second_factor::*;
pub use sessions::*;
