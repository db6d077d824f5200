//! The words every crate shares: ids, clock, money, text, actors, errors. No I/O.
//!
//! Nothing here knows of a database, a request or a city's data; everything above may use everything here.

mod actor;
mod citizen_id;
mod env;
mod error;
mod fold;
mod id;
mod lang;
mod money;
mod sql;
mod text;

pub use actor::{Actor, Grant, Person, Role};
pub use citizen_id::{CitizenId, CitizenIdError, Sex};
pub use env::{Env, HeldClock};
pub use error::{FieldError, Internal};
pub use fold::{fold, fold_words};
pub use id::Id;
pub use lang::Lang;
pub use money::Money;
pub use text::{Text, clean_line, clean_text};
