//! Pages for the office: the inbox, a dossier with what can be done to it, what waits for the leader's signature.

mod act;
mod bulk;
mod dossier;
pub mod inbox;
mod intake;
mod intake_end;
mod intake_form;
mod intake_papers;
mod intake_person;
pub mod life;
mod opinions;
mod papers;
mod parcels;

#[cfg(test)]
mod tests;

use songhan_app::{Access, MenuItem, Route};
use songhan_base::Role;

use super::item;

/// Those who handle dossiers. Administrators run the system; they do not read people's papers.
const DESK: Access = Access::Roles(&[Role::Officer, Role::Leader]);

/// Those who take in, each at the counters of their units.
const COUNTER: Access = Access::Roles(&[Role::Officer]);

/// A scanned dossier may bring several files at once.
const SCANS_BYTES_MAX: usize = 64 * 1024 * 1024;

/// A document that comes with an opinion.
const ANSWER_BYTES_MAX: usize = 12 * 1024 * 1024;

templates![
    "office/inbox.html",
    "office/dossier.html",
    "office/life.html",
    "office/bulk.html",
    "office/opinions.html",
    "office/opinion.html",
    "office/parcels.html",
    "office/intake.html",
    "office/intake-person.html",
    "office/intake-form.html",
    "office/intake-papers.html",
    "office/intake-review.html",
    "office/intake-done.html",
];

pub fn routes() -> Vec<Route> {
    [desk(), counter()].concat()
}

fn counter() -> Vec<Route> {
    vec![
        Route::get("/office/intake", intake::show, COUNTER),
        Route::post("/office/intake", intake::start, COUNTER),
        Route::get("/office/intake/{draft}", intake::resume, COUNTER),
        Route::post("/office/intake/{draft}/delete", intake::delete, COUNTER),
        Route::get("/office/intake/{draft}/person", intake_person::show, COUNTER),
        Route::post("/office/intake/{draft}/person", intake_person::save, COUNTER),
        Route::get("/office/intake/{draft}/form", intake_form::show, COUNTER),
        Route::post("/office/intake/{draft}/form", intake_form::save, COUNTER),
        Route::get("/office/intake/{draft}/papers", intake_papers::show, COUNTER),
        Route::post("/office/intake/{draft}/papers", intake_papers::save, COUNTER).body_limit(SCANS_BYTES_MAX),
        Route::get("/office/intake/{draft}/review", intake_end::review, COUNTER),
        Route::post("/office/intake/{draft}/take-in", intake_end::take, COUNTER),
        Route::get("/office/intake/{draft}/done", intake_end::show_done, COUNTER),
        Route::post("/office/intake/{draft}/done", intake_end::settle, COUNTER),
        Route::get("/office/intake/{draft}/receipt.pdf", intake_end::receipt, COUNTER),
    ]
}

fn desk() -> Vec<Route> {
    vec![
        Route::get("/office", inbox::show, DESK),
        Route::get("/office/dossiers/{code}", dossier::show, DESK),
        Route::post("/office/dossiers/{code}/actions/{action}", act::act, DESK),
        Route::post("/office/dossiers/{code}/take", act::take, DESK),
        Route::post("/office/dossiers/{code}/assign", act::assign, DESK),
        Route::post("/office/dossiers/{code}/undo", life::undo, DESK),
        Route::post("/office/bulk", bulk::run, DESK),
        Route::get("/office/dossiers/{code}/opinions", opinions::list, DESK),
        Route::post("/office/dossiers/{code}/opinions", opinions::ask, DESK),
        Route::get("/office/opinions/{code}", opinions::show, DESK),
        Route::post("/office/opinions/{code}", opinions::answer, DESK).body_limit(ANSWER_BYTES_MAX),
        Route::post("/office/opinions/{code}/call-off", opinions::call_off, DESK),
        Route::get("/office/opinions/{code}/papers/{upload}", opinions::paper, DESK),
        Route::get("/office/opinions/{code}/attachment", opinions::attachment, DESK),
        Route::get("/office/dossiers/{code}/papers/{upload}", papers::show, DESK),
        Route::get("/office/dossiers/{code}/receipt.pdf", papers::receipt, DESK),
        Route::get("/office/dossiers/{code}/result.pdf", papers::result, DESK),
        Route::get("/office/dossiers/{code}/issued/{document}", papers::issued, DESK),
        Route::get("/office/dossiers/{code}/process-sheet.pdf", papers::process_sheet, DESK),
        Route::get("/office/book.pdf", papers::tracking_book, DESK),
        Route::get("/office/parcels", parcels::show, DESK),
        Route::post("/office/parcels", parcels::hand_over, DESK),
    ]
}

pub fn menu() -> Vec<MenuItem> {
    vec![
        item("/office", "office-menu", "inbox", DESK, 5),
        item("/office/intake", "counter-menu", "folder", COUNTER, 6),
        item("/office/parcels", "returns-menu", "send", DESK, 7),
    ]
}
