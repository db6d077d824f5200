//! Server-rendered pages: layout, design system, texts in two languages, embedded assets.
//!
//! A module hands over its templates and texts as sources; [`Renderer`] compiles them once and renders a page from a
//! [`Frame`] (what surrounds every page) and the page's own data. Nothing here knows of requests or modules.

pub mod assets;
mod filters;
mod frame;
mod icons;
mod markdown;
mod qr;
mod renderer;
mod texts;

pub use frame::{Crumb, Flash, FlashKind, Frame, Links, NavItem, User};
pub use markdown::html as markdown;
pub use qr::svg as qr_svg;
pub use renderer::{Builder, RenderError, Renderer};
pub use texts::{Texts, TextsError};
