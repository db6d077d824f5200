//! Codes of the second factor.

use songhan_base::Id;
use songhan_db::{At, On, Result, Tx, query};

/// The second factor of an account.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SecondFactor {
    pub secret: String,
    /// Missing while it is only offered.
    pub confirmed_at: Option<At>,
}

pub async fn second_factor<'a>(on: impl Into<On<'a>>, account: Id) -> Result<Option<SecondFactor>> {
    query("SELECT secret, confirmed_at FROM totp WHERE account = $1").bind(account).fetch_optional(on).await
}

/// Offers a new secret; one that is confirmed stays as it is. `false` when it did.
pub async fn offer_second_factor(tx: &mut Tx, account: Id, secret: &str) -> Result<bool> {
    let now = tx.now();
    let rows = query(
        "INSERT INTO totp (account, secret, created_at) VALUES ($1, $2, $3)
         ON CONFLICT (account) DO UPDATE SET secret = $2, created_at = $3, last_step = 0 WHERE totp.confirmed_at IS NULL",
    )
    .bind(account)
    .bind(secret)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(rows == 1)
}

/// Uses up a step; `false` when it, or a later one, was used before.
pub async fn use_step(tx: &mut Tx, account: Id, step: i64) -> Result<bool> {
    let rows = query("UPDATE totp SET last_step = $2 WHERE account = $1 AND last_step < $2")
        .bind(account)
        .bind(step)
        .execute(tx)
        .await?;
    Ok(rows == 1)
}

pub async fn confirm_second_factor(tx: &mut Tx, account: Id) -> Result<()> {
    let now = tx.now();
    query("UPDATE totp SET confirmed_at = $2 WHERE account = $1").bind(account).bind(now).execute(tx).await?;
    Ok(())
}

pub async fn delete_second_factor(tx: &mut Tx, account: Id) -> Result<()> {
    query("DELETE FROM recovery_codes WHERE account = $1").bind(account).execute(&mut *tx).await?;
    query("DELETE FROM totp WHERE account = $1").bind(account).execute(tx).await?;
    Ok(())
}

/// Replaces the recovery codes.
pub async fn set_recovery_codes(tx: &mut Tx, account: Id, hashes: &[String]) -> Result<()> {
    query("DELETE FROM recovery_codes WHERE account = $1").bind(account).execute(&mut *tx).await?;
    for hash in hashes {
        query("INSERT INTO recovery_codes (account, hash) VALUES ($1, $2)")
            .bind(account)
            .bind(hash)
            .execute(&mut *tx)
            .await?;
    }
    Ok(())
}

/// Uses up a recovery code; `false` when it is none, or was used.
pub async fn use_recovery_code(tx: &mut Tx, account: Id, hash: &str) -> Result<bool> {
    let now = tx.now();
    let rows = query("UPDATE recovery_codes SET used_at = $3 WHERE account = $1 AND hash = $2 AND used_at IS NULL")
        .bind(account)
        .bind(hash)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(rows == 1)
}

/// Recovery codes that are left.
pub async fn recovery_codes_left<'a>(on: impl Into<On<'a>>, account: Id) -> Result<i64> {
    let (n,): (i64,) = query("SELECT count(*) FROM recovery_codes WHERE account = $1 AND used_at IS NULL")
        .bind(account)
        .fetch_one(on)
        .await?;
    Ok(n)
}

/// The session has shown its second factor.
pub async fn strengthen_session(tx: &mut Tx, session: Id) -> Result<()> {
    query("UPDATE sessions SET second_factor = TRUE WHERE id = $1").bind(session).execute(tx).await?;
    Ok(())
}

/// Secrets that are not sealed yet.
pub async fn plain_secrets(tx: &mut Tx, limit: i64) -> Result<Vec<(Id, String)>> {
    query("SELECT account, secret FROM totp WHERE secret NOT LIKE 's1:%' LIMIT $1").bind(limit).fetch_all(tx).await
}

/// Keeps a secret in another form, unless another secret has taken its place.
pub async fn replace_secret(tx: &mut Tx, account: Id, from: &str, to: &str) -> Result<()> {
    query("UPDATE totp SET secret = $3 WHERE account = $1 AND secret = $2")
        .bind(account)
        .bind(from)
        .bind(to)
        .execute(tx)
        .await?;
    Ok(())
}
