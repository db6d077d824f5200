//! What the ledger tells. Each event's subject is its charge, so that the pay page follows it; the payload names what
//! the charge is for, so that whoever charged knows.

use serde::{Deserialize, Serialize};
use songhan_base::{Id, Money};
use songhan_db::Event;

use crate::charge::{Channel, Charge, ChargeState};

macro_rules! event {
    ($(#[$doc:meta])* $name:ident = $kind:literal { $($(#[$field_doc:meta])* $field:ident: $type:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub struct $name {
            pub charge: Id,
            /// What the charge is for, as `dossier:CODE`.
            pub subject: String,
            $($(#[$field_doc])* pub $field: $type,)*
        }

        impl Event for $name {
            const KIND: &'static str = $kind;
            fn subject(&self) -> String {
                format!("charge:{}", self.charge)
            }
        }

        impl $name {
            pub(crate) fn of(charge: &Charge $(, $field: $type)*) -> Self {
                Self { charge: charge.id, subject: charge.subject.clone() $(, $field)* }
            }
        }
    };
}

event!(
    /// Something is due.
    ChargeCreated = "ledger.charge_created" { amount: Money });
event!(
    /// It was paid in full, by one channel.
    ChargePaid = "ledger.charge_paid" { amount: Money, channel: Channel });
event!(
    /// It ended otherwise: waived, cancelled or refunded.
    ChargeEnded = "ledger.charge_ended" { state: ChargeState });
event!(
    /// An attempt ended without money, so that another can be made.
    PaymentFailed = "ledger.payment_failed" { payment: Id, channel: Channel });
event!(
    /// Money came that was not due: it is owed back to the payer.
    Overpaid = "ledger.overpaid" { payment: Id, amount: Money, channel: Channel });

/// Money came to a bank account and waits for someone to find out what for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferUnmatched {
    pub transaction_id: String,
    pub amount: Money,
    pub reason: String,
}

impl Event for TransferUnmatched {
    const KIND: &'static str = "ledger.transfer_unmatched";
    fn subject(&self) -> String {
        format!("bank-transaction:{}", self.transaction_id)
    }
}

/// Biên lai: a receipt was entered into the register, in the transaction that marked the charge paid (or replaced the
/// one before).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptIssued {
    pub charge: Id,
    /// What the charge is for, as `dossier:CODE`.
    pub subject: String,
    pub receipt: Id,
    pub unit: String,
    pub form: String,
    pub series: String,
    /// The number as it is written.
    pub number: String,
    pub amount: Money,
    /// The receipt that it stands for.
    pub replaces: Option<Id>,
}

impl ReceiptIssued {
    pub(crate) fn of(charge: &Charge, receipt: &crate::receipt::Receipt) -> Self {
        Self {
            charge: charge.id,
            subject: charge.subject.clone(),
            receipt: receipt.id,
            unit: receipt.unit.clone(),
            form: receipt.form.clone(),
            series: receipt.series.clone(),
            number: receipt.shown.clone(),
            amount: receipt.amount,
            replaces: receipt.replaces,
        }
    }
}

impl Event for ReceiptIssued {
    const KIND: &'static str = "ledger.receipt_issued";
    fn subject(&self) -> String {
        format!("charge:{}", self.charge)
    }
}

/// Đã hoàn trả: the money has left for the payer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundPaid {
    pub refund: Id,
    /// Missing for a credit that belonged to no charge.
    pub charge: Option<Id>,
    pub amount: Money,
}

impl Event for RefundPaid {
    const KIND: &'static str = "ledger.refund_paid";
    fn subject(&self) -> String {
        self.charge.map_or_else(|| format!("refund:{}", self.refund), |charge| format!("charge:{charge}"))
    }
}

/// Đối soát: a statement was read and laid beside the books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementImported {
    pub statement: Id,
    pub lines: i64,
    pub matched: i64,
    pub differences: i64,
}

impl Event for StatementImported {
    const KIND: &'static str = "ledger.statement_imported";
    fn subject(&self) -> String {
        format!("statement:{}", self.statement)
    }
}

/// Khóa ngày thu: a unit's collections up to a day are to go to the budget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayClosed {
    pub closing: Id,
    pub unit: String,
    /// As `2026-11-20`.
    pub day: String,
    pub total: Money,
}

impl Event for DayClosed {
    const KIND: &'static str = "ledger.day_closed";
    fn subject(&self) -> String {
        format!("closing:{}", self.closing)
    }
}
