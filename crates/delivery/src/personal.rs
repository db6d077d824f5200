//! What is held about a person here: how their results come back, to whom and where. An erased account leaves none of
//! that behind; which parcel a dossier's result went with stays with the dossier.

use serde_json::{Value, json};
use songhan_app::{BoxFuture, Cx};
use songhan_base::{Id, Internal};
use songhan_db::Tx;

use crate::store;

/// In one download.
const MOST: i64 = 2000;

pub fn data(cx: &Cx, account: Id) -> BoxFuture<'_, Result<Value, Internal>> {
    Box::pin(async move {
        let deliveries = store::of_account(&cx.db, account, MOST).await?.into_iter().map(|one| {
            json!({ "dossier": one.code, "way": one.way, "recipient": one.recipient, "phone": one.phone,
                "address": one.address, "state": one.state, "number": one.number, "at": one.changed_at })
        });
        let deliveries: Vec<Value> = deliveries.collect();
        let parcels = store::parcels_of(&cx.db, account, MOST).await?.into_iter().map(|one| {
            json!({ "dossier": one.code, "number": one.number, "recipient": one.recipient, "phone": one.phone,
                "address": one.address, "state": one.state, "reason": one.reason,
                "handed_over_at": one.handed_over_at, "ended_at": one.ended_at })
        });
        Ok(json!({ "deliveries": deliveries, "parcels": parcels.collect::<Vec<_>>() }))
    })
}

pub fn erase<'a>(_: &'a Cx, tx: &'a mut Tx, account: Id) -> BoxFuture<'a, Result<(), Internal>> {
    Box::pin(async move { store::forget_account(tx, account).await })
}
