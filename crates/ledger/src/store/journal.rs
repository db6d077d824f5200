//! The journal: entries are added, never changed.

use serde_json::json;
use songhan_base::{Env, Internal};
use songhan_db::{On, Tx, query};

use crate::journal::{AccountBalance, Entry};

/// Books an entry; `false` when its reference is booked already, and then nothing is done.
pub async fn post(tx: &mut Tx, env: &Env, entry: &Entry) -> Result<bool, Internal> {
    let (id, now) = (env.id(), tx.now());
    let added = query(
        "INSERT INTO ledger_entries (id, reference, subject, memo, posted_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (reference) DO NOTHING",
    )
    .bind(id)
    .bind(&entry.reference)
    .bind(&entry.subject)
    .bind(entry.memo)
    .bind(now)
    .execute(&mut *tx)
    .await?;
    if added == 0 {
        return Ok(false);
    }
    // In one order in every transaction, so that two never wait for each other.
    let mut accounts: Vec<_> = entry.postings().iter().map(|(account, _)| account).collect();
    accounts.sort();
    accounts.dedup();
    for account in accounts {
        let (code, kind) = (account.code(), account.kind().as_str());
        query("INSERT INTO ledger_accounts (code, kind, unit) VALUES ($1, $2, $3) ON CONFLICT (code) DO NOTHING")
            .bind(code)
            .bind(kind)
            .bind(account.unit())
            .execute(&mut *tx)
            .await?;
    }
    let postings = entry.postings().iter().enumerate();
    let postings: Vec<_> = postings
        .map(|(at, (account, amount))| json!({ "line": at, "account": account.code(), "amount": amount }))
        .collect();
    query(
        "INSERT INTO ledger_postings (entry, line, account, amount)
         SELECT $1, CAST(value ->> 'line' AS BIGINT), value ->> 'account', CAST(value ->> 'amount' AS BIGINT)
         FROM json_each($2)",
    )
    .bind(id)
    .bind(serde_json::Value::Array(postings))
    .execute(tx)
    .await?;
    Ok(true)
}

/// Every account with what was posted to it, by code.
pub async fn trial_balance<'a>(on: impl Into<On<'a>>) -> Result<Vec<AccountBalance>, Internal> {
    query(
        "SELECT a.code AS account, a.kind, a.unit,
             CAST(coalesce(sum(CASE WHEN p.amount > 0 THEN p.amount ELSE 0 END), 0) AS BIGINT) AS debit,
             CAST(coalesce(sum(CASE WHEN p.amount < 0 THEN -p.amount ELSE 0 END), 0) AS BIGINT) AS credit
         FROM ledger_accounts a LEFT JOIN ledger_postings p ON p.account = a.code
         GROUP BY a.code, a.kind, a.unit ORDER BY a.code",
    )
    .fetch_all(on)
    .await
}

/// Entries whose postings do not add up to zero: there is none, or someone has been at the database.
pub async fn unbalanced<'a>(on: impl Into<On<'a>>) -> Result<i64, Internal> {
    let (count,): (i64,) = query(
        "SELECT count(*) FROM (
             SELECT e.id FROM ledger_entries e LEFT JOIN ledger_postings p ON p.entry = e.id
             GROUP BY e.id HAVING coalesce(sum(p.amount), 0) <> 0 OR count(p.line) < 2) broken",
    )
    .fetch_one(on)
    .await?;
    Ok(count)
}
