//! Money in double entry: charges, and the ways in which they are paid.
//!
//! A module that wants money calls [`charge`] in its own transaction and hears [`ChargePaid`] when it has come. Paid by
//! a VietQR transfer (the bank tells us), through a gateway (VNPay, the wallet MoMo: its IPN tells us) or at the counter
//! (an officer tells us). Dossiers and procedures are unknown here: a charge's subject is a text.
//!
//! Whoever has paid gets a receipt in the same transaction ([`receipt`]). What is owed back is paid out by orders of two
//! people; statements of bank and gateway are laid beside the books day by day; what was collected goes to the budget by
//! day and unit.
//!
//! Owns the tables `ledger_accounts`, `ledger_entries`, `ledger_postings`, `charges`, `charge_lines`, `payments`,
//! `bank_notifications`, `receipts`, `refunds`, `payment_orders`, `payment_order_lines`, `closings`, `closing_lines`,
//! `statements`, `statement_lines` and `differences`. Emits [`ChargeCreated`], [`ChargePaid`], [`ChargeEnded`],
//! [`PaymentFailed`], [`Overpaid`], [`TransferUnmatched`], [`ReceiptIssued`], [`RefundPaid`], [`StatementImported`],
//! [`DayClosed`]; hears nothing.
//!
//! What always holds:
//! - every entry of the journal adds up to zero, is booked once and never changes (the database refuses it);
//! - a charge is due exactly while its receivable is open; it is paid at most once;
//! - money that arrived is booked: to the charge, to what is owed back to the payer, or to suspense. None is dropped;
//! - only the signed word of bank or gateway, or an officer of the unit, makes a charge paid; a browser never does;
//! - numbers of receipts have no gap and no double within unit, form and series; what was cancelled stays;
//! - the suspense accounts equal the credits that wait, the refundable accounts what is owed back and not yet ordered;
//! - nothing leaves without two people, and nothing twice; a charge is in one closing at most.

#[macro_use]
mod words;

mod access;
mod api;
mod arrival;
mod charge;
mod charging;
mod closing;
mod config;
mod events;
mod gateway;
mod journal;
mod momo;
mod ops;
mod order;
mod pages;
mod pain001;
mod paying_out;
mod payment;
mod receipt;
mod receipting;
mod reconcile;
mod reconciling;
mod reference;
mod refund;
mod statement;
mod store;
mod vietqr;
mod vnpay;

#[cfg(test)]
mod tests;

use songhan_app::{Access, JobHandler, MenuItem, Module, Route};
use songhan_base::{Lang, Role};
use songhan_city::DeclarationKind;
use songhan_db::Migration;
use utoipa_axum::routes;

pub use charge::{Channel, Charge, ChargeLine, ChargeState, NewCharge, NewLine};
pub use charging::{
    ChangeError, by_id, cancel, charge, charge_of, charges_of, lines_of, payments_of, refund, transfer_code, waive,
};
pub use config::demo_sections;
pub use events::{
    ChargeCreated, ChargeEnded, ChargePaid, DayClosed, Overpaid, PaymentFailed, ReceiptIssued, RefundPaid,
    StatementImported, TransferUnmatched,
};
pub use ops::get_trial_balance::{TrialBalance, get_trial_balance as trial_balance};
pub use ops::import_statement::{Imported, Rejection as ImportRejection, import_statement};
pub use ops::record_counter_payment::{Rejection as CounterRejection, take_cash};
pub use payment::{Payment, PaymentState};
pub use receipt::{LineKind, Receipt, ReceiptNumbering, ReceiptState};
pub use receipting::{receipt, receipts_of};

/// Who keeps the books. Whose books, each operation says.
const ACCOUNTANT: Access = Access::Roles(&[Role::Accountant]);
/// Who sees the whole ledger.
const BOOKS: Access = Access::Roles(&[Role::Accountant, Role::Administrator]);

const TEMPLATES: [(&str, &str); 12] = {
    let mut all = [("", ""); 12];
    (all[0], all[1]) = (
        ("pay.html", include_str!("../templates/pay.html")),
        ("pay-gateway.html", include_str!("../templates/pay-gateway.html")),
    );
    all[2] = ("pay-return.html", include_str!("../templates/pay-return.html"));
    let mut at = 0;
    while at < pages::office::TEMPLATES.len() {
        all[3 + at] = pages::office::TEMPLATES[at];
        at += 1;
    }
    all
};

const MIGRATIONS: &[Migration] = &[
    Migration { module: "ledger", number: 1, name: "ledger", sql: include_str!("../migrations/0001_ledger.sql") },
    Migration { module: "ledger", number: 2, name: "money", sql: include_str!("../migrations/0002_money.sql") },
    Migration { module: "ledger", number: 3, name: "momo", sql: include_str!("../migrations/0003_momo.sql") },
];

pub fn module() -> Module {
    Module {
        name: "ledger",
        migrations: MIGRATIONS,
        routes: [api_routes(), book_routes(), pages::routes()].concat(),
        jobs: vec![
            JobHandler::new(ops::ask_gateway::KIND, ops::ask_gateway::run),
            JobHandler::new(ops::ask_gateway::FORMER_KIND, ops::ask_gateway::run),
            JobHandler::new(ops::refund_by_gateway::KIND, ops::refund_by_gateway::run),
            JobHandler::new(ops::refund_by_gateway::FORMER_KIND, ops::refund_by_gateway::run),
        ],
        configured: Some(config::check),
        declarations: vec![DeclarationKind::of::<ReceiptNumbering>()],
        templates: &TEMPLATES,
        texts: &[
            (Lang::Vi, include_str!("../locales/vi.ftl")),
            (Lang::En, include_str!("../locales/en.ftl")),
            (Lang::Vi, include_str!("../locales/money.vi.ftl")),
            (Lang::En, include_str!("../locales/money.en.ftl")),
        ],
        menu: vec![MenuItem {
            href: "/office/money",
            label: "ledger-menu-money",
            icon: "money",
            access: ACCOUNTANT,
            order: 35,
        }],
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
        Route::api(routes!(ops::take_momo_ipn::handler), Access::Signed),
        Route::api(routes!(ops::get_receipt::handler), Access::Public),
        Route::api(routes!(ops::give_refund_account::handler), Access::Public),
        Route::api(routes!(ops::get_trial_balance::handler), BOOKS),
        Route::api(routes!(ops::list_unmatched_transfers::handler), BOOKS),
    ]
}

fn book_routes() -> Vec<Route> {
    use ops::import_statement::FILE_BYTES_MAX;
    vec![
        Route::api(routes!(ops::list_receipts::handler), ACCOUNTANT),
        Route::api(routes!(ops::replace_receipt::handler), ACCOUNTANT).idempotent(),
        Route::api(routes!(ops::list_refunds::handler), ACCOUNTANT),
        Route::api(routes!(ops::prepare_payment_order::handler), ACCOUNTANT).idempotent(),
        Route::api(routes!(ops::get_payment_order::list), ACCOUNTANT),
        Route::api(routes!(ops::get_payment_order::handler), ACCOUNTANT),
        Route::api(routes!(ops::decide_payment_order::handler), ACCOUNTANT),
        Route::api(routes!(ops::export_payment_order::handler), ACCOUNTANT),
        Route::api(routes!(ops::import_statement::handler), ACCOUNTANT).body_limit(FILE_BYTES_MAX + 64 * 1024),
        Route::api(routes!(ops::get_statement::list), ACCOUNTANT),
        Route::api(routes!(ops::get_statement::handler), ACCOUNTANT),
        Route::api(routes!(ops::resolve_difference::handler), ACCOUNTANT),
        Route::api(routes!(ops::match_transfer::handler), ACCOUNTANT),
        Route::api(routes!(ops::close_day::handler), ACCOUNTANT).idempotent(),
        Route::api(routes!(ops::close_day::list), ACCOUNTANT),
    ]
}
