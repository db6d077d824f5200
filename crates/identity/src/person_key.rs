//! A key for each person, by which personal parts of the audit log are sealed. Destroying it at the end of the data's time
//! leaves every row of the log as it was, so that the chain still holds, and nobody can read those parts any more.

use serde_json::Value;
use songhan_app::App;
use songhan_base::{Id, Internal};
use songhan_db::{On, Tx};

use crate::custody::{Key, master};
use crate::store;

fn bound(account: Id) -> String {
    format!("person:{account}")
}

/// The key that `wrapped` holds.
fn unwrap(app: &App, account: Id, wrapped: &str) -> Result<Key, Internal> {
    let bytes = master(app)?.open(&bound(account), wrapped);
    let bytes = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    let told = "a person's key cannot be opened: keys/kek is not the one it was sealed with; bring that back";
    Key::new(&bytes.ok_or_else(|| Internal::new(told))?)
}

/// Seals personal data for the `detail` of an audit entry about `account`: `json!({ "sealed": seal_personal(…) })`. Of
/// someone whose key was destroyed nothing is kept: the answer is empty.
pub async fn seal_personal(tx: &mut Tx, app: &App, account: Id, personal: &Value) -> Result<String, Internal> {
    let mut known = store::person_key(&mut *tx, account).await?;
    if known.is_none() {
        let fresh = master(app)?.seal(&app.env, &bound(account), &app.env.random::<32>())?;
        store::insert_person_key(tx, account, &fresh).await?;
        // Somebody else may have been first.
        known = store::person_key(&mut *tx, account).await?;
    }
    let wrapped = known.ok_or_else(|| Internal::new("a person's key is gone"))?;
    let Some(wrapped) = wrapped else { return Ok(String::new()) };
    let key = unwrap(app, account, &wrapped)?;
    key.seal(&app.env, &bound(account), personal.to_string().as_bytes())
}

/// What was sealed about `account`; `None` once their key is destroyed.
pub async fn open_personal<'a>(
    on: impl Into<On<'a>>,
    app: &App,
    account: Id,
    sealed: &str,
) -> Result<Option<Value>, Internal> {
    let Some(Some(wrapped)) = store::person_key(on, account).await? else { return Ok(None) };
    let plain = unwrap(app, account, &wrapped)?.open(&bound(account), sealed);
    Ok(plain.and_then(|plain| serde_json::from_slice(&plain).ok()))
}
