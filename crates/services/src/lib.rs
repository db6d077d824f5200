//! Public services: procedures, dossiers, from application to signed result.
//!
//! A thin system over the engines: a dossier is a *case* with a *form*'s answers, a *charge*, *documents* and *notices*;
//! what is special here is who sees what of a dossier. What can be asked for stands in `procedures`; how well it is
//! handled is counted by `supervision` from what is emitted here.
//!
//! Owns the tables `dossiers`, `dossier_papers`, `dossier_opinions`, `dossier_ratings` and `electronic_copies`. Emits
//! `services.dossier_submitted`, `services.result_issued` and `services.dossier_rated`; hears `cases.*`,
//! `identity.mandate_made`, `identity.mandate_confirmed`, `ledger.charge_paid`, `ledger.charge_ended`,
//! `ledger.receipt_issued`, `delivery.delivery_changed` and its own. What always holds:
//! - a paper that an action promises is made once, and one that is owed back or replaced is revoked;
//! - a dossier, its case, its charge, its papers and its search entry are one commit;
//! - a dossier is seen by its applicant, by whom it was handed in for, and by the officers and leaders of its unit, by
//!   nobody else, on any path; who took it in at another unit's counter sees its receipt;
//! - for somebody else a dossier is handed in by a mandate in force that covers the procedure, or at a counter by papers
//!   that an officer has seen; whoever it is for may read it and leaves acting to who handed it in;
//! - a dossier keeps the version of its procedure that it began with;
//! - pages and programs make, sign and hand in a draft by the same operations: whichever hands it in, it is one dossier;
//! - of a dossier that was destroyed at the end of its term nobody is named and no paper is left (`keeping.rs`);
//! - the office's reading of a dossier stands in the audit log under the applicant's account.

mod application;
mod catalogue;
mod choice;
mod counter;
mod dossier;
mod find;
mod handed;
mod hear;
mod issue;
mod issued;
mod keeping;
mod linked;
mod opening;
mod opinions;
pub mod ops;
mod pages;
pub mod past;
mod personal;
mod principal;
mod record;
mod returns;
mod store;

pub use dossier::{Dossier, DossierRated, DossierSubmitted, Paper, Part, ResultIssued};
pub use issue::Numbers;
pub use keeping::{destroy, found, paper_counts};
pub use pages::{inbox_row, inbox_units};
pub use principal::PrincipalKind;
pub use record::{Received, dossier, dossier_of_charge, papers, rating_comments, received};
use songhan_app::{Access, Module, Route, Subscriber};
use songhan_base::Lang;
use songhan_city::DeclarationKind;
use songhan_db::Migration;
use utoipa_axum::routes;

/// Those who handle dossiers.
const DESK: Access = Access::Roles(&[songhan_base::Role::Officer, songhan_base::Role::Leader]);

/// The kind of our cases in the engine `cases`.
pub const CASE_KIND: &str = "dossier";

/// Number 3 stands in `procedures`, which was a part of this. What `queue` and `supervision` own was made by 4, 10 and 30
/// together with tables of ours: an applied migration never changes, so it stays where it is.
const MIGRATIONS: &[Migration] = &[
    Migration { module: "services", number: 1, name: "services", sql: include_str!("../migrations/0001_services.sql") },
    Migration {
        module: "services",
        number: 2,
        name: "exemption",
        sql: include_str!("../migrations/0002_exemption.sql"),
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
    Migration {
        module: "services",
        number: 50,
        name: "rating_comments",
        sql: include_str!("../migrations/0050_rating_comments.sql"),
    },
    Migration { module: "services", number: 60, name: "archive", sql: include_str!("../migrations/0060_archive.sql") },
    Migration {
        module: "services",
        number: 70,
        name: "first_rating",
        sql: include_str!("../migrations/0070_first_rating.sql"),
    },
];

/// This module behind all that it stands on, in the order of their migrations: the least city in which a dossier is
/// handed in. Who stands above it adds itself.
pub fn modules() -> Vec<Module> {
    vec![
        songhan_identity::module(),
        songhan_forms::module(),
        songhan_cases::module(),
        songhan_ledger::module(),
        songhan_documents::module(),
        songhan_notices::module(),
        songhan_search::module(),
        songhan_delivery::module(),
        songhan_procedures::module(),
        songhan_queue::module(),
        module(),
    ]
}

pub fn module() -> Module {
    let mut routes = vec![
        Route::api(routes!(ops::submit::handler), Access::SignedIn).idempotent(),
        Route::api(routes!(ops::create_draft::handler), Access::SignedIn).idempotent(),
        Route::api(routes!(ops::list_drafts::handler), Access::SignedIn),
        Route::api(routes!(ops::show_draft::handler), Access::SignedIn),
        Route::api(routes!(ops::delete_draft::handler), Access::SignedIn),
        Route::api(routes!(ops::sign_draft::handler), Access::SignedIn),
        Route::api(routes!(ops::show_signature::handler), Access::SignedIn),
        Route::api(routes!(ops::show_signature::file_handler), Access::SignedIn),
        Route::api(routes!(ops::show_dossier::handler), Access::SignedIn),
        Route::api(routes!(ops::show_timeline::handler), Access::SignedIn),
        Route::api(routes!(ops::act::handler), Access::SignedIn),
        Route::api(routes!(ops::track::handler), Access::Public),
        Route::api(routes!(ops::undo::handler), Access::SignedIn),
        Route::api(routes!(ops::rate::handler), Access::SignedIn),
        Route::api(routes!(ops::choose_delivery::handler), Access::SignedIn),
        Route::api(routes!(ops::hand_over_parcels::handler), DESK).idempotent(),
        Route::api(routes!(ops::bulk_act::handler), DESK),
        Route::api(routes!(ops::ask_opinion::handler), Access::SignedIn).idempotent(),
        Route::api(routes!(ops::ask_opinion::list_handler), Access::SignedIn),
        Route::api(routes!(ops::give_opinion::handler), Access::SignedIn),
        Route::api(routes!(ops::give_opinion::answer_handler), Access::SignedIn),
        Route::api(routes!(ops::give_opinion::call_off_handler), Access::SignedIn),
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
        ],
        declarations: vec![
            DeclarationKind::of::<issue::Numbers>(),
            DeclarationKind::of::<linked::Linked>(),
            DeclarationKind::of::<returns::Offers>(),
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
            (Lang::Vi, include_str!("../locales/returns.vi.ftl")),
            (Lang::En, include_str!("../locales/returns.en.ftl")),
            (Lang::Vi, include_str!("../locales/counter.vi.ftl")),
            (Lang::En, include_str!("../locales/counter.en.ftl")),
            (Lang::Vi, include_str!("../locales/keeping.vi.ftl")),
            (Lang::En, include_str!("../locales/keeping.en.ftl")),
        ],
        menu: pages::menu(),
        frame: Some(pages::frame),
        personal_data: Some(personal::data),
        erase: Some(personal::erase),
        readings: &[("services.read_dossier", "services-read-dossier")],
        ..Module::default()
    }
}
