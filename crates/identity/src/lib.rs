//! Who someone is: accounts, sessions, second factor, roles at a unit and area.
//!
//! Owns the tables `accounts`, `passwords`, `totp`, `recovery_codes`, `sessions`, `half_sign_ins`, `grants`. Emits
//! [`events::AccountCreated`], [`events::GrantGiven`], [`events::GrantEnded`], [`events::SessionEnded`]; hears nothing.
//! What always holds:
//! - a citizen id, a telephone number and an e-mail address belong to one account each, however they were typed;
//! - of a session only the hash of its secret is kept, of a password only its argon2id hash; neither is ever logged;
//! - a session that was ended is nobody's with the next request, in every process;
//! - a code of the second factor works once;
//! - who reads another person's data stands in the audit log.
//!
//! The secrets of the second factor must be read to check a code: they are as safe as the database's disk and backups.

pub mod account;
mod authenticator;
pub mod command;
pub mod contact;
pub mod events;
mod grant;
mod limits;
pub mod ops;
mod pages;
mod password;
mod people;
mod session;
mod settings;
mod store;
#[cfg(test)]
mod tests;
mod totp;

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use songhan_app::{Access, BoxFuture, Cx, MenuItem, Module, Route, Schedule};
use songhan_base::{Internal, Lang};
use songhan_db::Migration;
use songhan_pages::{Frame, NavItem};
use utoipa_axum::routes;

pub use account::{Account, Contact, NewAccount, Typed};
pub use command::{CommandError, add_user, create_demo_people, create_role_token};
pub use grant::{GrantRow, NewGrant, may_administer};
pub use password::{PasswordHash, Unhashed, hash_password, verify_password};
pub use people::{
    NotCreated, Opened, Opening, account, create_account, create_token, end_grant, end_session, give_grant,
    open_session, people_at, person_of,
};
pub use session::SessionKind;
pub use settings::Settings;
pub use totp::code_at as totp_code_at;

const MIGRATIONS: &[Migration] = &[Migration {
    module: "identity",
    number: 1,
    name: "identity",
    sql: include_str!("../migrations/0001_identity.sql"),
}];

const TEMPLATES: &[(&str, &str)] = &[
    ("identity/sign-in.html", include_str!("../templates/sign-in.html")),
    ("identity/code.html", include_str!("../templates/code.html")),
    ("identity/register.html", include_str!("../templates/register.html")),
    ("identity/account.html", include_str!("../templates/account.html")),
    ("identity/contact.html", include_str!("../templates/contact.html")),
    ("identity/password.html", include_str!("../templates/password.html")),
    ("identity/security.html", include_str!("../templates/security.html")),
    ("identity/enrol.html", include_str!("../templates/enrol.html")),
    ("identity/recovery.html", include_str!("../templates/recovery.html")),
    ("identity/remove.html", include_str!("../templates/remove.html")),
    ("identity/people.html", include_str!("../templates/people.html")),
    ("identity/person.html", include_str!("../templates/person.html")),
];

/// Sessions that ended are shown to nobody, but kept so long for questions.
const KEEP_ENDED: SignedDuration = SignedDuration::from_hours(24 * 30);

/// The module.
pub fn module() -> Module {
    Module {
        name: "identity",
        migrations: MIGRATIONS,
        routes: [api(), pages::routes()].concat(),
        schedules: vec![Schedule::new("sweep_sessions", Duration::from_hours(1), |cx| async move {
            let mut tx = cx.begin().await?;
            let before = cx.now().checked_sub(KEEP_ENDED).map_err(Internal::new)?;
            store::sweep(&mut tx, before).await?;
            tx.commit().await
        })],
        templates: TEMPLATES,
        texts: &[(Lang::Vi, include_str!("../locales/vi.ftl")), (Lang::En, include_str!("../locales/en.ftl"))],
        menu: vec![MenuItem {
            href: "/admin/people",
            label: "identity-people-menu",
            access: Access::ADMINISTRATOR,
            order: 90,
            icon: "users",
        }],
        authenticator: Some(Arc::new(authenticator::Sessions)),
        frame: Some(frame),
        configured: Some(|config| Settings::read(config).map(drop)),
        ..Module::default()
    }
}

fn api() -> Vec<Route> {
    vec![
        Route::api(routes!(ops::register::create_account_handler), Access::Public),
        Route::api(routes!(ops::search_people::search_accounts), Access::ADMINISTRATOR),
        Route::api(routes!(ops::sign_in::create_session), Access::Public),
        Route::api(routes!(ops::list_sessions::list_sessions_handler), Access::SignedIn),
        Route::api(routes!(ops::end_session::end_session_handler), Access::SignedIn),
        Route::api(routes!(ops::read_me::read_me), Access::SignedIn),
        Route::api(routes!(ops::list_grants::list_grants), Access::ADMINISTRATOR),
        Route::api(routes!(ops::give_grant::give_grant_handler), Access::ADMINISTRATOR),
        Route::api(routes!(ops::end_grant::end_grant_handler), Access::ADMINISTRATOR),
    ]
}

/// The menu under a person's name.
fn frame<'a>(cx: &'a Cx, frame: &'a mut Frame) -> BoxFuture<'a, Result<(), Internal>> {
    Box::pin(async move {
        if cx.actor.person().is_some() {
            let path = cx.path.split('?').next().unwrap_or("/");
            let item = |href: &str, key: &str, icon: &str| NavItem {
                href: href.to_owned(),
                label: cx.t(key),
                icon: icon.to_owned(),
                current: path == href,
            };
            frame.account_nav.push(item("/account", "identity-account-menu", "user"));
            frame.account_nav.push(item("/account/security", "identity-security-menu", "shield"));
        }
        Ok(())
    })
}
