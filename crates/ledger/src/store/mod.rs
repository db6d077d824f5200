//! All SQL of the ledger. Whoever changes a charge or its payments has taken the charge's row first
//! ([`charges::lock`]): that row is the one lock of everything about it.

pub mod charges;
pub mod closings;
pub mod differences;
pub mod journal;
pub mod orders;
pub mod payments;
pub mod receipts;
pub mod refunds;
pub mod statements;
pub mod transfers;

use songhan_base::Internal;

/// At most one request at a time works on what `name` names.
pub async fn hold(tx: &mut songhan_db::Tx, name: &str) -> Result<(), Internal> {
    use sha2::{Digest, Sha256};
    let hash = Sha256::digest(name.as_bytes());
    let mut key = [0; 8];
    key.copy_from_slice(&hash[..8]);
    tx.lock(i64::from_be_bytes(key)).await
}

/// A word of a column as its type; anything else is a broken row.
fn word<T: std::str::FromStr<Err = String>>(text: &str) -> Result<T, Internal> {
    text.parse().map_err(|error: String| Internal::new(error))
}

/// A JSON column as its type.
fn json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Internal> {
    serde_json::from_str(text).map_err(Internal::new)
}

fn to_json(value: &impl serde::Serialize) -> Result<String, Internal> {
    serde_json::to_string(value).map_err(Internal::new)
}
