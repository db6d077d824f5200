//! The public pages of the catalogue: home, the list with its search, a procedure, a life event, what changed. They work
//! without JavaScript, and for those who are not signed in each is made once a day.

mod catalogue;
mod changes;
mod home;
mod life_event;
mod lists;
mod procedure;

#[cfg(test)]
mod tests;

use songhan_app::{Access, BoxFuture, Cx, MenuItem, Route};
use songhan_base::Internal;
use songhan_pages::{Frame, NavItem};

/// Templates by the names that they have below `templates`.
macro_rules! templates {
    ($($name:literal),+ $(,)?) => {
        pub const TEMPLATES: &[(&str, &str)] = &[$((
            concat!("services/", $name),
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/services/", $name)),
        )),+];
    };
}

templates![
    "home.html",
    "procedures.html",
    "procedure.html",
    "changes.html",
    "changed.html",
    "national.html",
    "life-event.html",
];

pub fn routes() -> Vec<Route> {
    use Access::Public;
    vec![
        Route::get("/", home::show, Public),
        Route::get("/procedures", catalogue::list, Public),
        Route::get("/procedures/changes", changes::show, Public),
        Route::get("/procedures/changes.atom", changes::feed, Public),
        Route::get("/procedures/{name}", procedure::show, Public),
        Route::get("/life-events/{id}", life_event::show, Public),
    ]
}

pub fn menu() -> Vec<MenuItem> {
    vec![MenuItem {
        href: "/procedures",
        label: "services-menu-procedures",
        icon: "folder",
        access: Access::Public,
        order: 10,
    }]
}

/// The first link in the footer of every page; those of `services` follow.
pub fn frame<'a>(cx: &'a Cx, frame: &'a mut Frame) -> BoxFuture<'a, Result<(), Internal>> {
    let label = cx.t("services-procedures-title");
    frame.footer_nav.push(NavItem { href: "/procedures".to_owned(), label, ..NavItem::default() });
    Box::pin(std::future::ready(Ok(())))
}
