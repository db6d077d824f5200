//! The operations of the ledger, one a file.

pub mod ask_vnpay;
pub mod get_charge;
pub mod get_trial_balance;
pub mod list_unmatched_transfers;
pub mod record_counter_payment;
pub mod start_payment;
pub mod take_bank_notification;
pub mod take_vnpay_ipn;
