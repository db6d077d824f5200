//! Pages for the office: the inbox, a dossier with what can be done to it, what waits for the leader's signature.

mod act;
mod dossier;
mod inbox;
mod papers;

use songhan_app::{Access, MenuItem, Route};
use songhan_base::Role;

/// Those who handle dossiers. Administrators run the system; they do not read people's papers.
const DESK: Access = Access::Roles(&[Role::Officer, Role::Leader]);

pub const TEMPLATES: &[(&str, &str)] = &[
    ("services/office/inbox.html", include_str!("../../../templates/services/office/inbox.html")),
    ("services/office/dossier.html", include_str!("../../../templates/services/office/dossier.html")),
];

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/office", inbox::show, DESK),
        Route::get("/office/dossiers/{code}", dossier::show, DESK),
        Route::post("/office/dossiers/{code}/actions/{action}", act::act, DESK),
        Route::post("/office/dossiers/{code}/take", act::take, DESK),
        Route::post("/office/dossiers/{code}/assign", act::assign, DESK),
        Route::get("/office/dossiers/{code}/papers/{upload}", papers::show, DESK),
        Route::get("/office/dossiers/{code}/receipt.pdf", papers::receipt, DESK),
        Route::get("/office/dossiers/{code}/result.pdf", papers::result, DESK),
    ]
}

pub fn menu() -> Vec<MenuItem> {
    vec![MenuItem { href: "/office", label: "office-menu", icon: "inbox", access: DESK, order: 5 }]
}
