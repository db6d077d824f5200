//! What leaves: the bookings of a payment order's line from its approval to the statement that shows it.
//!
//! Approved: owed to the payer (or to the budget) → on its way. Seen on the statement: on its way → the account.
//! Failed: back to what is owed, so that it can be ordered again; nothing leaves twice.

use songhan_app::Cx;
use songhan_base::{Internal, Money};
use songhan_db::{Tx, next_number};

use crate::charging::as_our_mistake;
use crate::events::RefundPaid;
use crate::journal::{Account, Entry};
use crate::order::{LineState, Order, OrderKind, OrderLine, OrderState};
use crate::refund::RefundState;
use crate::{reference, store};

/// Số ủy nhiệm chi.
pub async fn number(tx: &mut Tx, cx: &Cx) -> Result<String, Internal> {
    let year = tx.now().to_zoned(cx.zone.clone()).date().year();
    let number = next_number(tx, &format!("payment-order:{year}")).await?;
    Ok(format!("UNC-{year}-{number:06}"))
}

/// A number for a line, that the bank gives back.
pub fn end_to_end(cx: &Cx) -> String {
    reference::new_order(&cx.env)
}

/// Whom the line is owed to in the books.
fn owed(order: &Order) -> Account {
    let unit = order.unit.clone();
    match order.kind {
        OrderKind::Refund | OrderKind::GatewayRefund => Account::Refundable { unit },
        OrderKind::Budget => Account::BudgetPayable { unit },
    }
}

/// Where the money leaves.
fn purse(order: &Order) -> Account {
    match order.kind {
        OrderKind::GatewayRefund => Account::Gateway { merchant: order.account.clone() },
        OrderKind::Refund | OrderKind::Budget => Account::Bank { number: order.account.clone() },
    }
}

fn on_its_way(order: &Order) -> Account {
    Account::Clearing { number: order.account.clone() }
}

async fn book(
    tx: &mut Tx,
    cx: &Cx,
    line: &OrderLine,
    what: &'static str,
    amount: Money,
    debit: Account,
    credit: Account,
) -> Result<(), Internal> {
    let reference = format!("{}:{what}", line.as_subject());
    let entry = Entry::transfer(reference, line.as_subject(), what, amount, debit, credit).map_err(Internal::new)?;
    as_our_mistake(store::journal::post(tx, &cx.env, &entry).await?, &entry)
}

/// Approved: the line is on its way.
pub async fn send(tx: &mut Tx, cx: &Cx, order: &Order, line: &OrderLine) -> Result<(), Internal> {
    book(tx, cx, line, "ordered", line.amount, owed(order), on_its_way(order)).await
}

/// The statement shows it, or the gateway has taken it: the money has left. Done again it changes nothing.
pub async fn confirm(tx: &mut Tx, cx: &Cx, end_to_end: &str) -> Result<(), Internal> {
    let Some((mut order, mut line)) = hold(tx, end_to_end).await? else { return Ok(()) };
    if line.state != LineState::Sent {
        return Ok(());
    }
    book(tx, cx, &line, "paid_out", line.amount, on_its_way(&order), purse(&order)).await?;
    line.state = LineState::Paid;
    line.settled_at = Some(tx.now());
    store::orders::change_line(tx, &line).await?;
    if let Some(id) = line.refund
        && let Some(mut refund) = store::refunds::lock(tx, id).await?
    {
        refund.state = RefundState::Paid;
        refund.paid_at = Some(tx.now());
        store::refunds::change(tx, &refund).await?;
        tx.emit(RefundPaid { refund: id, charge: refund.charge, amount: refund.amount }).await?;
    }
    if let Some(closing) = line.closing {
        store::closings::transferred(tx, closing).await?;
    }
    finish(tx, &mut order).await
}

/// It could not be paid, or the money came back: owed again. `false` when there is nothing to take back.
pub async fn fail(tx: &mut Tx, cx: &Cx, end_to_end: &str, reason: &str) -> Result<bool, Internal> {
    let Some((mut order, mut line)) = hold(tx, end_to_end).await? else { return Ok(false) };
    let from = match line.state {
        LineState::Sent => on_its_way(&order),
        LineState::Paid => purse(&order),
        LineState::Waiting | LineState::Failed => return Ok(false),
    };
    book(tx, cx, &line, "not_paid_out", line.amount, from, owed(&order)).await?;
    line.state = LineState::Failed;
    line.failure = Some(reason.to_owned());
    line.settled_at = Some(tx.now());
    store::orders::change_line(tx, &line).await?;
    if let Some(id) = line.refund
        && let Some(mut refund) = store::refunds::lock(tx, id).await?
    {
        // By another way: the payer is asked (again) for an account.
        (refund.state, refund.route, refund.paid_at) = (RefundState::Owed, crate::refund::Route::Bank, None);
        refund.failure = Some(reason.to_owned());
        store::refunds::change(tx, &refund).await?;
    }
    if let Some(closing) = line.closing {
        store::closings::to_be_ordered(tx, closing).await?;
    }
    let detail = serde_json::json!({ "end_to_end": end_to_end, "amount": line.amount, "reason": reason });
    tx.audit("ledger.payment_failed", &format!("payment-order:{}", order.id), detail).await?;
    finish(tx, &mut order).await?;
    Ok(true)
}

async fn hold(tx: &mut Tx, end_to_end: &str) -> Result<Option<(Order, OrderLine)>, Internal> {
    let Some(line) = store::orders::line_numbered(&mut *tx, end_to_end).await? else { return Ok(None) };
    let order = store::orders::lock(tx, line.order).await?;
    // Read again: whoever held the order before may have settled it.
    let line = store::orders::line_numbered(tx, end_to_end).await?;
    Ok(order.zip(line))
}

async fn finish(tx: &mut Tx, order: &mut Order) -> Result<(), Internal> {
    if order.state == OrderState::Approved && !store::orders::is_open(tx, order.id).await? {
        order.state = OrderState::Done;
        store::orders::change(tx, order, None).await?;
    }
    Ok(())
}
