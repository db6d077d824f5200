//! Pages: one's notices and channels, for administrators what did not arrive, in the demo the mailbox where all messages
//! arrive, and the script by which a browser takes notices.

mod channels;
mod failures;
mod mailbox;
mod notices;
mod worker;

use songhan_app::{Access, Route};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/notices", notices::show, Access::SignedIn),
        Route::post("/notices/read", notices::read_all, Access::SignedIn),
        Route::post("/notices/{id}/read", notices::read, Access::SignedIn),
        Route::get("/account/notices", channels::show, Access::SignedIn),
        Route::post("/account/notices", channels::choose, Access::SignedIn),
        Route::post("/account/notices/code", channels::send, Access::SignedIn),
        Route::post("/account/notices/verification", channels::verify, Access::SignedIn),
        Route::post("/account/notices/devices/{id}/remove", channels::remove, Access::SignedIn),
        Route::get("/admin/notices", failures::list, Access::ADMINISTRATOR),
        Route::get("/sw.js", worker::script, Access::Public),
        Route::get("/demo/mailbox", mailbox::list, Access::Public),
        Route::get("/demo/mailbox/{id}", mailbox::show, Access::Public),
        Route::get("/demo/mailbox/{id}/raw", mailbox::raw, Access::Public),
    ]
}
