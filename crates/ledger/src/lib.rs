//! Money in double entry: charges, and the ways in which they are paid.
//!
//! A module that wants money calls [`charge`] in its own transaction and hears [`ChargePaid`] when it has come. Paid by
//! a VietQR transfer (the bank tells us), through the VNPay gateway (its IPN tells us) or at the counter (an officer
//! tells us). Dossiers and procedures are unknown here: a charge's subject is a text.
//!
//! Owns the tables `ledger_accounts`, `ledger_entries`, `ledger_postings`, `charges`, `charge_lines`, `payments` and
//! `bank_notifications`. Emits [`ChargeCreated`], [`ChargePaid`], [`ChargeEnded`], [`PaymentFailed`], [`Overpaid`],
//! [`TransferUnmatched`]; hears nothing.
//!
//! What always holds:
//! - every entry of the journal adds up to zero, is booked once and never changes (the database refuses it);
//! - a charge is due exactly while its receivable is open; it is paid at most once;
//! - money that arrived is booked: to the charge, to what is owed back to the payer, or to suspense. None is dropped;
//! - only the signed word of bank or gateway, or an officer of the unit, makes a charge paid; a browser never does.

mod access;
mod api;
mod arrival;
mod charge;
mod charging;
mod config;
mod events;
mod journal;
mod ops;
mod pages;
mod payment;
mod reference;
mod store;
mod vietqr;
mod vnpay;

#[cfg(test)]
mod tests;

use songhan_app::{Access, JobHandler, Module, Route};
use songhan_base::Lang;
use songhan_db::Migration;
use utoipa_axum::routes;

pub use charge::{Channel, Charge, ChargeLine, ChargeState, NewCharge, NewLine};
pub use charging::{
    ChangeError, by_id, cancel, charge, charge_of, charges_of, lines_of, payments_of, refund, transfer_code, waive,
};
pub use config::demo_sections;
pub use events::{ChargeCreated, ChargeEnded, ChargePaid, Overpaid, PaymentFailed, TransferUnmatched};
pub use ops::get_trial_balance::{TrialBalance, get_trial_balance as trial_balance};
pub use ops::record_counter_payment::{Rejection as CounterRejection, take_cash};
pub use payment::{Payment, PaymentState};

pub fn module() -> Module {
    Module {
        name: "ledger",
        migrations: &[Migration {
            module: "ledger",
            number: 1,
            name: "ledger",
            sql: include_str!("../migrations/0001_ledger.sql"),
        }],
        routes: [api_routes(), pages::routes()].concat(),
        jobs: vec![JobHandler::new(ops::ask_vnpay::KIND, ops::ask_vnpay::run)],
        templates: &[
            ("pay.html", include_str!("../templates/pay.html")),
            ("pay-gateway.html", include_str!("../templates/pay-gateway.html")),
            ("pay-return.html", include_str!("../templates/pay-return.html")),
        ],
        texts: &[(Lang::Vi, include_str!("../locales/vi.ftl")), (Lang::En, include_str!("../locales/en.ftl"))],
        ..Module::default()
    }
}

fn api_routes() -> Vec<Route> {
    // What another system calls is signed; what a payer calls is checked charge by charge, since the holder of a link
    // has no account.
    vec![
        Route::api(routes!(ops::get_charge::handler), Access::Public),
        Route::api(routes!(ops::start_payment::handler), Access::Public).idempotent(),
        Route::api(routes!(ops::record_counter_payment::handler), Access::OFFICE).idempotent(),
        Route::api(routes!(ops::take_bank_notification::handler), Access::Signed),
        Route::api(routes!(ops::take_vnpay_ipn::handler), Access::Signed),
        Route::api(routes!(ops::get_trial_balance::handler), Access::ADMINISTRATOR),
        Route::api(routes!(ops::list_unmatched_transfers::handler), Access::ADMINISTRATOR),
    ]
}
