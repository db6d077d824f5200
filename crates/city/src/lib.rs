//! The city folder: declarations read, checked and served by type.
//!
//! A city is a folder of data that a civil servant can edit (`city/danang`, built into the binary, or `--city DIR`).
//! [`City::load`] reads it once at start; every module names the kinds of declaration it needs as a [`DeclarationKind`]
//! and later asks for them by type: `city.get::<Procedures>()`. What every city has stands here: [`Manifest`],
//! [`Areas`], [`Agencies`], [`Fields`] and [`WorkingTime`]. Nothing here knows of procedures, forms or workflows.
//!
//! What always holds: a mistake in the folder never panics and never goes silent; it becomes a [`Problem`] with file,
//! line and remedy, and a city with problems is not served. A loaded city does not change; it is cheap to clone.

mod agencies;
mod areas;
mod calendars;
mod dates;
mod declaration;
mod demo;
mod document;
mod fields;
mod folder;
mod listed;
mod manifest;
mod new_city;
mod placed;
mod report;
mod toml_file;
pub mod working_time;

pub use agencies::{Agencies, Location, Unit, UnitKind};
pub use areas::{Area, AreaKind, Areas, Origin};
pub use calendars::{Calendar, Calendars, DayOff, WorkedDay};
pub use dates::{date, optional_date};
pub use declaration::{City, Declaration, DeclarationKind};
pub use demo::{DemoPeople, DemoPerson};
pub use document::{Document, Page};
pub use fields::{Field, Fields};
pub use folder::{Folder, FolderError};
pub use listed::{List, Listed};
pub use manifest::{Defaults, DossierPattern, Manifest};
pub use new_city::{NewCityError, new_city};
pub use placed::Placed;
pub use report::{Place, Problem, Report};
pub use toml_file::{TomlFile, nearest};
pub use working_time::{MissingCalendar, Remaining, Term, TermEnd, TermUnit, WorkingTime};
