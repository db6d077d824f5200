//! Public services: procedures, dossiers, from application to signed result.
//!
//! A thin system over the engines: a dossier is a *case* with a *form*'s answers, a *charge*, *documents* and *notices*;
//! what is special here is the catalogue of procedures and who sees what of a dossier.
//!
//! Owns the tables `dossiers` and `dossier_papers`. Emits `services.dossier_submitted` and `services.result_issued`;
//! hears `cases.*`, `ledger.charge_paid` and its own. What always holds:
//! - a dossier, its case, its charge, its papers and its search entry are one commit;
//! - a dossier is seen by its applicant and by the officers and leaders of its unit, by nobody else, on any path;
//! - the office's reading of a dossier stands in the audit log under the applicant's account.

mod application;
mod dossier;
mod find;
mod hear;
mod issue;
pub mod ops;
mod pages;
mod procedure;
mod store;
mod view;

pub use dossier::{Dossier, DossierSubmitted, Part, ResultIssued};
pub use procedure::{Exemptions, Fee, Level, LifeEvents, Procedure, Procedures};
use songhan_app::{Access, JobHandler, Module, Route, Subscriber};
use songhan_base::Lang;
use songhan_city::DeclarationKind;
use songhan_db::Migration;
use utoipa_axum::routes;

/// The kind of our cases in the engine `cases`.
pub const CASE_KIND: &str = "dossier";

const MIGRATIONS: &[Migration] = &[
    Migration { module: "services", number: 1, name: "services", sql: include_str!("../migrations/0001_services.sql") },
    Migration {
        module: "services",
        number: 2,
        name: "exemption",
        sql: include_str!("../migrations/0002_exemption.sql"),
    },
];

pub fn module() -> Module {
    let mut routes = vec![
        Route::api(routes!(ops::list_procedures::handler), Access::Public),
        Route::api(routes!(ops::show_procedure::handler), Access::Public),
        Route::api(routes!(ops::submit::handler), Access::SignedIn).idempotent(),
        Route::api(routes!(ops::show_dossier::handler), Access::SignedIn),
        Route::api(routes!(ops::show_timeline::handler), Access::SignedIn),
        Route::api(routes!(ops::act::handler), Access::SignedIn),
        Route::api(routes!(ops::track::handler), Access::Public),
    ];
    routes.extend(pages::routes());
    Module {
        name: "services",
        migrations: MIGRATIONS,
        routes,
        jobs: vec![JobHandler::new(issue::RECEIPT, issue::receipt), JobHandler::new(issue::RESULT, issue::result)],
        subscribers: vec![Subscriber { name: "services.notices", hear: hear::hear }],
        declarations: vec![
            DeclarationKind::of::<Procedures>(),
            DeclarationKind::of::<Exemptions>(),
            DeclarationKind::of::<LifeEvents>(),
        ],
        templates: pages::TEMPLATES,
        texts: &[
            (Lang::Vi, include_str!("../locales/vi.ftl")),
            (Lang::En, include_str!("../locales/en.ftl")),
            (Lang::Vi, include_str!("../locales/office.vi.ftl")),
            (Lang::En, include_str!("../locales/office.en.ftl")),
        ],
        menu: pages::menu(),
        frame: Some(pages::frame),
        ..Module::default()
    }
}
