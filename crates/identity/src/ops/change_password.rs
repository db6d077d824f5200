//! Change password: the present one is asked for, and every other session ends.

use serde_json::json;
use songhan_app::Cx;
use songhan_base::{FieldError, Id, Internal};
use songhan_db::Tx;

use crate::account::{check_password, own_data, wrong};
use crate::events::SessionEnded;
use crate::limits::{Limits, TooMany};
use crate::password::{Unhashed, hash_password, verify_password};
use crate::store;

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("the password was not changed; correct the fields named")]
    Invalid(Vec<FieldError>),
    #[error("too many wrong passwords; try again in {} seconds", .0.0.as_secs() + 1)]
    TooMany(TooMany),
    #[error(transparent)]
    Unhashed(#[from] Unhashed),
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Whether `password` is the account's; each try counts.
pub(crate) async fn prove(cx: &Cx, account: Id, password: &str) -> Result<bool, Rejection> {
    Limits::of(cx).proof(&account.to_string()).map_err(Rejection::TooMany)?;
    let hash = store::password(&cx.db, account).await?;
    Ok(password.len() <= 2048 && verify_password(cx, password, hash.as_ref()).await?)
}

/// Changes the password of `account` (one's own); the session `keep` stays.
pub async fn change_password(cx: &Cx, account: Id, keep: Id, present: &str, new: &str) -> Result<(), Rejection> {
    let found = store::account(&cx.db, account).await?.ok_or_else(|| Internal::new("the account is gone"))?;
    let id = found.citizen_id.as_ref().map_or("", |id| id.as_str());
    let own = own_data(&found.name, id, found.date_of_birth, found.phone.as_deref(), found.email.as_deref());
    let own: Vec<&str> = own.iter().map(String::as_str).collect();
    check_password(cx, "new_password", new, &own).map_err(|error| Rejection::Invalid(vec![error]))?;
    if !prove(cx, account, present).await? {
        return Err(Rejection::Invalid(vec![wrong(cx, "present_password", "password_wrong")]));
    }
    let hash = hash_password(cx, new).await?;
    let mut tx = cx.begin().await?;
    store::set_password(&mut tx, account, &hash).await?;
    end_others(&mut tx, account, keep).await?;
    tx.audit("identity.password_changed", &format!("account:{account}"), json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// Whoever else had got in is out again.
pub(crate) async fn end_others(tx: &mut Tx, account: Id, keep: Id) -> Result<(), Internal> {
    for session in store::end_other_sessions(tx, account, Some(keep)).await? {
        tx.emit(SessionEnded { session, account }).await?;
    }
    Ok(())
}
