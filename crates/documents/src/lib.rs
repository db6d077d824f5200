//! Official documents: typeset ([`typeset`], [`paper`], [`words`]) and signed ([`sign`], [`authority`]) so that
//! anyone can verify them, with or without this city; and the files that people hand in.
//!
//! The parts named above are pure: no database, no pages, and time comes in as a parameter. Randomness is the system's
//! own, for keys, serial numbers and nonces only. On them stand issued documents and uploads.
//!
//! Owns the tables `uploads`, `documents`, `document_renewals` and `personal_signatures` and the folders `DATA/files` and
//! `DATA/keys/authority`. Emits `documents.document_issued`. What always holds: a file is on disk before the row that names
//! it and stays while a row does (`files`); an upload belongs to one thing at most; whose a file is, the system above has
//! found out before it is served; an issued document can be verified after the certificates that it was signed with have
//! ended (`renewal.rs`); what a person signs ([`personal`]) is the file that they were shown; of an erased person nothing
//! stays but what was handed in (`person.rs`); of what was destroyed at the end of its term no file stays, and its verify
//! page says so (`keeping.rs`).

pub mod authority;
pub mod copy;
mod files;
mod issued;
mod keeping;
pub mod ops;
pub mod paper;
mod person;
pub mod personal;
mod qr;
mod renewal;
pub mod sign;
mod signing;
mod store;
pub mod typeset;
mod upload;
pub mod words;

use std::time::Duration;

pub use files::Copying;
pub use issued::{
    Document, DocumentIssued, Draft, Leader, Prepared, answer, by_id, of_subject, of_upload, prepare, print, record,
    revoke, serve,
};
pub use keeping::{Destroyed, counts, destroy};
pub use signing::authority;
use songhan_app::{Access, JobHandler, Module, Route, Schedule};
use songhan_base::{Internal, Lang};
use songhan_db::Migration;
pub use upload::{
    Upload, UploadRejection, check_upload, claim_upload, remove_upload, serve_upload, take, take_issued, uploads,
};
use utoipa_axum::routes;

const MIGRATIONS: &[Migration] = &[
    Migration {
        module: "documents",
        number: 1,
        name: "documents",
        sql: include_str!("../migrations/0001_documents.sql"),
    },
    Migration {
        module: "documents",
        number: 2,
        name: "renewals",
        sql: include_str!("../migrations/0002_renewals.sql"),
    },
    Migration {
        module: "documents",
        number: 3,
        name: "personal_signatures",
        sql: include_str!("../migrations/0003_personal_signatures.sql"),
    },
    Migration {
        module: "documents",
        number: 4,
        name: "personal_signatures_account",
        sql: include_str!("../migrations/0004_personal_signatures_account.sql"),
    },
    Migration {
        module: "documents",
        number: 5,
        name: "destroyed",
        sql: include_str!("../migrations/0005_destroyed.sql"),
    },
    Migration {
        module: "documents",
        number: 6,
        name: "personal_signatures_files",
        sql: include_str!("../migrations/0006_personal_signatures_files.sql"),
    },
];

/// The engine, as the binary lists it.
pub fn module() -> Module {
    let (hour, day) = (Duration::from_hours(1), Duration::from_hours(24));
    Module {
        name: "documents",
        migrations: MIGRATIONS,
        routes: vec![
            Route::api(routes!(ops::upload::handler), Access::SignedIn).body_limit(ops::upload::BODY_BYTES_MAX),
            Route::api(routes!(ops::verify::handler), Access::Public),
            Route::post("/verify/{id}", ops::verify::compare, Access::Public).body_limit(ops::upload::BODY_BYTES_MAX),
            Route::get("/verify/root.pem", signing::root, Access::Public),
            Route::get("/verify/root.crl", signing::root_crl, Access::Public),
            Route::get("/verify/issuing.crl", signing::issuing_crl, Access::Public),
        ],
        jobs: vec![JobHandler::new(person::JOB, person::forget_files)],
        schedules: vec![
            Schedule::new("documents.forget_stale", hour, upload::forget_stale),
            Schedule::new("documents.sweep", hour, files::sweep),
            Schedule::new("documents.renew", day, |cx| async move {
                let (authority, now) = (signing::authority(&cx.app).await?, cx.now());
                let renewed = tokio::task::spawn_blocking(move || authority.renew(now)).await;
                renewed.map_err(Internal::new)?.map_err(Internal::new)
            }),
            Schedule::new("documents.keep_verifiable", day, renewal::run),
        ],
        personal_data: Some(person::data),
        erase: Some(person::erase),
        templates: &[("documents/verify.html", include_str!("../templates/pages/verify.html"))],
        texts: &[(Lang::Vi, include_str!("../locales/vi.ftl")), (Lang::En, include_str!("../locales/en.ftl"))],
        ..Module::default()
    }
}
