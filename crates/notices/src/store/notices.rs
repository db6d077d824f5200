//! Notices.

use jiff::Timestamp;
use songhan_base::{Id, Internal};
use songhan_db::{At, Db, On, Result, Tx, query, query_dyn};

use crate::args::Args;
use crate::notice::New;

const COLUMNS: &str = "id, account, kind, subject, args, link, created_at, read_at";

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct NoticeRow {
    pub id: Id,
    pub account: Id,
    pub kind: String,
    pub subject: String,
    args: String,
    pub link: Option<String>,
    pub created_at: At,
    pub read_at: Option<At>,
}

impl NoticeRow {
    /// Arguments that a newer or older program wrote otherwise are left out rather than lose the notice.
    pub fn args(&self) -> Args {
        serde_json::from_str(&self.args).unwrap_or_default()
    }
}

pub async fn insert_notice(tx: &mut Tx, id: Id, account: Id, new: &New) -> Result<()> {
    let now = tx.now();
    query(
        "INSERT INTO notices (id, account, kind, subject, args, link, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id)
    .bind(account)
    .bind(new.kind)
    .bind(&new.subject)
    .bind(serde_json::to_string(&new.args).map_err(Internal::new)?)
    .bind(new.link.as_deref())
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// An account's notices before `before`, the latest first.
pub async fn notices_of<'a>(
    on: impl Into<On<'a>>,
    account: Id,
    before: Option<Id>,
    limit: i64,
) -> Result<Vec<NoticeRow>> {
    query_dyn(format!(
        "SELECT {COLUMNS} FROM notices WHERE account = $1 AND ($2 IS NULL OR id < $2) ORDER BY id DESC LIMIT $3"
    ))
    .bind(account)
    .bind(before)
    .bind(limit)
    .fetch_all(on)
    .await
}

pub async fn notice<'a>(on: impl Into<On<'a>>, id: Id) -> Result<Option<NoticeRow>> {
    query_dyn(format!("SELECT {COLUMNS} FROM notices WHERE id = $1")).bind(id).fetch_optional(on).await
}

/// How many an account has not read, counted up to 100: every page asks.
pub async fn unread(db: &Db, account: Id) -> Result<i64> {
    let (n,): (i64,) = query(
        "SELECT count(*) FROM (SELECT 1 FROM notices WHERE account = $1 AND read_at IS NULL LIMIT 100) AS counted",
    )
    .bind(account)
    .fetch_one(db)
    .await?;
    Ok(n)
}

/// Marks one of an account's notices, or all of them, as read. The first reading counts.
pub async fn mark_read(tx: &mut Tx, account: Id, id: Option<Id>) -> Result<()> {
    let now = tx.now();
    query("UPDATE notices SET read_at = $3 WHERE account = $1 AND ($2 IS NULL OR id = $2) AND read_at IS NULL")
        .bind(account)
        .bind(id)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// Forgets notices from before `before`, with their deliveries.
pub async fn sweep(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    query("DELETE FROM deliveries WHERE notice IN (SELECT id FROM notices WHERE created_at < $1)")
        .bind(before)
        .execute(&mut *tx)
        .await?;
    query("DELETE FROM deliveries WHERE notice IS NULL AND created_at < $1").bind(before).execute(&mut *tx).await?;
    query("DELETE FROM notices WHERE created_at < $1").bind(before).execute(tx).await
}
