//! Money has arrived for a charge: the one place where a payment succeeds.
//!
//! What always holds: money that came is booked, whatever state the charge is in. The first of the right amount pays
//! it; everything after that is owed back to the payer and flagged, never dropped.

use serde_json::Value;
use songhan_app::Cx;
use songhan_base::{Id, Internal, Money};
use songhan_db::Tx;

use crate::charge::{Change, Charge};
use crate::charging::book;
use crate::events::{ChargePaid, Overpaid};
use crate::journal::{Account, Purse};
use crate::payment::{Payment, PaymentState};
use crate::refund::{self, Owed};
use crate::{receipting, store};

/// What came.
pub struct Arrived {
    /// Where it lies now.
    pub purse: Purse,
    pub amount: Money,
    /// Number that bank, gateway or desk gave it.
    pub gateway_no: Option<String>,
    /// What the other side said, less what is not needed.
    pub raw: Value,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    pub payment: Id,
    pub overpaid: bool,
}

/// Takes money for `charge`, which is held ([`store::charges::lock`]). `attempt` is what it settles, or the number
/// that a payment without an attempt gets.
pub async fn arrive(
    tx: &mut Tx,
    cx: &Cx,
    mut charge: Charge,
    attempt: Result<Payment, String>,
    arrived: Arrived,
) -> Result<Arrival, Internal> {
    let next = charge.state.after(Change::Pay).filter(|_| arrived.amount == charge.amount);
    let now = tx.now();
    let (is_new, mut payment) = match attempt {
        Ok(payment) => (false, payment),
        Err(txn_ref) => (true, new_payment(cx, &charge, &arrived, txn_ref, now)),
    };
    if !payment.state.may_become(PaymentState::Succeeded) {
        return Err(Internal::new(format!("payment {} has succeeded already", payment.id)));
    }
    payment.state = PaymentState::Succeeded;
    payment.overpaid = next.is_none();
    payment.settled_at = Some(now);
    payment.gateway_no = arrived.gateway_no;
    if is_new {
        store::payments::insert(tx, &payment, Some(&arrived.raw)).await?;
    } else {
        store::payments::settle(tx, &payment, &arrived.raw).await?;
    }
    let (amount, channel) = (arrived.amount, arrived.purse.channel());
    let debit = arrived.purse.account(&charge.unit);
    let unit = charge.unit.clone();
    let (memo, credit) = match next {
        Some(_) => ("paid", Account::Receivable { unit }),
        None => ("overpaid", Account::Refundable { unit }),
    };
    book(tx, cx, &charge, format!("payment:{}", payment.id), memo, amount, debit, credit).await?;
    if let Some(next) = next {
        store::charges::change(tx, &mut charge, next, Some(channel)).await?;
        store::payments::expire_transfers(tx, charge.id).await?;
        tx.emit(ChargePaid::of(&charge, amount, channel)).await?;
        receipting::issue(tx, cx, &charge, None).await?;
    } else {
        let detail = serde_json::json!({ "payment": payment.id, "amount": amount, "channel": channel });
        tx.audit("ledger.overpaid", &charge.as_subject(), detail).await?;
        tx.emit(Overpaid::of(&charge, payment.id, amount, channel)).await?;
        let source = format!("payment:{}", payment.id);
        let owed = Owed { source, unit: &charge.unit, charge: Some(charge.id), payment: Some(&payment), amount };
        refund::owe(tx, cx, payment.id, owed).await?;
    }
    Ok(Arrival { payment: payment.id, overpaid: payment.overpaid })
}

fn new_payment(cx: &Cx, charge: &Charge, arrived: &Arrived, txn_ref: String, now: jiff::Timestamp) -> Payment {
    Payment {
        id: cx.env.id(),
        charge: charge.id,
        channel: arrived.purse.channel(),
        amount: arrived.amount,
        state: PaymentState::Created,
        txn_ref,
        gateway_no: None,
        overpaid: false,
        created_at: now,
        expires_at: None,
        settled_at: None,
        redirect_url: None,
    }
}
