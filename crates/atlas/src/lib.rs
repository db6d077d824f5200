//! Bản đồ thành phố: the pages on which people see the city's layers, ask what lies where, read the same as a table, edit,
//! compare two days, print, and put the map into pages of others.
//!
//! Owns no table, emits nothing, hears nothing: layers, features, their history and the rights to them are of the engine
//! `maps`. What always holds:
//! - every page works without JavaScript; a map is drawn beside its words, and what it shows stands in a table too;
//! - a layer or feature that somebody may not read is on no page of theirs;
//! - what is made up says so wherever it is shown, and so does what is approximate;
//! - a change goes by the engine's own rules, with its reason, and never over what somebody else has changed meanwhile.

mod asked;
mod config;
mod form;
mod pages;
mod scale;
#[cfg(test)]
mod tests;
mod tree;
mod words;

use songhan_app::Module;
use songhan_base::Lang;

pub fn module() -> Module {
    Module {
        name: "atlas",
        routes: pages::routes(),
        templates: pages::TEMPLATES,
        texts: &[(Lang::Vi, include_str!("../locales/vi.ftl")), (Lang::En, include_str!("../locales/en.ftl"))],
        menu: pages::menu(),
        ..Module::default()
    }
}
