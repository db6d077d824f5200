//! The whole life of a dossier, as the office lives it.

mod bulk;
mod imported;
mod life;
mod linked;
mod menu;
mod opinions;
mod support;
