//! Proven addresses, and the codes that prove them.

use jiff::Timestamp;
use songhan_base::Id;
use songhan_db::{At, On, Result, Tx, query};

use crate::channel::Channel;

/// The address of this channel that the account has proven.
pub async fn verified<'a>(on: impl Into<On<'a>>, account: Id, channel: Channel) -> Result<Option<String>> {
    let found: Option<(String,)> = query("SELECT address FROM verified_addresses WHERE account = $1 AND channel = $2")
        .bind(account)
        .bind(channel.as_str())
        .fetch_optional(on)
        .await?;
    Ok(found.map(|(address,)| address))
}

pub async fn set_verified(tx: &mut Tx, account: Id, channel: Channel, address: &str) -> Result<()> {
    let now = tx.now();
    query(
        "INSERT INTO verified_addresses (account, channel, address, verified_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (account, channel) DO UPDATE SET address = $3, verified_at = $4",
    )
    .bind(account)
    .bind(channel.as_str())
    .bind(address)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// The other side says that the address is none: it has to be proven again.
pub async fn unverify(tx: &mut Tx, account: Id, channel: Channel, address: &str) -> Result<bool> {
    let rows = query("DELETE FROM verified_addresses WHERE account = $1 AND channel = $2 AND address = $3")
        .bind(account)
        .bind(channel.as_str())
        .bind(address)
        .execute(tx)
        .await?;
    Ok(rows > 0)
}

/// The code that an account was sent last.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CodeRow {
    pub address: String,
    pub hash: String,
    /// Wrong answers.
    pub attempts: i64,
    /// Codes sent since `window_at`.
    pub sent: i64,
    pub window_at: At,
    pub sent_at: At,
    pub expires_at: At,
}

/// For a decision that changes it: locked where several may decide at once.
pub async fn code(tx: &mut Tx, account: Id, channel: Channel) -> Result<Option<CodeRow>> {
    query(
        "SELECT address, hash, attempts, sent, window_at, sent_at, expires_at FROM address_codes
         WHERE account = $1 AND channel = $2 /*pg FOR UPDATE*/",
    )
    .bind(account)
    .bind(channel.as_str())
    .fetch_optional(tx)
    .await
}

/// A new code takes the place of the one before.
pub struct NewCode<'a> {
    pub address: &'a str,
    pub hash: String,
    pub sent: i64,
    pub window_at: Timestamp,
    pub expires_at: Timestamp,
}

pub async fn set_code(tx: &mut Tx, account: Id, channel: Channel, new: NewCode<'_>) -> Result<()> {
    let now = tx.now();
    query(
        "INSERT INTO address_codes
             (account, channel, address, hash, attempts, sent, window_at, sent_at, expires_at)
         VALUES ($1, $2, $3, $4, 0, $5, $6, $7, $8)
         ON CONFLICT (account, channel) DO UPDATE
             SET address = $3, hash = $4, attempts = 0, sent = $5, window_at = $6, sent_at = $7, expires_at = $8",
    )
    .bind(account)
    .bind(channel.as_str())
    .bind(new.address)
    .bind(new.hash)
    .bind(new.sent)
    .bind(new.window_at)
    .bind(now)
    .bind(new.expires_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// Counts a wrong answer.
pub async fn count_attempt(tx: &mut Tx, account: Id, channel: Channel) -> Result<()> {
    query("UPDATE address_codes SET attempts = attempts + 1 WHERE account = $1 AND channel = $2")
        .bind(account)
        .bind(channel.as_str())
        .execute(tx)
        .await?;
    Ok(())
}

/// The code has done its work; that it was sent still counts.
pub async fn use_code(tx: &mut Tx, account: Id, channel: Channel) -> Result<()> {
    query("UPDATE address_codes SET hash = '', expires_at = 0 WHERE account = $1 AND channel = $2")
        .bind(account)
        .bind(channel.as_str())
        .execute(tx)
        .await?;
    Ok(())
}

/// Everything that is held about an account: notices, what was sent, what it wants, its addresses and devices.
pub async fn forget_account(tx: &mut Tx, account: Id) -> Result<()> {
    for sql in [
        "DELETE FROM deliveries WHERE account = $1 OR notice IN (SELECT id FROM notices WHERE account = $1)",
        "DELETE FROM notices WHERE account = $1",
        "DELETE FROM notice_preferences WHERE account = $1",
        "DELETE FROM verified_addresses WHERE account = $1",
        "DELETE FROM address_codes WHERE account = $1",
        "DELETE FROM push_subscriptions WHERE account = $1",
    ] {
        query(sql).bind(account).execute(&mut *tx).await?;
    }
    Ok(())
}
