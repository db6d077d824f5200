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
