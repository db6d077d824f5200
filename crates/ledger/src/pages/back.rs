//! Back from the gateway: shows what is known. The address that the browser brings settles nothing.

use axum::extract::RawQuery;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Serialize;
use songhan_app::{Cx, PageSpec, Path, Problem};
use songhan_base::Id;

use super::key;
use super::pay::Shown;
use crate::access::{Hidden, see};
use crate::charge::Charge;
use crate::gateway::{Ending, Gateway, GatewayName};
use crate::store;

#[derive(Serialize)]
struct Data {
    charge: Shown,
    /// What the gateway's address says: `paid`, `not_paid`, `open`, or nothing when it is not signed.
    said: &'static str,
    /// Whether this browser may follow the link to the pay page.
    may_open: bool,
}

pub async fn show(
    cx: Cx,
    Path(id): Path<Id>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let word = signed_word(&cx, id, raw.as_deref().unwrap_or("")).await?;
    let (charge, may_open) = match see(&cx, id, key::kept(&headers).as_deref()).await {
        Ok(seen) => (seen.charge, true),
        // The session may have ended at the gateway: its signature shows that this browser comes from there.
        Err(hidden) => (word.as_ref().map(|(charge, _)| charge.clone()).ok_or_else(|| Problem::from(hidden))?, false),
    };
    let said = match word.map(|(_, ending)| ending) {
        Some(Ending::Paid) => "paid",
        Some(Ending::NotPaid) => "not_paid",
        Some(Ending::Open) => "open",
        None => "",
    };
    let data = Data { charge: Shown::new(&cx, &charge), said, may_open };
    cx.page("pay-return.html", PageSpec::titled(cx.t("ledger-payment")), data).await
}

/// What a gateway has signed about a payment of this charge.
async fn signed_word(cx: &Cx, id: Id, raw: &str) -> Result<Option<(Charge, Ending)>, Problem> {
    for name in GatewayName::ALL.iter().copied() {
        let Some(gateway) = Gateway::of(cx, name).await? else { continue };
        let Some((txn_ref, ending)) = gateway.returned(raw) else { continue };
        let payment = store::payments::by_txn_ref(&cx.db, &txn_ref.replace('\0', "")).await?;
        if payment.is_some_and(|payment| payment.charge == id && payment.channel == name.channel()) {
            let charge = store::charges::by_id(&cx.db, id).await?.ok_or(Hidden::NotFound)?;
            return Ok(Some((charge, ending)));
        }
    }
    Ok(None)
}
