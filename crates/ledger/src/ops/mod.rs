//! The operations of the ledger, one a file.

pub mod ask_gateway;
pub mod close_day;
pub mod decide_payment_order;
pub mod export_payment_order;
pub mod get_charge;
pub mod get_payment_order;
pub mod get_receipt;
pub mod get_statement;
pub mod get_trial_balance;
pub mod give_refund_account;
pub mod import_statement;
pub mod list_receipts;
pub mod list_refunds;
pub mod list_unmatched_transfers;
pub mod match_transfer;
pub mod prepare_payment_order;
pub mod record_counter_payment;
pub mod refund_by_gateway;
pub mod replace_receipt;
pub mod resolve_difference;
pub mod settle_payment;
pub mod start_payment;
pub mod take_bank_notification;
pub mod take_momo_ipn;
pub mod take_vnpay_ipn;
