//! Pages of the queue: for those who wait, and for the officer who calls them.

mod desk;
mod waiting;

use songhan_app::{Access, MenuItem, Route};
use songhan_base::Role;

/// Those who call numbers, each at the counters of their units.
const COUNTER: Access = Access::Roles(&[Role::Officer]);

pub const TEMPLATES: &[(&str, &str)] = &[
    ("services/queue.html", include_str!("../../templates/services/queue.html")),
    ("services/queue-ticket.html", include_str!("../../templates/services/queue-ticket.html")),
    ("services/queue-board.html", include_str!("../../templates/services/queue-board.html")),
    ("services/office/queue.html", include_str!("../../templates/services/office/queue.html")),
];

pub fn routes() -> Vec<Route> {
    use Access::Public;
    vec![
        Route::get("/queue/{unit}", waiting::kiosk, Public),
        Route::post("/queue/{unit}", waiting::take, Public),
        Route::get("/queue/{unit}/board", waiting::board, Public),
        Route::get("/queue/{unit}/live", waiting::live, Public),
        Route::get("/queue/{unit}/tickets/{ticket}", waiting::ticket, Public),
        Route::get("/office/queue", desk::show, COUNTER),
        Route::post("/office/queue/{unit}/call", desk::call, COUNTER),
        Route::post("/office/queue/tickets/{ticket}/{verb}", desk::change, COUNTER),
    ]
}

pub fn menu() -> Vec<MenuItem> {
    vec![MenuItem { href: "/office/queue", label: "queue-menu", icon: "bell", access: COUNTER, order: 7 }]
}
