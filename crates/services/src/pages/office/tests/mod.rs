//! The whole life of a dossier, as the office lives it.

mod bulk;
mod life;
mod linked;
mod opinions;
mod supervision;
mod support;
