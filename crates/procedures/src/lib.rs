//! Procedures (thủ tục hành chính): what can be asked of the city, who may ask, by which channel, at what price and in
//! what time. Some the city declares itself, the others are imported from the national catalogue.
//!
//! A system below the one that handles dossiers: it knows nothing of them. Residents find here what they need; applying
//! for it is for `services`.
//!
//! Owns the tables `catalogue_imports` and `procedure_versions`. Emits `services.procedures_imported` (after which each
//! process reads the catalogue anew) and watches for it; hears nothing. What always holds:
//! - one version of an imported procedure is in force, none is ever changed, and what began with one keeps it;
//! - what could not be read of a published procedure stays text: neither a deadline nor a fee is ever guessed;
//! - the catalogue of a process is a picture of one moment, so a page or an operation sees one catalogue.

mod catalogue;
mod channel;
mod imported;
pub mod ops;
mod pages;
mod procedure;
mod view;

pub use catalogue::{Catalogue, version};
pub use channel::Channel;
pub use imported::{NationalMap, ProceduresImported};
pub use procedure::{
    Exemptions, Fee, FeeDue, FeeFacts, Level, LifeEvents, OnBehalf, Procedure, Procedures, Relief, Stage, procedure_of,
    purpose,
};
use songhan_app::{Access, Module, Route};
use songhan_base::Lang;
use songhan_city::DeclarationKind;
use songhan_db::Migration;
use utoipa_axum::routes;
pub use view::term_in_words;

/// This was a part of `services` when its tables were made. Databases know an applied migration by module, number and
/// text, so it keeps all three; a new one is of the module `procedures` and begins with 1.
const MIGRATIONS: &[Migration] = &[Migration {
    module: "services",
    number: 3,
    name: "catalogue",
    sql: include_str!("../migrations/0003_catalogue.sql"),
}];

pub fn module() -> Module {
    let mut routes = vec![
        Route::api(routes!(ops::list_procedures::handler), Access::Public),
        Route::api(routes!(ops::show_procedure::handler), Access::Public),
    ];
    routes.extend(pages::routes());
    Module {
        name: "procedures",
        migrations: MIGRATIONS,
        routes,
        watchers: vec![catalogue::watch],
        declarations: vec![
            DeclarationKind::of::<Procedures>(),
            DeclarationKind::of::<Exemptions>(),
            DeclarationKind::of::<LifeEvents>(),
            DeclarationKind::of::<NationalMap>(),
        ],
        templates: pages::TEMPLATES,
        texts: &[(Lang::Vi, include_str!("../locales/vi.ftl")), (Lang::En, include_str!("../locales/en.ftl"))],
        menu: pages::menu(),
        frame: Some(pages::frame),
        ..Module::default()
    }
}
