//! Ask a gateway about an attempt whose time is over and of which it has said nothing: a job.

use serde::Deserialize;
use serde_json::Value;
use songhan_app::Cx;
use songhan_base::{Id, Internal};

use super::settle_payment::{Word, expire, settle};
use crate::gateway::{Ending, Found, Gateway, GatewayName};
use crate::payment::PaymentState;
use crate::store;

pub const KIND: &str = "ledger.ask_gateway";
/// What was promised when there was one gateway.
pub const FORMER_KIND: &str = "ledger.ask_vnpay";

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
    let Some(name) = GatewayName::of_channel(known.channel) else { return Ok(()) };
    let Some(gateway) = Gateway::of(&cx, name).await? else { return expire(&cx, payment).await };
    let request = cx.env.id().to_string().replace('-', "");
    match gateway.ask(&known, &request, cx.now()).await? {
        None | Some(Found::Unknown) => expire(&cx, payment).await,
        Some(Found::Known { ending: Ending::Open, .. }) => {
            Err(Internal::new("the gateway has not decided on the payment yet; it will be asked again"))
        }
        Some(Found::Known { ending, gateway_no, raw }) => {
            let merchant = gateway.merchant().to_owned();
            settle(&cx, payment, Word { ending, gateway_no, raw, gateway: name, merchant }).await.map(drop)
        }
    }
}
