//! Ask the gateway about an attempt whose time is over and of which it has said nothing: a job.

use serde::Deserialize;
use serde_json::{Value, json};
use songhan_app::Cx;
use songhan_base::{Id, Internal};

use super::take_vnpay_ipn::{Word, close, hold, settle};
use crate::config::Vnpay;
use crate::payment::PaymentState;
use crate::store;
use crate::vnpay::query::{Found, ask};
use crate::vnpay::reply::Ending;

pub const KIND: &str = "ledger.ask_vnpay";

#[derive(Deserialize)]
struct Payload {
    payment: Id,
}

pub async fn run(cx: Cx, payload: Value) -> Result<(), Internal> {
    let Payload { payment } = serde_json::from_value(payload).map_err(Internal::new)?;
    let Some(known) = store::payments::by_id(&cx.db, payment).await? else { return Ok(()) };
    if known.state != PaymentState::Created {
        return Ok(());
    }
    let vnpay = Vnpay::of(&cx).await?;
    let address = vnpay.as_ref().and_then(|vnpay| vnpay.query_url.clone().map(|url| (vnpay, url)));
    let Some((vnpay, url)) = address else { return expire(&cx, payment).await };
    let request = cx.env.id().to_string().replace('-', "");
    match ask(vnpay, &url, &known, &request, cx.now()).await? {
        Found::Unknown => expire(&cx, payment).await,
        Found::Known { ending: Ending::Open, .. } => {
            Err(Internal::new("the gateway has not decided on the payment yet; it will be asked again"))
        }
        Found::Known { ending, gateway_no, raw } => {
            let word = Word { ending, gateway_no, raw, merchant: vnpay.tmn_code.clone() };
            settle(&cx, payment, word).await.map(drop)
        }
    }
}

async fn expire(cx: &Cx, payment: Id) -> Result<(), Internal> {
    let mut tx = cx.begin().await?;
    let (charge, payment) = hold(&mut tx, payment).await?;
    if payment.state.may_become(PaymentState::Expired) {
        close(&mut tx, &charge, payment, PaymentState::Expired, None, &json!({})).await?;
    }
    tx.commit().await
}
