//! Giám sát: how the agencies keep their promises, counted from events as they come and shown at any time, to everyone in
//! figures, to leaders down to their own dossiers.
//!
//! A subscriber adds what each event changes to a small table; pages and the API read that table alone. Which dossier a
//! fee was paid for, and those behind a figure, are asked of `services`, which knows nothing of this.
//!
//! Owns the table `supervision_figures`. Emits nothing; hears `services.dossier_submitted`, `services.dossier_rated`,
//! `cases.acted`, `cases.overdue`, `cases.extended` and `ledger.charge_paid`. What always holds:
//! - counting all events again gives the same figures, so a correction of what is counted is one restatement; dossiers
//!   written without events ([`Counted`]) are not found by it;
//! - the public page and the API hold figures alone, nobody's name and no dossier's code;
//! - nobody learns who rated how: neither from figures of few nor by subtracting what is shown (`ratings.rs`).

mod count;
mod figures;
mod indicator;
mod months;
pub mod ops;
mod pages;
mod past;
mod ratings;
mod report;
mod store;
#[cfg(test)]
mod tests;

pub use indicator::{Indicator, Indicators};
pub use months::Month;
pub use past::Counted;
use songhan_app::{Access, Module, Route, Subscriber};
use songhan_base::Lang;
use songhan_city::DeclarationKind;
use songhan_db::Migration;
use utoipa_axum::routes;

const MIGRATIONS: &[Migration] =
    &[Migration { module: "supervision", number: 1, name: "city", sql: include_str!("../migrations/0001_city.sql") }];

/// Its table was made by migrations of `services`, of which this was a part, together with other tables; they stay there
/// as they were applied. What came later is of the module `supervision`.
pub fn module() -> Module {
    let mut routes = vec![
        Route::api(routes!(ops::show_supervision::handler), Access::Public),
        Route::api(routes!(ops::restate_supervision::handler), Access::ADMINISTRATOR),
    ];
    routes.extend(pages::routes());
    Module {
        name: "supervision",
        migrations: MIGRATIONS,
        routes,
        subscribers: vec![Subscriber { name: count::SUBSCRIBER, hear: count::hear }],
        declarations: vec![DeclarationKind::of::<Indicators>()],
        templates: pages::TEMPLATES,
        texts: &[(Lang::Vi, include_str!("../locales/vi.ftl")), (Lang::En, include_str!("../locales/en.ftl"))],
        menu: pages::menu(),
        ..Module::default()
    }
}
