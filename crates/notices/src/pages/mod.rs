//! Pages: one's notices, and in the demo the mailbox where all letters arrive.

mod mailbox;
mod notices;

use songhan_app::{Access, Route};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/notices", notices::show, Access::SignedIn),
        Route::post("/notices/read", notices::read_all, Access::SignedIn),
        Route::post("/notices/{id}/read", notices::read, Access::SignedIn),
        Route::get("/demo/mailbox", mailbox::list, Access::Public),
        Route::get("/demo/mailbox/{id}", mailbox::show, Access::Public),
        Route::get("/demo/mailbox/{id}/raw", mailbox::raw, Access::Public),
    ]
}
