//! All of identity's SQL.

mod accounts;
mod grants;
mod second_factor;
mod sessions;

pub use accounts::*;
pub use grants::*;
pub use second_factor::*;
pub use sessions::*;
