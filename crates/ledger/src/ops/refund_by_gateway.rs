//! Give a payment back through the gateway that it came by: a job for each line of an approved order.

use serde::Deserialize;
use serde_json::Value;
use songhan_app::Cx;
use songhan_base::Internal;

use crate::gateway::{Gateway, GatewayName, Given};
use crate::order::LineState;
use crate::{paying_out, store};

pub const KIND: &str = "ledger.refund_by_gateway";
/// What was promised when there was one gateway.
pub const FORMER_KIND: &str = "ledger.refund_vnpay";

#[derive(Deserialize)]
struct Payload {
    end_to_end: String,
}

pub async fn run(cx: Cx, payload: Value) -> Result<(), Internal> {
    let Payload { end_to_end } = serde_json::from_value(payload).map_err(Internal::new)?;
    let line = store::orders::line_numbered(&cx.db, &end_to_end).await?;
    let Some(line) = line.filter(|line| line.state == LineState::Sent) else { return Ok(()) };
    let refund = match line.refund {
        Some(refund) => store::refunds::by_id(&cx.db, refund).await?,
        None => None,
    };
    let payment = match refund.and_then(|refund| refund.payment) {
        Some(payment) => store::payments::by_id(&cx.db, payment).await?,
        None => None,
    };
    let name = payment.as_ref().and_then(|payment| GatewayName::of_channel(payment.channel));
    let gateway = match name {
        Some(name) => Gateway::of(&cx, name).await?,
        None => None,
    };
    let given = match gateway.zip(payment) {
        Some((gateway, payment)) => gateway.give_back(&payment, &end_to_end, cx.now()).await?,
        None => None,
    };
    let mut tx = cx.begin().await?;
    match given.unwrap_or_else(|| Given::Refused("no gateway".into())) {
        Given::Taken => paying_out::confirm(&mut tx, &cx, &end_to_end).await?,
        Given::Refused(code) => {
            paying_out::fail(&mut tx, &cx, &end_to_end, &format!("the gateway refused the refund ({code})")).await?;
        }
    }
    tx.commit().await
}
