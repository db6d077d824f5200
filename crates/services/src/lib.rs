//! Public services: procedures, dossiers, from application to signed result.
//!
//! A thin system over the engines: a dossier is a *case* with a *form*'s answers, a *charge*, *documents* and *notices*;
//! what is special here is the catalogue of procedures and who sees what of a dossier.
//!
//! Owns the tables `dossiers`, `dossier_papers`, `dossier_ratings`, `catalogue_imports`, `procedure_versions` and
//! `queue_tickets`, `electronic_copies`. Emits `services.dossier_submitted`, `services.result_issued`, `services.dossier_rated`, `services.ticket_changed` (a number of a counter's queue was
//! taken, called or finished) and `services.procedures_imported` (after which each process reads the catalogue anew);
//! hears `cases.*`, `identity.mandate_made`, `identity.mandate_confirmed`, `ledger.charge_paid`, `ledger.charge_ended`, `ledger.receipt_issued` and its own. What always holds:
//! - a paper that an action promises is made once, and one that is owed back or replaced is revoked;
//! - a dossier, its case, its charge, its papers and its search entry are one commit;
//! - a dossier is seen by its applicant, by whom it was handed in for, and by the officers and leaders of its unit, by
//!   nobody else, on any path; who took it in at another unit's counter sees its receipt;
//! - for somebody else a dossier is handed in by a mandate in force that covers the procedure, or at a counter by papers
//!   that an officer has seen; whoever it is for may read it and leaves acting to who handed it in;
//! - one version of an imported procedure is in force, none is ever changed, and a dossier keeps the one it began with;
//! - the office's reading of a dossier stands in the audit log under the applicant's account.

mod application;
mod catalogue;
mod counter;
mod dossier;
mod find;
mod handed;
mod hear;
mod imported;
mod issue;
mod issued;
mod linked;
mod opinions;
pub mod ops;
mod pages;
pub mod past;
mod personal;
mod principal;
mod procedure;
mod record;
mod store;
mod supervision;
mod view;

pub use catalogue::Catalogue;
use counter::queue::QueueRules;
pub use dossier::{Channel, Dossier, DossierSubmitted, Paper, Part, ResultIssued};
pub use imported::{NationalMap, ProceduresImported};
pub use issue::Numbers;
pub use principal::PrincipalKind;
pub use procedure::{Exemptions, Fee, FeeDue, FeeFacts, Level, LifeEvents, Procedure, Procedures, Relief};
pub use record::{dossier, papers};
use songhan_app::{Access, Module, Route, Subscriber};
use songhan_base::Lang;
use songhan_city::DeclarationKind;
use songhan_db::Migration;
use utoipa_axum::routes;

/// Those who handle dossiers.
const DESK: Access = Access::Roles(&[songhan_base::Role::Officer, songhan_base::Role::Leader]);

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
    Migration {
        module: "services",
        number: 3,
        name: "catalogue",
        sql: include_str!("../migrations/0003_catalogue.sql"),
    },
    Migration { module: "services", number: 4, name: "parties", sql: include_str!("../migrations/0004_parties.sql") },
    Migration {
        module: "services",
        number: 10,
        name: "casework",
        sql: include_str!("../migrations/0010_casework.sql"),
    },
    Migration { module: "services", number: 20, name: "book", sql: include_str!("../migrations/0020_book.sql") },
    Migration {
        module: "services",
        number: 30,
        name: "indicators",
        sql: include_str!("../migrations/0030_indicators.sql"),
    },
    Migration {
        module: "services",
        number: 40,
        name: "electronic_copies",
        sql: include_str!("../migrations/0040_electronic_copies.sql"),
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
        Route::api(routes!(ops::undo::handler), Access::SignedIn),
        Route::api(routes!(ops::rate::handler), Access::SignedIn),
        Route::api(routes!(ops::bulk_act::handler), DESK),
        Route::api(routes!(ops::ask_opinion::handler), Access::SignedIn).idempotent(),
        Route::api(routes!(ops::ask_opinion::list_handler), Access::SignedIn),
        Route::api(routes!(ops::give_opinion::handler), Access::SignedIn),
        Route::api(routes!(ops::give_opinion::answer_handler), Access::SignedIn),
        Route::api(routes!(ops::give_opinion::call_off_handler), Access::SignedIn),
        Route::api(routes!(ops::show_supervision::handler), Access::Public),
        Route::api(routes!(ops::restate_supervision::handler), Access::ADMINISTRATOR),
    ];
    routes.extend(pages::routes());
    Module {
        name: "services",
        migrations: MIGRATIONS,
        routes,
        jobs: [issue::jobs(), vec![linked::job()]].concat(),
        subscribers: vec![
            Subscriber { name: "services.notices", hear: hear::hear },
            Subscriber { name: "services.casework", hear: opinions::hear },
            Subscriber { name: "services.linked", hear: linked::hear },
            Subscriber { name: supervision::SUBSCRIBER, hear: supervision::hear },
        ],
        watchers: vec![catalogue::watch],
        schedules: vec![counter::schedule()],
        declarations: vec![
            DeclarationKind::of::<Procedures>(),
            DeclarationKind::of::<Exemptions>(),
            DeclarationKind::of::<LifeEvents>(),
            DeclarationKind::of::<QueueRules>(),
            DeclarationKind::of::<issue::Numbers>(),
            DeclarationKind::of::<NationalMap>(),
            DeclarationKind::of::<linked::Linked>(),
            DeclarationKind::of::<supervision::Indicators>(),
        ],
        templates: pages::TEMPLATES,
        texts: &[
            (Lang::Vi, include_str!("../locales/vi.ftl")),
            (Lang::En, include_str!("../locales/en.ftl")),
            (Lang::Vi, include_str!("../locales/office.vi.ftl")),
            (Lang::En, include_str!("../locales/office.en.ftl")),
            (Lang::Vi, include_str!("../locales/casework.vi.ftl")),
            (Lang::En, include_str!("../locales/casework.en.ftl")),
            (Lang::Vi, include_str!("../locales/parties.vi.ftl")),
            (Lang::En, include_str!("../locales/parties.en.ftl")),
            (Lang::Vi, include_str!("../locales/rating.vi.ftl")),
            (Lang::En, include_str!("../locales/rating.en.ftl")),
            (Lang::Vi, include_str!("../locales/counter.vi.ftl")),
            (Lang::En, include_str!("../locales/counter.en.ftl")),
        ],
        menu: pages::menu(),
        frame: Some(pages::frame),
        personal_data: Some(personal::data),
        readings: &[("services.read_dossier", "services-read-dossier")],
        ..Module::default()
    }
}
