//! What the ledger does for others, inside their transaction: charge, waive, cancel, refund, look up.

use songhan_app::Cx;
use songhan_base::{Id, Internal, Money};
use songhan_db::{On, Tx};

use crate::charge::{Change, Charge, ChargeLine, ChargeState, NewCharge};
use crate::events::{ChargeCreated, ChargeEnded};
use crate::journal::{Account, Entry};
use crate::payment::Payment;
use crate::refund::{self, Owed};
use crate::{config, ops, receipting, reference, store};

/// Why a charge was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    #[error("there is no such charge")]
    Unknown,
    #[error("a charge that is {0} cannot be changed so; look at it again")]
    NotAllowed(&'static str),
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Lập khoản phải thu: someone owes something, from this transaction on.
///
/// A charge whose lines come to nothing is waived at once. Wrong lines (a negative amount, too much to count) and a
/// `back` that is no path of this server are mistakes of the caller and fail the transaction.
pub async fn charge(tx: &mut Tx, cx: &Cx, new: NewCharge) -> Result<Charge, Internal> {
    let amount =
        new.amount().ok_or_else(|| Internal::new(format!("the lines charged for {} are no amounts", new.subject)))?;
    if !new.back.starts_with('/') || new.back.starts_with("//") {
        return Err(Internal::new(format!("{:?} is no path to lead the payer back to", new.back)));
    }
    let free = amount.is_zero();
    let charge = Charge {
        id: cx.env.id(),
        reference: reference::new(&cx.env),
        subject: new.subject,
        purpose: new.purpose,
        unit: new.unit,
        payer: new.payer,
        amount,
        state: if free { ChargeState::Waived } else { ChargeState::Due },
        channel: None,
        version: 1,
        back: new.back,
        created_at: tx.now(),
        paid_at: None,
        secret: cx.env.secret::<18>(),
    };
    store::charges::insert(tx, &charge, &new.lines).await?;
    if free {
        tx.emit(ChargeEnded::of(&charge, charge.state)).await?;
        return Ok(charge);
    }
    let unit = || charge.unit.clone();
    let (owed, earned) = (Account::Receivable { unit: unit() }, Account::Income { unit: unit() });
    book(tx, cx, &charge, format!("charge:{}", charge.id), "charged", amount, owed, earned).await?;
    tx.emit(ChargeCreated::of(&charge, amount)).await?;
    Ok(charge)
}

/// Miễn: a charge that is due need not be paid. `reason` stands in the audit log.
pub async fn waive(tx: &mut Tx, cx: &Cx, charge: Id, reason: &str) -> Result<Charge, ChangeError> {
    end(tx, cx, charge, Change::Waive, reason).await
}

/// Huỷ: a charge that is due falls away with what it was for.
pub async fn cancel(tx: &mut Tx, cx: &Cx, charge: Id, reason: &str) -> Result<Charge, ChangeError> {
    end(tx, cx, charge, Change::Cancel, reason).await
}

/// Hoàn trả: what was paid is owed back to the payer. Sending it back is a step of its own.
pub async fn refund(tx: &mut Tx, cx: &Cx, charge: Id, reason: &str) -> Result<Charge, ChangeError> {
    end(tx, cx, charge, Change::Refund, reason).await
}

async fn end(tx: &mut Tx, cx: &Cx, id: Id, change: Change, reason: &str) -> Result<Charge, ChangeError> {
    let mut charge = store::charges::lock(tx, id).await?.ok_or(ChangeError::Unknown)?;
    let next = charge.state.after(change).ok_or(ChangeError::NotAllowed(charge.state.as_str()))?;
    let unit = || charge.unit.clone();
    let income = Account::Income { unit: unit() };
    let (word, against) = match change {
        Change::Refund => ("refunded", Account::Refundable { unit: unit() }),
        Change::Waive => ("waived", Account::Receivable { unit: unit() }),
        _ => ("cancelled", Account::Receivable { unit: unit() }),
    };
    book(tx, cx, &charge, format!("{word}:{id}"), word, charge.amount, income, against).await?;
    store::charges::change(tx, &mut charge, next, None).await?;
    store::payments::expire_transfers(tx, id).await?;
    if change == Change::Refund {
        owe_back(tx, cx, &charge, reason).await?;
    }
    let detail = serde_json::json!({ "state": next, "amount": charge.amount, "reason": reason });
    tx.audit("ledger.charge_ended", &charge.as_subject(), detail).await?;
    tx.emit(ChargeEnded::of(&charge, next)).await?;
    Ok(charge)
}

/// What was paid for a charge waits to be sent back, and its receipt is no longer good.
async fn owe_back(tx: &mut Tx, cx: &Cx, charge: &Charge, reason: &str) -> Result<(), Internal> {
    receipting::cancel(tx, charge.id, reason).await?;
    let payment = store::payments::that_paid(tx, charge.id).await?;
    let source = charge.as_subject();
    let (unit, amount) = (charge.unit.as_str(), charge.amount);
    let owed = Owed { source, unit, charge: Some(charge.id), payment: payment.as_ref(), amount };
    refund::owe(tx, cx, charge.id, owed).await
}

/// Books a transfer about a charge. A reference that is booked already is our mistake, since the charge is held.
pub(crate) async fn book(
    tx: &mut Tx,
    cx: &Cx,
    charge: &Charge,
    reference: String,
    memo: &'static str,
    amount: Money,
    debit: Account,
    credit: Account,
) -> Result<(), Internal> {
    let entry = Entry::transfer(reference, charge.as_subject(), memo, amount, debit, credit).map_err(Internal::new)?;
    as_our_mistake(store::journal::post(tx, &cx.env, &entry).await?, &entry)
}

/// What was booked before although its row was held.
pub(crate) fn as_our_mistake(is_new: bool, entry: &Entry) -> Result<(), Internal> {
    if is_new { Ok(()) } else { Err(Internal::new(format!("{} is booked already", entry.reference))) }
}

/// All charges of a subject such as `dossier:CODE`, oldest first.
pub async fn charges_of<'a>(on: impl Into<On<'a>>, subject: &str) -> Result<Vec<Charge>, Internal> {
    store::charges::of_subject(on, subject).await
}

/// The latest charge of a subject.
pub async fn charge_of<'a>(on: impl Into<On<'a>>, subject: &str) -> Result<Option<Charge>, Internal> {
    Ok(charges_of(on, subject).await?.pop())
}

pub async fn by_id<'a>(on: impl Into<On<'a>>, id: Id) -> Result<Option<Charge>, Internal> {
    store::charges::by_id(on, id).await
}

pub async fn lines_of<'a>(on: impl Into<On<'a>>, charge: Id) -> Result<Vec<ChargeLine>, Internal> {
    store::charges::lines(on, charge).await
}

/// The payments of a charge, the latest first.
pub async fn payments_of<'a>(on: impl Into<On<'a>>, charge: Id) -> Result<Vec<Payment>, Internal> {
    store::payments::of_charge(on, charge).await
}

/// The text of a charge's VietQR code, for papers and messages; `None` where its unit takes no transfers.
pub fn transfer_code(cx: &Cx, charge: &Charge) -> Result<Option<String>, Internal> {
    ops::start_payment::transfer_payload(&config::BankAccounts::of(cx)?, charge)
}
