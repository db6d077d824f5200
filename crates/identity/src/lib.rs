//! Who someone is: accounts, sessions, second factor, roles at a unit and area.
//!
//! Owns the tables `accounts`, `passwords`, `totp`, `recovery_codes`, `sessions`, `half_sign_ins`, `grants`, `claim_codes`,
//! `reset_codes`, `parties`, `mandates`, `delegations`, `person_keys`, `corrections`. Emits [`events::AccountCreated`],
//! [`events::AccountClaimed`], [`events::GrantGiven`], [`events::GrantEnded`], [`events::SessionEnded`],
//! [`events::MandateMade`], [`events::MandateConfirmed`], [`events::MandateEnded`], [`events::DelegationGiven`],
//! [`events::DelegationEnded`], [`events::PersonErased`]; hears nothing.
//! What always holds:
//! - a citizen id, a telephone number and an e-mail address belong to one account each, however they were typed;
//! - of a session only the hash of its secret is kept, of a password only its argon2id hash; neither is ever logged;
//! - a session that was ended is nobody's with the next request, in every process;
//! - a code of the second factor works once;
//! - who reads another person's data stands in the audit log, and that person can see it;
//! - an account made at a counter is opened by the code of its receipt alone, never by knowing a number;
//! - someone else's party, mandate or register looks like none; one that was taken back counts with the next request;
//! - secrets of the second factor, and personal parts of the audit log, are sealed by keys that no database holds.

pub mod account;
mod acting;
mod authenticator;
mod born;
pub mod citizen_card;
pub mod command;
pub mod contact;
mod counter;
mod custody;
mod delegation;
pub mod events;
mod factor_secret;
mod grant;
mod limits;
mod load;
mod mandate;
pub mod ops;
mod pages;
mod party;
mod password;
mod people;
mod person_key;
mod person_kind;
mod rules;
mod session;
mod settings;
mod store;
mod tax_code;
#[cfg(test)]
mod tests;
mod totp;
mod uses;

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use songhan_app::{Access, BoxFuture, Cx, JobHandler, MenuItem, Module, Route, Schedule};
use songhan_base::{Internal, Lang};
use songhan_city::DeclarationKind;
use songhan_db::Migration;
use songhan_pages::{Frame, NavItem};
use utoipa_axum::routes;

pub use account::{Account, Contact, NewAccount, NewPerson, Typed};
pub use acting::{MayNot, mandates_of, may_act, party, party_of};
pub use born::Born;
pub use command::{CommandError, add_user, create_demo_people, create_role_token};
pub use counter::{check_at_counter, claim_code, is_unclaimed, person_at_counter};
pub use delegation::{
    Authority, Delegation, DelegationKind, NoAuthority, SigningForm, signing_authority, stand_ins, stands_in_for,
};
pub use grant::{GrantRow, NewGrant, may_administer};
pub use load::{Loaded, load, some_people};
pub use mandate::{Acting, Mandate, MandateKind, MandateState, Scope, WhyNot};
pub use ops::confirm_mandate::{Rejection as NotConfirmed, confirm_in as confirm_mandate};
pub use party::{OrganisationForm, Party, PartyKind};
pub use password::{PasswordHash, Unhashed, hash_password, verify_password};
pub use people::{
    NotCreated, Opened, Opening, account, create_account, create_token, end_grant, end_session, give_grant,
    open_session, people_at, people_at_units, person_of,
};
pub use person_key::{open_personal, seal_personal};
pub use person_kind::{Passport, PersonKind};
pub use rules::Rules;
pub use session::SessionKind;
pub use settings::Settings;
pub use tax_code::TaxCode;
pub use totp::code_at as totp_code_at;

const MIGRATIONS: &[Migration] = &[
    migration(1, "identity", include_str!("../migrations/0001_identity.sql")),
    migration(2, "accountant", include_str!("../migrations/0002_accountant.sql")),
    migration(3, "who_applies", include_str!("../migrations/0003_who_applies.sql")),
    migration(4, "delegations", include_str!("../migrations/0004_delegations.sql")),
    migration(5, "rights", include_str!("../migrations/0005_rights.sql")),
    migration(6, "deputies", include_str!("../migrations/0006_deputies.sql")),
];

const fn migration(number: u32, name: &'static str, sql: &'static str) -> Migration {
    Migration { module: "identity", number, name, sql }
}

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
    ("identity/for-others.html", include_str!("../templates/for-others.html")),
    ("identity/authorise.html", include_str!("../templates/authorise.html")),
    ("identity/add-party.html", include_str!("../templates/add-party.html")),
    ("identity/office-mandates.html", include_str!("../templates/office-mandates.html")),
    ("identity/delegations.html", include_str!("../templates/delegations.html")),
    ("identity/give-delegation.html", include_str!("../templates/give-delegation.html")),
    ("identity/reads.html", include_str!("../templates/reads.html")),
    ("identity/export.html", include_str!("../templates/export.html")),
    ("identity/corrections.html", include_str!("../templates/corrections.html")),
    ("identity/open-corrections.html", include_str!("../templates/open-corrections.html")),
    ("identity/forgotten.html", include_str!("../templates/forgotten.html")),
    ("identity/reset.html", include_str!("../templates/reset.html")),
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
        jobs: vec![JobHandler::new(ops::reset_password::JOB, ops::reset_password::send)],
        schedules: vec![
            Schedule::new("sweep_sessions", Duration::from_hours(1), |cx| async move {
                let mut tx = cx.begin().await?;
                let before = cx.now().checked_sub(KEEP_ENDED).map_err(Internal::new)?;
                store::sweep(&mut tx, before).await?;
                store::sweep_codes(&mut tx).await?;
                tx.commit().await
            }),
            Schedule::new("seal_second_factors", Duration::from_mins(10), factor_secret::seal_old),
        ],
        templates: TEMPLATES,
        texts: &[(Lang::Vi, include_str!("../locales/vi.ftl")), (Lang::En, include_str!("../locales/en.ftl"))],
        menu: vec![
            MenuItem {
                href: "/office/mandates",
                label: "identity-mandates-menu",
                access: pages::DESK,
                order: 60,
                icon: "users",
            },
            MenuItem {
                href: "/office/delegations",
                label: "identity-delegations-menu",
                access: pages::KEEPERS,
                order: 65,
                icon: "pen",
            },
            MenuItem {
                href: "/admin/corrections",
                label: "identity-corrections-menu",
                access: Access::ADMINISTRATOR,
                order: 91,
                icon: "pen",
            },
            MenuItem {
                href: "/admin/people",
                label: "identity-people-menu",
                access: Access::ADMINISTRATOR,
                order: 90,
                icon: "users",
            },
        ],
        declarations: vec![DeclarationKind::of::<Rules>()],
        authenticator: Some(Arc::new(authenticator::Sessions)),
        gathered: vec![uses::write],
        frame: Some(frame),
        personal_data: Some(ops::export_me::personal_data),
        readings: &[
            ("identity.account_read", "identity-read-account"),
            ("identity.grants_read", "identity-read-grants"),
            ("identity.mandates_read", "identity-read-mandates"),
            ("identity.correction_read", "identity-read-correction"),
        ],
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
        Route::api(routes!(ops::list_mandates::own_handler), Access::SignedIn),
        Route::api(routes!(ops::offer_mandate::offer_mandate_handler), Access::SignedIn).idempotent(),
        Route::api(routes!(ops::answer_mandate::accept_mandate_handler), Access::SignedIn),
        Route::api(routes!(ops::answer_mandate::decline_mandate_handler), Access::SignedIn),
        Route::api(routes!(ops::end_mandate::end_mandate_handler), Access::SignedIn),
        Route::api(routes!(ops::list_mandates::parties_handler), Access::SignedIn),
        Route::api(routes!(ops::add_party::add_party_handler), Access::SignedIn).idempotent(),
        Route::api(routes!(ops::list_mandates::held_handler), Access::OFFICE),
        Route::api(routes!(ops::confirm_mandate::confirm_mandate_handler), Access::OFFICE),
        Route::api(routes!(ops::confirm_mandate::refuse_mandate_handler), Access::OFFICE),
        Route::api(routes!(ops::end_delegation::list_delegations_handler), pages::KEEPERS),
        Route::api(routes!(ops::give_delegation::give_delegation_handler), pages::KEEPERS).idempotent(),
        Route::api(routes!(ops::end_delegation::end_delegation_handler), pages::KEEPERS),
        Route::api(routes!(ops::list_reads::list_reads_handler), Access::SignedIn),
        Route::api(routes!(ops::export_me::export_me_handler), Access::SignedIn),
        Route::api(routes!(ops::correct::list_handler), Access::SignedIn),
        Route::api(routes!(ops::correct::ask_handler), Access::SignedIn).idempotent(),
        Route::api(routes!(ops::correct::decide_handler), Access::ADMINISTRATOR),
        Route::api(routes!(ops::reset_password::ask_handler), Access::Public),
        Route::api(routes!(ops::reset_password::finish_handler), Access::Public),
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
            frame.account_nav.push(item("/account/for-others", "identity-for-others-menu", "users"));
            frame.account_nav.push(item("/account/security", "identity-security-menu", "shield"));
        }
        Ok(())
    })
}
