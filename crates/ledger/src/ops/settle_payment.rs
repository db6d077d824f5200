//! Write down how a payment through a gateway ended: by its IPN, by its answer when asked, or because nobody knows of it.

use songhan_app::Cx;
use songhan_base::{Id, Internal};
use songhan_db::Tx;

use crate::arrival::{Arrived, arrive};
use crate::charge::Charge;
use crate::events::PaymentFailed;
use crate::gateway::{Ending, GatewayName};
use crate::journal::Purse;
use crate::payment::{Payment, PaymentState};
use crate::store;

/// The gateway's word on one payment, by IPN or when asked.
pub struct Word {
    pub ending: Ending,
    pub gateway_no: Option<String>,
    pub raw: serde_json::Value,
    pub gateway: GatewayName,
    pub merchant: String,
}

/// Writes down how a payment ended; `false` when that was known.
pub async fn settle(cx: &Cx, payment: Id, word: Word) -> Result<bool, Internal> {
    let mut tx = cx.begin().await?;
    let (charge, payment) = hold(&mut tx, payment).await?;
    let taken = match word.ending {
        Ending::Paid if payment.state.may_become(PaymentState::Succeeded) => {
            let (amount, purse) = (payment.amount, Purse::Gateway { name: word.gateway, merchant: word.merchant });
            let arrived = Arrived { purse, amount, gateway_no: word.gateway_no, raw: word.raw };
            arrive(&mut tx, cx, charge, Ok(payment), arrived).await?;
            true
        }
        Ending::NotPaid if payment.state.may_become(PaymentState::Failed) => {
            close(&mut tx, &charge, payment, PaymentState::Failed, word.gateway_no, &word.raw).await?;
            true
        }
        // Heard, and nothing to write yet: the gateway will say more, or is asked.
        Ending::Open => payment.state == PaymentState::Created,
        _ => false,
    };
    tx.commit().await?;
    Ok(taken)
}

/// The payment, and its charge held.
pub async fn hold(tx: &mut Tx, payment: Id) -> Result<(Charge, Payment), Internal> {
    let gone = || Internal::new("a payment without a row or a charge");
    let charge = store::payments::by_id(&mut *tx, payment).await?.ok_or_else(gone)?.charge;
    let charge = store::charges::lock(tx, charge).await?.ok_or_else(gone)?;
    // Read again: whoever held the charge before may have settled it.
    let payment = store::payments::by_id(tx, payment).await?.ok_or_else(gone)?;
    Ok((charge, payment))
}

/// Ends an attempt without money.
pub async fn close(
    tx: &mut Tx,
    charge: &Charge,
    mut payment: Payment,
    state: PaymentState,
    gateway_no: Option<String>,
    raw: &serde_json::Value,
) -> Result<(), Internal> {
    payment.state = state;
    payment.settled_at = Some(tx.now());
    payment.gateway_no = gateway_no.filter(|no| no != "0");
    store::payments::settle(tx, &payment, raw).await?;
    tx.emit(PaymentFailed::of(charge, payment.id, payment.channel)).await
}

/// Ends an attempt of which the gateway says nothing.
pub async fn expire(cx: &Cx, payment: Id) -> Result<(), Internal> {
    let mut tx = cx.begin().await?;
    let (charge, payment) = hold(&mut tx, payment).await?;
    if payment.state.may_become(PaymentState::Expired) {
        close(&mut tx, &charge, payment, PaymentState::Expired, None, &serde_json::json!({})).await?;
    }
    tx.commit().await
}
