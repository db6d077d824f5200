//! Issuing receipts inside the transaction that marks a charge paid, and ending them.

use songhan_app::Cx;
use songhan_base::{Id, Internal};
use songhan_db::{On, Tx, next_number};

use crate::charge::Charge;
use crate::events::ReceiptIssued;
use crate::receipt::{Receipt, ReceiptNumbering, ReceiptState, by_kind};
use crate::store;

/// The receipt in force of a charge; `None` before it is paid, after it is cancelled, and where the city declares no
/// receipts.
pub async fn receipt<'a>(on: impl Into<On<'a>>, charge: Id) -> Result<Option<Receipt>, Internal> {
    store::receipts::in_force(on, charge).await
}

/// All receipts of a charge, cancelled and replaced ones too, oldest first.
pub async fn receipts_of<'a>(on: impl Into<On<'a>>, charge: Id) -> Result<Vec<Receipt>, Internal> {
    store::receipts::of_charge(on, charge).await
}

/// Lập biên lai. The number is taken in this transaction: undone together, so there is no gap.
pub async fn issue(tx: &mut Tx, cx: &Cx, charge: &Charge, replaces: Option<Id>) -> Result<Option<Receipt>, Internal> {
    let day = tx.now().to_zoned(cx.zone.clone()).date();
    let Some(numbering) = cx.city.try_get::<ReceiptNumbering>().and_then(|declared| declared.on(day)) else {
        return Ok(None);
    };
    let (year, form, series) = (day.year(), numbering.form.as_str(), numbering.series_of(day.year()));
    let (fees, charges) = by_kind(&store::charges::lines(&mut *tx, charge.id).await?);
    let number = next_number(tx, &format!("receipt:{}:{form}:{series}:{year}", charge.unit)).await?;
    let receipt = Receipt {
        id: cx.env.id(),
        charge: charge.id,
        unit: charge.unit.clone(),
        form: form.to_owned(),
        series,
        year,
        number,
        shown: numbering.written(number),
        amount: charge.amount,
        fees,
        charges,
        state: ReceiptState::Issued,
        replaces,
        reason: None,
        issued_at: tx.now(),
        ended_at: None,
    };
    store::receipts::insert(tx, &receipt).await?;
    tx.emit(ReceiptIssued::of(charge, &receipt)).await?;
    Ok(Some(receipt))
}

/// Hủy biên lai: the money is owed back. It stays in the register.
pub async fn cancel(tx: &mut Tx, charge: Id, reason: &str) -> Result<(), Internal> {
    let Some(receipt) = store::receipts::in_force(&mut *tx, charge).await? else { return Ok(()) };
    end(tx, &receipt, ReceiptState::Cancelled, reason).await
}

/// Ends the receipt in force; audited.
pub async fn end(tx: &mut Tx, receipt: &Receipt, state: ReceiptState, reason: &str) -> Result<(), Internal> {
    store::receipts::end(tx, receipt.id, state, reason).await?;
    let detail = serde_json::json!({ "receipt": receipt.id, "series": receipt.series, "number": receipt.shown, "state": state, "reason": reason });
    tx.audit("ledger.receipt_ended", &format!("charge:{}", receipt.charge), detail).await
}
