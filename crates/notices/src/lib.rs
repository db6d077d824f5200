//! Notices to people: in-app and e-mail, each with state and retries.
//!
//! Owns the tables `notices` and `deliveries`; emits and hears nothing: who has something to tell calls [`notify`] in the
//! transaction in which it happened. What always holds:
//! - a notice is kept as kind and arguments and written out in the reader's language when it is read or sent;
//! - what was told in a transaction that was undone was never told;
//! - each letter leaves at least once; sent twice it is the same letter, with the same Message-ID.

mod args;
mod deliver;
mod letter;
mod mailer;
mod notice;
pub mod ops;
mod pages;
mod settings;
mod store;
#[cfg(test)]
mod tests;

use std::time::Duration;

use jiff::SignedDuration;
use songhan_app::{Access, BoxFuture, Cx, JobHandler, Module, Route, Schedule};
use songhan_base::{Internal, Lang};
use songhan_db::Migration;
use songhan_pages::{Frame, NavItem};
use utoipa_axum::routes;

pub use args::Args;
pub use notice::{New, Notice, Words, notify, words};
pub use settings::{Settings, Tls};

const MIGRATIONS: &[Migration] =
    &[Migration { module: "notices", number: 1, name: "notices", sql: include_str!("../migrations/0001_notices.sql") }];

const TEMPLATES: &[(&str, &str)] = &[
    ("notices/list.html", include_str!("../templates/list.html")),
    ("notices/mailbox.html", include_str!("../templates/mailbox.html")),
    ("notices/letter.html", include_str!("../templates/letter.html")),
    ("notices/mail.txt", include_str!("../templates/mail.txt")),
    ("notices/mail.html", include_str!("../templates/mail.html")),
    ("notices/when.txt", "{{ value | datetime }}"),
];

/// Notices older than this are forgotten; what they were about has its own history.
const KEEP: SignedDuration = SignedDuration::from_hours(24 * 730);

/// The module.
pub fn module() -> Module {
    Module {
        name: "notices",
        migrations: MIGRATIONS,
        routes: [api(), pages::routes()].concat(),
        jobs: vec![JobHandler::new(deliver::JOB, deliver::deliver)],
        schedules: vec![Schedule::new("sweep_notices", Duration::from_hours(24), |cx| async move {
            let mut tx = cx.begin().await?;
            let before = cx.now().checked_sub(KEEP).map_err(Internal::new)?;
            store::sweep(&mut tx, before).await?;
            tx.commit().await
        })],
        templates: TEMPLATES,
        texts: &[(Lang::Vi, include_str!("../locales/vi.ftl")), (Lang::En, include_str!("../locales/en.ftl"))],
        frame: Some(frame),
        configured: Some(|config| Settings::read(config).map(drop)),
        ..Module::default()
    }
}

fn api() -> Vec<Route> {
    vec![
        Route::api(routes!(ops::list_notices::list_notices_handler), Access::SignedIn),
        Route::api(routes!(ops::mark_read::mark_read_handler), Access::SignedIn),
    ]
}

/// The count on the bell, and in the demo the way to the mailbox.
fn frame<'a>(cx: &'a Cx, frame: &'a mut Frame) -> BoxFuture<'a, Result<(), Internal>> {
    Box::pin(async move {
        if cx.config.demo {
            let (href, label) = ("/demo/mailbox".to_owned(), cx.t("notices-mailbox"));
            frame.footer_nav.push(NavItem { href, label, ..NavItem::default() });
        }
        if let Some(person) = cx.actor.person() {
            frame.unread = store::unread(&cx.db, person.account).await?.try_into().unwrap_or(0);
        }
        Ok(())
    })
}
