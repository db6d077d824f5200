//! Đồng bộ với Cổng Dịch vụ công quốc gia: dossiers of the city told to the national portal (`DongBoHoSoMC`,
//! `CapNhatTienDoHoSoMC`), and what it tells of them heard.
//!
//! An adapter above the systems: it reads dossiers through `services`, keeps what the portal knows of each, and changes
//! nothing of them but a line in their timeline. Where the section `[national]` is not configured it does nothing.
//!
//! Owns the tables `national_dossiers`, `national_messages`, `national_received` and `national_connection`. Hears
//! `services.dossier_submitted`, `services.result_issued`, `cases.case_acted`, `cases.case_assigned`,
//! `ledger.charge_paid`, `ledger.charge_ended` and
//! `delivery.delivery_changed`; emits nothing. What always holds:
//! - of a dossier one message waits at most, and it is sent by one worker at a time: what the portal hears of a dossier,
//!   it hears in order;
//! - a change that comes while its dossier is being sent is followed by another message;
//! - a message is noted after it was sent: a crash between the two sends it again, which the portal takes as the same;
//! - what the portal has refused is not sent again before the dossier has changed or someone asks for it; what did not
//!   reach it is tried until it does;
//! - that it refuses a dossier, or to tell its progress, is seen by people: in the dossier's timeline by its office, on a
//!   page with reason, number of tries and a button by administrators;
//! - payloads are made from the dossier at each sending; kept are digests, codes, times and the portal's answer.

mod codes;
mod connection;
mod gather;
mod hear;
mod heard;
mod message;
mod ops;
mod pages;
mod payload;
mod portal;
mod promise;
mod settings;
mod store;
mod sync;
#[cfg(test)]
mod tests;
mod upkeep;

use std::time::Duration;

use songhan_app::{Access, JobHandler, MenuItem, Module, Route, Schedule, Subscriber};
use songhan_base::Lang;
use songhan_city::DeclarationKind;
use songhan_db::Migration;
use utoipa_axum::routes;

pub use settings::demo_sections;

const MIGRATIONS: &[Migration] = &[
    Migration { module: "national", number: 1, name: "national", sql: include_str!("../migrations/0001_national.sql") },
    Migration { module: "national", number: 2, name: "refused", sql: include_str!("../migrations/0002_refused.sql") },
];

pub fn module() -> Module {
    Module {
        name: "national",
        migrations: MIGRATIONS,
        routes: vec![
            Route::api(routes!(ops::list_messages::handler), Access::ADMINISTRATOR),
            Route::api(routes!(ops::resend::handler), Access::ADMINISTRATOR),
            Route::get("/admin/national", pages::list, Access::ADMINISTRATOR),
            Route::post("/admin/national/{id}/resend", pages::resend, Access::ADMINISTRATOR),
            Route::post("/admin/national/refused/{code}", pages::resend_refused, Access::ADMINISTRATOR),
            Route::post("/admin/national/poll", pages::poll, Access::ADMINISTRATOR),
        ],
        jobs: vec![JobHandler::new(promise::JOB, sync::run)],
        schedules: vec![
            Schedule::new("national.hear_progress", Duration::from_mins(1), heard::poll),
            Schedule::new("national.look_after", Duration::from_mins(1), upkeep::look_after),
            Schedule::new("national.forget", Duration::from_hours(24), upkeep::forget),
        ],
        subscribers: vec![Subscriber { name: "national.dossiers", hear: hear::hear }],
        declarations: vec![DeclarationKind::of::<codes::Codes>()],
        configured: Some(settings::check),
        templates: &[("national/log.html", include_str!("../templates/log.html"))],
        texts: &[(Lang::Vi, include_str!("../locales/vi.ftl")), (Lang::En, include_str!("../locales/en.ftl"))],
        menu: vec![MenuItem {
            href: "/admin/national",
            label: "national-menu",
            icon: "globe",
            access: Access::ADMINISTRATOR,
            order: 93,
        }],
        ..Module::default()
    }
}
