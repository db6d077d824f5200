//! Pages for residents: apply, follow a dossier, receive its result. They work without JavaScript.
//!
//! Handlers are thin: they read what was posted, call an operation of `ops`, and show what came of it.

mod action;
mod apply;
mod choice;
mod dossier;
mod files;
mod own;
pub mod posted;
mod rating;
pub mod returning;
mod reuse;
mod review;
mod screen;
mod sign;
mod track;
mod verify;

#[cfg(test)]
pub mod tests;

use songhan_app::{Access, BoxFuture, Cx, MenuItem, Route};
use songhan_base::Internal;
use songhan_pages::{Frame, NavItem};

use super::item;
pub use track::not_found as track_not_found;

/// A screen may bring several photos at once.
const FILES_BYTES_MAX: usize = 64 * 1024 * 1024;

templates![
    "apply-screen.html",
    "apply-choice.html",
    "apply-return-to.html",
    "dossier-return.html",
    "recipient.html",
    "apply-review.html",
    "apply-sign.html",
    "apply-delete.html",
    "apply-stopped.html",
    "own.html",
    "submitted.html",
    "dossier.html",
    "dossier-action.html",
    "rating.html",
    "track.html",
    "track-box.html",
    "verify-box.html",
];

pub fn routes() -> Vec<Route> {
    use Access::{Public, SignedIn};
    vec![
        Route::get("/procedures/{name}/apply", apply::begin, SignedIn),
        Route::get("/apply/{draft}", apply::resume, SignedIn),
        Route::get("/apply/{draft}/for-whom", choice::for_whom, SignedIn),
        Route::post("/apply/{draft}/for-whom", choice::choose_for_whom, SignedIn),
        Route::get("/apply/{draft}/unit", choice::unit, SignedIn),
        Route::post("/apply/{draft}/unit", choice::choose_unit, SignedIn),
        Route::get("/apply/{draft}/fee-exemption", choice::exemption, SignedIn),
        Route::post("/apply/{draft}/fee-exemption", choice::claim_exemption, SignedIn),
        Route::get("/apply/{draft}/return", choice::returns, SignedIn),
        Route::post("/apply/{draft}/return", choice::choose_return, SignedIn),
        Route::get("/apply/{draft}/return-to", returning::ask_to, SignedIn),
        Route::post("/apply/{draft}/return-to", returning::save_to, SignedIn),
        Route::get("/apply/{draft}/delete", apply::ask_delete, SignedIn),
        Route::post("/apply/{draft}/delete", apply::delete, SignedIn),
        Route::get("/apply/{draft}/review", review::show, SignedIn),
        Route::get("/apply/{draft}/sign", sign::show, SignedIn),
        Route::post("/apply/{draft}/sign", sign::ask, SignedIn),
        Route::get("/apply/{draft}/application.pdf", sign::file, SignedIn),
        Route::get("/apply/{draft}/submit", apply::resume, SignedIn),
        Route::post("/apply/{draft}/submit", review::submit, SignedIn),
        Route::get("/apply/{draft}/{screen}", screen::show, SignedIn),
        Route::post("/apply/{draft}/{screen}", screen::answer, SignedIn).body_limit(FILES_BYTES_MAX),
        Route::post("/apply/{draft}/{screen}/keep", screen::keep, SignedIn),
        Route::get("/dossiers", own::list, SignedIn),
        Route::get("/dossiers/{code}", dossier::show, SignedIn),
        Route::get("/dossiers/{code}/live", dossier::live, SignedIn),
        Route::post("/dossiers/{code}/rating", rating::send, SignedIn),
        Route::get("/dossiers/{code}/return", returning::ask, SignedIn),
        Route::post("/dossiers/{code}/return", returning::change, SignedIn),
        Route::get("/dossiers/{code}/papers/{upload}", files::paper, SignedIn),
        Route::get("/dossiers/{code}/receipt.pdf", files::receipt, SignedIn),
        Route::get("/dossiers/{code}/result.pdf", files::result, SignedIn),
        Route::get("/dossiers/{code}/issued/{document}", files::issued, SignedIn),
        Route::get("/dossiers/{code}/actions/{action}", action::ask, SignedIn),
        Route::post("/dossiers/{code}/actions/{action}", action::act, SignedIn).body_limit(FILES_BYTES_MAX),
        Route::get("/uploads/{upload}", files::show, SignedIn),
        Route::get("/track", track::show, Public),
        Route::get("/verify", verify::show, Public),
    ]
}

pub fn menu() -> Vec<MenuItem> {
    vec![
        item("/track", "services-menu-track", "history", Access::Public, 20),
        item("/dossiers", "services-menu-own", "document", Access::SignedIn, 30),
    ]
}

/// What stands in the footer of every page, behind the link to the catalogue.
pub fn frame<'a>(cx: &'a Cx, frame: &'a mut Frame) -> BoxFuture<'a, Result<(), Internal>> {
    let links = [
        ("/track", "services-menu-track"),
        ("/verify", "services-menu-verify"),
        ("/api/openapi.json", "services-menu-api"),
    ];
    for (href, key) in links {
        frame.footer_nav.push(NavItem { href: href.to_owned(), label: cx.t(key), ..NavItem::default() });
    }
    Box::pin(std::future::ready(Ok(())))
}
