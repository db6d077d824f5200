//! All SQL of drafts. Every statement names the owner: nobody else's draft is there.

use jiff::Timestamp;
use songhan_base::Id;
use songhan_db::{Db, Result, Tx, query};

use crate::drafts::Draft;

pub async fn insert(tx: &mut Tx, draft: &Draft) -> Result<()> {
    query(
        "INSERT INTO drafts (id, account, form, form_version, purpose, answers, at_screen, version, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)",
    )
    .bind(draft.id)
    .bind(draft.account)
    .bind(&draft.form)
    .bind(&draft.form_version)
    .bind(&draft.purpose)
    .bind(draft.answers().to_json())
    .bind(&draft.at_screen)
    .bind(draft.version)
    .bind(draft.created_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// Writes what changed; 0 rows when the draft is not there or has another version.
pub async fn update(tx: &mut Tx, draft: &Draft, expected: i64) -> Result<u64> {
    query(
        "UPDATE drafts SET answers = $4, at_screen = $5, form_version = $6, version = version + 1, updated_at = $7
         WHERE id = $1 AND account = $2 AND version = $3",
    )
    .bind(draft.id)
    .bind(draft.account)
    .bind(expected)
    .bind(draft.answers().to_json())
    .bind(&draft.at_screen)
    .bind(&draft.form_version)
    .bind(draft.updated_at)
    .execute(tx)
    .await
}

const ONE: &str = "SELECT id, account, form, form_version, purpose, answers, at_screen, version, created_at, updated_at
     FROM drafts WHERE id = $1 AND account = $2";

pub async fn find(db: &Db, account: Id, id: Id) -> Result<Option<Draft>> {
    query(ONE).bind(id).bind(account).fetch_optional(db).await
}

pub async fn find_in(tx: &mut Tx, account: Id, id: Id) -> Result<Option<Draft>> {
    query(ONE).bind(id).bind(account).fetch_optional(tx).await
}

pub async fn of_account(db: &Db, account: Id) -> Result<Vec<Draft>> {
    query(
        "SELECT id, account, form, form_version, purpose, answers, at_screen, version, created_at, updated_at
         FROM drafts WHERE account = $1 ORDER BY updated_at DESC, id DESC",
    )
    .bind(account)
    .fetch_all(db)
    .await
}

pub async fn latest(db: &Db, account: Id, purpose: &str) -> Result<Option<Draft>> {
    query(
        "SELECT id, account, form, form_version, purpose, answers, at_screen, version, created_at, updated_at
         FROM drafts WHERE account = $1 AND purpose = $2 ORDER BY updated_at DESC, id DESC LIMIT 1",
    )
    .bind(account)
    .bind(purpose)
    .fetch_optional(db)
    .await
}

pub async fn count(tx: &mut Tx, account: Id) -> Result<i64> {
    let (count,): (i64,) = query("SELECT count(*) FROM drafts WHERE account = $1").bind(account).fetch_one(tx).await?;
    Ok(count)
}

pub async fn delete(tx: &mut Tx, account: Id, id: Id) -> Result<u64> {
    query("DELETE FROM drafts WHERE id = $1 AND account = $2").bind(id).bind(account).execute(tx).await
}

/// Deletes at most `limit` drafts that nobody touched since `before`.
pub async fn delete_old(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64> {
    query("DELETE FROM drafts WHERE id IN (SELECT id FROM drafts WHERE updated_at < $1 ORDER BY updated_at LIMIT $2)")
        .bind(before)
        .bind(limit)
        .execute(tx)
        .await
}

/// Deletes all drafts of an account.
pub async fn delete_all(tx: &mut Tx, account: Id) -> Result<u64> {
    query("DELETE FROM drafts WHERE account = $1").bind(account).execute(tx).await
}
