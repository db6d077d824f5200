//! Secrets of the second factor, sealed by the master key. What was kept before there was one is sealed bit by bit.

use songhan_app::{App, Cx};
use songhan_base::{Id, Internal};

use crate::custody::{is_sealed, master};
use crate::store;

/// Secrets that are sealed at a time.
const BATCH: i64 = 200;

fn bound(account: Id) -> String {
    format!("totp:{account}")
}

/// A secret as it is kept.
pub fn seal(app: &App, account: Id, secret: &str) -> Result<String, Internal> {
    master(app)?.seal(&app.env, &bound(account), secret.as_bytes())
}

/// The secret that is kept as `kept`.
pub fn open(app: &App, account: Id, kept: &str) -> Result<String, Internal> {
    if !is_sealed(kept) {
        return Ok(kept.to_owned());
    }
    let plain = master(app)?.open(&bound(account), kept).and_then(|plain| String::from_utf8(plain).ok());
    let told = "a second factor cannot be opened: keys/kek is not the one it was sealed with; bring that back";
    plain.ok_or_else(|| Internal::new(told))
}

/// Seals what an earlier release kept plain.
pub async fn seal_old(cx: Cx) -> Result<(), Internal> {
    let mut tx = cx.begin().await?;
    for (account, secret) in store::plain_secrets(&mut tx, BATCH).await? {
        let sealed = seal(&cx, account, &secret)?;
        store::replace_secret(&mut tx, account, &secret, &sealed).await?;
    }
    tx.commit().await
}
