//! Trả kết quả: how a result comes back (electronically, at the counter, by post), and what becomes of each parcel.
//!
//! An engine: it knows the case by its id and code, whose it is and which unit sends it; that a result exists, and that
//! the case moves when its parcel does, is said and done by the system above, in one commit with what is written here.
//! Who carries parcels, for which procedures, and who pays the postage stands in the city's `post.toml`.
//!
//! Owns the tables `result_deliveries`, `delivery_manifests`, `delivery_parcels`. Emits [`DeliveryChanged`]; hears nothing. What
//! always holds:
//! - a result is in one place: a parcel that is under way is handed over, collected or sent again by nobody;
//! - recipient and address change until the parcel is handed over; a parcel keeps those that it was sent to;
//! - a manifest (bảng kê) lists what one officer handed over at one time, all of it or nothing;
//! - addresses are read by the unit that sends, and each reading stands in the audit log under the account's name;
//! - an account that is erased leaves no recipient, telephone or address behind.

mod delivery;
mod engine;
mod events;
pub mod ops;
mod pages;
mod parcel;
mod personal;
mod service;
mod store;
#[cfg(test)]
mod tests;
mod wish;

use songhan_app::{Access, Module, Route};
use songhan_base::{Lang, Role};
use songhan_city::DeclarationKind;
use songhan_db::Migration;
use utoipa_axum::routes;

pub use delivery::{Delivery, State};
pub use engine::{
    About, Rejection, change, choose, collect, end, forget, is_changeable, make_ready, manifest_of, manifests, of_case,
    open_manifest, send, waiting, waiting_among, ways, with_carrier,
};
pub use events::DeliveryChanged;
pub use parcel::{Ended, Manifest, Parcel};
pub use service::{Paid, PostalService, PostalServices};
pub use wish::{Recipient, Way, Wish};

/// Those who hand results over.
const DESK: Access = Access::Roles(&[Role::Officer, Role::Leader]);

const MIGRATIONS: &[Migration] = &[Migration {
    module: "delivery",
    number: 1,
    name: "delivery",
    sql: include_str!("../migrations/0001_delivery.sql"),
}];

pub fn module() -> Module {
    Module {
        name: "delivery",
        migrations: MIGRATIONS,
        routes: vec![
            Route::api(routes!(ops::list_parcels::handler), DESK),
            Route::api(routes!(ops::show_manifest::handler), DESK),
            Route::get("/office/parcels/addresses", pages::addresses, DESK),
            Route::get("/office/manifests/{id}", pages::manifest, DESK),
        ],
        declarations: vec![DeclarationKind::of::<PostalServices>()],
        templates: &[
            ("delivery/addresses.html", include_str!("../templates/addresses.html")),
            ("delivery/manifest.html", include_str!("../templates/manifest.html")),
        ],
        texts: &[(Lang::Vi, include_str!("../locales/vi.ftl")), (Lang::En, include_str!("../locales/en.ftl"))],
        personal_data: Some(personal::data),
        erase: Some(personal::erase),
        readings: &[(ops::READ, "delivery-read-address")],
        ..Module::default()
    }
}
