//! What is held about a person here: their notices, preferences and proven addresses, to take along and to forget; and the
//! code that lets them set a forgotten password.

use serde_json::{Value, json};
use songhan_app::{BoxFuture, Cx, SecretCode};
use songhan_base::{Id, Internal};
use songhan_db::Tx;

use crate::args::Args;
use crate::channel::Channel;
use crate::message::Content;
use crate::store::{self, NewDelivery};
use crate::{deliver, reach};

/// Notices that are taken along: older ones are forgotten after two years in any case.
const NOTICES_MAX: i64 = 2000;

/// What an account was told, and how it wants to be.
pub fn data(cx: &Cx, account: Id) -> BoxFuture<'_, Result<Value, Internal>> {
    Box::pin(async move {
        let notices = store::notices_of(&cx.db, account, None, NOTICES_MAX).await?.into_iter().map(|row| {
            json!({ "kind": row.kind, "about": row.subject, "args": row.args(), "at": row.created_at, "read_at": row.read_at })
        });
        let notices: Vec<Value> = notices.collect();
        let chosen = store::preferences(&cx.db, account, None)
            .await?
            .into_iter()
            .map(|row| json!({ "topic": row.topic, "channel": row.channel, "wanted": row.wanted }));
        let devices = store::subscriptions_of(&cx.db, account)
            .await?
            .into_iter()
            .map(|row| json!({ "name": row.name, "endpoint": row.endpoint, "created_at": row.created_at }));
        Ok(json!({
            "notices": notices,
            "sent": store::deliveries_to(&cx.db, account, NOTICES_MAX).await?,
            "chosen": chosen.collect::<Vec<_>>(),
            "proven_addresses": store::verified_of(&cx.db, account).await?,
            "devices": devices.collect::<Vec<_>>(),
        }))
    })
}

/// Forgets them, and what was sent.
pub fn erase<'a>(_: &'a Cx, tx: &'a mut Tx, account: Id) -> BoxFuture<'a, Result<(), Internal>> {
    Box::pin(async move { store::forget_account(tx, account).await })
}

/// Promises a secret code to the e-mail address that the account has proven; `false` where it has none.
pub fn send_code<'a>(cx: &'a Cx, tx: &'a mut Tx, told: SecretCode) -> BoxFuture<'a, Result<bool, Internal>> {
    Box::pin(async move {
        let Some(reader) = songhan_identity::account(&mut *tx, told.account).await? else { return Ok(false) };
        let Some(address) = reach::proven(&mut *tx, &reader, Channel::Email).await? else { return Ok(false) };
        promise_code(tx, cx, Channel::Email, &address, told).await?;
        Ok(true)
    })
}

/// Promises a message that stands alone and is worth nothing after a while.
pub async fn promise_code(
    tx: &mut Tx,
    cx: &Cx,
    channel: Channel,
    address: &str,
    told: SecretCode,
) -> Result<(), Internal> {
    let args = Args::new().text("code", told.code).number("minutes", told.minutes);
    let content = Content { kind: told.kind.to_owned(), args };
    let delivery = NewDelivery {
        id: cx.env.id(),
        notice: None,
        account: Some(told.account),
        channel,
        address,
        content: Some(serde_json::to_string(&content).map_err(Internal::new)?),
        urgent: true,
        expires_at: Some(told.expires_at),
    };
    deliver::promise(tx, cx, delivery).await
}
