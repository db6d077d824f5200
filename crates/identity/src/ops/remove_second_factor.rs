//! Remove a second factor: the password and a code are asked for.

use serde_json::json;
use songhan_app::Cx;
use songhan_base::Id;

use crate::account::wrong;
use crate::ops::change_password::{Rejection, prove};
use crate::ops::sign_in::use_code;
use crate::store;

/// Removes the second factor of one's own account.
pub async fn remove(cx: &Cx, account: Id, password: &str, code: &str) -> Result<(), Rejection> {
    if !prove(cx, account, password).await? {
        return Err(Rejection::Invalid(vec![wrong(cx, "password", "password_wrong")]));
    }
    let mut tx = cx.begin().await?;
    if !use_code(&mut tx, cx, account, code).await? {
        return Err(Rejection::Invalid(vec![wrong(cx, "code", "code_wrong")]));
    }
    store::delete_second_factor(&mut tx, account).await?;
    tx.audit("identity.second_factor_removed", &format!("account:{account}"), json!({})).await?;
    tx.commit().await?;
    Ok(())
}
