//! Numbers without gap or double.

use crate::{Result, Tx, query};

/// The next number of the counter `name`, beginning at 1. A rolled-back transaction gives its number back, because the
/// counter's row stays locked until the end of the transaction: take it late, one counter a transaction if possible.
pub async fn next_number(tx: &mut Tx, name: &str) -> Result<i64> {
    let (value,): (i64,) = query(
        "INSERT INTO counters (name, value) VALUES ($1, 1)
         ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value",
    )
    .bind(name)
    .fetch_one(tx)
    .await?;
    Ok(value)
}

/// Takes `count` numbers of a counter at once and answers the first of them.
pub async fn next_numbers(tx: &mut Tx, name: &str, count: u32) -> Result<i64> {
    let (value,): (i64,) = query(
        "INSERT INTO counters (name, value) VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET value = counters.value + $2 RETURNING value",
    )
    .bind(name)
    .bind(count)
    .fetch_one(tx)
    .await?;
    Ok(value - i64::from(count) + 1)
}
