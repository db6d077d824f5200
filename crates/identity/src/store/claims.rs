//! Codes that open an account made at a counter.

use jiff::Timestamp;
use songhan_base::Id;
use songhan_db::{Result, Tx, query};

/// Wrong codes after which it counts no longer; another is made at a counter.
const ATTEMPTS_MAX: i64 = 10;

/// Replaces the code.
pub async fn set_claim_code(tx: &mut Tx, account: Id, hash: &str, expires: Timestamp) -> Result<()> {
    let (now, by) = (tx.now(), tx.stamp().actor.clone());
    query(
        "INSERT INTO claim_codes (account, hash, made_by, made_at, expires_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (account) DO UPDATE SET hash = $2, made_by = $3, made_at = $4, expires_at = $5, attempts = 0",
    )
    .bind(account)
    .bind(hash)
    .bind(by)
    .bind(now)
    .bind(expires)
    .execute(tx)
    .await?;
    Ok(())
}

/// Uses the code up; `false` when it is wrong, too old or was tried too often. A wrong one is counted.
pub async fn use_claim_code(tx: &mut Tx, account: Id, hash: &str) -> Result<bool> {
    let now = tx.now();
    let rows = query("DELETE FROM claim_codes WHERE account = $1 AND hash = $2 AND expires_at > $3 AND attempts < $4")
        .bind(account)
        .bind(hash)
        .bind(now)
        .bind(ATTEMPTS_MAX)
        .execute(&mut *tx)
        .await?;
    if rows == 0 {
        query("UPDATE claim_codes SET attempts = attempts + 1 WHERE account = $1").bind(account).execute(tx).await?;
    }
    Ok(rows == 1)
}
