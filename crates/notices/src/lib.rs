//! Notices to people: in-app, e-mail, SMS, Zalo and Web Push, each delivery with state and retries.
//!
//! Owns the tables `notices`, `deliveries`, `notice_preferences`, `verified_addresses`, `address_codes` and
//! `push_subscriptions`, and the files `keys/push.pem` and `keys/zalo.json`; emits and hears nothing: who has something to
//! tell calls [`notify`] in the transaction in which it happened. What always holds:
//! - a notice is kept as kind and arguments and written out in the reader's language when it is read or sent;
//! - what was told in a transaction that was undone was never told;
//! - each message leaves at least once; sent twice it carries the same id, by which the other side may know it;
//! - SMS and Zalo go to a telephone number only whose owner has proven to be reached there;
//! - push messages go to known push services only, encrypted to the browser;
//! - an address that takes nothing any more is not tried again;
//! - a code that proves an address is kept as a hash, and its words no longer than until it has left.

mod args;
mod channel;
mod deliver;
mod keys;
mod letter;
mod mailer;
mod message;
mod notice;
pub mod ops;
mod pages;
mod personal;
mod preferences;
mod quiet;
mod reach;
mod settings;
mod store;
#[cfg(test)]
mod tests;
mod topic;

use std::time::Duration;

use jiff::SignedDuration;
use songhan_app::{Access, BoxFuture, Cx, JobHandler, MenuItem, Module, Route, Schedule};
use songhan_base::{Internal, Lang};
use songhan_city::DeclarationKind;
use songhan_db::Migration;
use songhan_pages::{Frame, NavItem};
use utoipa_axum::routes;

pub use args::Args;
pub use channel::Channel;
pub use notice::{New, Notice, Words, notify, words};
pub use settings::{Settings, Tls, demo_sections};
pub use topic::{Manner, Manners, Topic};

const MIGRATIONS: &[Migration] = &[
    Migration { module: "notices", number: 1, name: "notices", sql: include_str!("../migrations/0001_notices.sql") },
    Migration { module: "notices", number: 2, name: "channels", sql: include_str!("../migrations/0002_channels.sql") },
];

const TEMPLATES: &[(&str, &str)] = &[
    ("notices/list.html", include_str!("../templates/list.html")),
    ("notices/mailbox.html", include_str!("../templates/mailbox.html")),
    ("notices/message.html", include_str!("../templates/message.html")),
    ("notices/channels.html", include_str!("../templates/channels.html")),
    ("notices/failures.html", include_str!("../templates/failures.html")),
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
        declarations: vec![DeclarationKind::of::<Manners>()],
        templates: TEMPLATES,
        texts: &[(Lang::Vi, include_str!("../locales/vi.ftl")), (Lang::En, include_str!("../locales/en.ftl"))],
        frame: Some(frame),
        personal_data: Some(personal::data),
        erase: Some(personal::erase),
        send_code: Some(personal::send_code),
        menu: vec![MenuItem {
            href: "/admin/notices",
            label: "notices-failed-menu",
            access: Access::ADMINISTRATOR,
            order: 95,
            icon: "mail",
        }],
        configured: Some(settings::check),
        ..Module::default()
    }
}

fn api() -> Vec<Route> {
    vec![
        Route::api(routes!(ops::list_notices::list_notices_handler), Access::SignedIn),
        Route::api(routes!(ops::mark_read::mark_read_handler), Access::SignedIn),
        Route::api(routes!(ops::read_preferences::read_preferences_handler), Access::SignedIn),
        Route::api(routes!(ops::set_preferences::set_preferences_handler), Access::SignedIn),
        Route::api(routes!(ops::add_subscription::add_subscription_handler), Access::SignedIn),
        Route::api(routes!(ops::remove_subscription::remove_subscription_handler), Access::SignedIn),
        Route::api(routes!(ops::send_code::send_code_handler), Access::SignedIn),
        Route::api(routes!(ops::verify_address::verify_address_handler), Access::SignedIn),
        Route::api(routes!(ops::report_sms::report_sms_handler), Access::Signed),
        Route::api(routes!(ops::report_zalo::report_zalo_handler), Access::Signed),
    ]
}

/// The count on the bell, the way to one's channels, and in the demo the way to the mailbox.
fn frame<'a>(cx: &'a Cx, frame: &'a mut Frame) -> BoxFuture<'a, Result<(), Internal>> {
    Box::pin(async move {
        if cx.config.demo {
            let (href, label) = ("/demo/mailbox".to_owned(), cx.t("notices-mailbox"));
            frame.footer_nav.push(NavItem { href, label, ..NavItem::default() });
        }
        if let Some(person) = cx.actor.person() {
            let current = cx.path.split('?').next() == Some("/account/notices");
            let (href, label, icon) = ("/account/notices".to_owned(), cx.t("notices-channels-menu"), "bell".to_owned());
            frame.account_nav.push(NavItem { href, label, icon, current });
            frame.unread = store::unread(&cx.db, person.account).await?.try_into().unwrap_or(0);
        }
        Ok(())
    })
}
