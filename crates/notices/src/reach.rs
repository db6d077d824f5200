//! Where someone is reached: by the channels they want, at addresses that are theirs.

use songhan_app::Cx;
use songhan_base::{Id, Internal};
use songhan_db::{On, Tx};
use songhan_identity::Account;

use crate::channel::Channel;
use crate::preferences::Preferences;
use crate::settings::Outlets;
use crate::store;
use crate::topic::Topic;

/// Channel and address of each delivery that a notice makes.
pub async fn addresses(
    tx: &mut Tx,
    cx: &Cx,
    reader: &Account,
    topic: Topic,
    kind: &str,
) -> Result<Vec<(Channel, String)>, Internal> {
    let preferences = Preferences::new(&store::preferences(&mut *tx, reader.id, Some(topic)).await?);
    let mut found = Vec::new();
    for channel in Channel::OUT.into_iter().filter(|&channel| preferences.wants(topic, channel)) {
        match channel {
            Channel::InApp => {}
            // An address is believed until it is proven: nothing was ever sent to another one than the account's own.
            Channel::Email => found.extend(reader.email.clone().map(|address| (channel, address))),
            Channel::Sms if channel.is_offered(cx) => {
                found.extend(proven(&mut *tx, reader, Channel::Sms).await?.map(|address| (channel, address)));
            }
            Channel::Zalo if has_template(cx, kind) => {
                found.extend(proven(&mut *tx, reader, Channel::Sms).await?.map(|address| (channel, address)));
            }
            Channel::Sms | Channel::Zalo => {}
            Channel::Push => {
                let subscriptions = store::subscriptions_of(&mut *tx, reader.id).await?;
                found.extend(subscriptions.into_iter().map(|device| (channel, device.id.to_string())));
            }
        }
    }
    Ok(found)
}

/// Zalo takes only what it has approved a template for.
fn has_template(cx: &Cx, kind: &str) -> bool {
    Outlets::of(cx).zalo.as_ref().is_some_and(|zalo| zalo.templates.contains_key(kind))
}

/// The account's address where it was proven. (Zalo's is the telephone number, which SMS proves.)
pub async fn proven<'a>(on: impl Into<On<'a>>, reader: &Account, channel: Channel) -> Result<Option<String>, Internal> {
    let now = address(reader, channel);
    let verified = store::verified(on, reader.id, channel).await?;
    Ok(verified.filter(|address| now == Some(address.as_str())))
}

/// The account's address for a channel that can be proven.
pub fn address(reader: &Account, channel: Channel) -> Option<&str> {
    match channel {
        Channel::Email => reader.email.as_deref(),
        Channel::Sms | Channel::Zalo => reader.phone.as_deref().filter(|phone| is_mobile(phone)),
        Channel::InApp | Channel::Push => None,
    }
}

/// Brandname messages and Zalo reach mobile numbers of Vietnam: fixed lines, which begin with 2, have neither, and messages
/// abroad are what swindlers have sent at others' cost.
fn is_mobile(phone: &str) -> bool {
    phone.strip_prefix("+84").is_some_and(|national| !national.starts_with('2'))
}

/// One's own account.
pub async fn own(cx: &Cx, account: Id) -> Result<Account, Internal> {
    let found = songhan_identity::account(&cx.db, account).await?;
    found.ok_or_else(|| Internal::new("the account is gone"))
}
