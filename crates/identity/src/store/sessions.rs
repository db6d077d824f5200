//! Sessions and half sign-ins.

use jiff::Timestamp;
use jiff::civil::Date;
use songhan_base::{Grant, Id, Role};
use songhan_db::{At, Db, On, Result, Tx, query};

use crate::session::SessionKind;

/// A session as its owner sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SessionRow {
    pub id: Id,
    pub kind: String,
    pub name: String,
    pub address: Option<String>,
    pub second_factor: bool,
    pub created_at: At,
    pub seen_at: At,
    pub expires_at: At,
}

/// A session to be written.
pub struct NewSession<'a> {
    pub id: Id,
    pub hash: &'a str,
    pub account: Id,
    pub kind: SessionKind,
    pub name: &'a str,
    pub address: Option<&'a str>,
    pub second_factor: bool,
    pub expires_at: Timestamp,
}

pub async fn insert_session(tx: &mut Tx, new: NewSession<'_>) -> Result<()> {
    let now = tx.now();
    query(
        "INSERT INTO sessions (id, hash, account, kind, name, address, second_factor, created_at, seen_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)",
    )
    .bind(new.id)
    .bind(new.hash)
    .bind(new.account)
    .bind(new.kind.as_str())
    .bind(new.name)
    .bind(new.address)
    .bind(new.second_factor)
    .bind(now)
    .bind(new.expires_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// What a request's secret tells: the session, its account and the grants in force.
pub struct Known {
    pub session: Id,
    pub kind: SessionKind,
    pub second_factor: bool,
    pub created_at: At,
    pub seen_at: At,
    pub account: Id,
    pub name: String,
    pub grants: Vec<Grant>,
}

/// Who has the session with this hash; one query for every request of someone signed in.
pub async fn known(db: &Db, hash: &str, now: Timestamp, today: Date) -> Result<Option<Known>> {
    #[derive(sqlx::FromRow)]
    struct Row {
        session: Id,
        kind: String,
        second_factor: bool,
        created_at: At,
        seen_at: At,
        account: Id,
        name: String,
        role: Option<Role>,
        unit: Option<String>,
    }
    let rows: Vec<Row> = query(
        "SELECT s.id AS session, s.kind, s.second_factor, s.created_at, s.seen_at, a.id AS account, a.name, g.role, g.unit
         FROM sessions s JOIN accounts a ON a.id = s.account
         LEFT JOIN grants g ON g.account = a.id AND g.ended_at IS NULL AND g.from_day <= $3
             AND (g.until_day IS NULL OR g.until_day >= $3)
         WHERE s.hash = $1 AND s.ended_at IS NULL AND s.expires_at > $2 AND a.closed_at IS NULL",
    )
    .bind(hash)
    .bind(now)
    .bind(today.to_string())
    .fetch_all(db)
    .await?;
    let grants = rows.iter().filter_map(|row| Some(Grant { role: row.role?, unit: row.unit.clone() })).collect();
    Ok(rows.into_iter().next().map(|row| Known {
        session: row.session,
        kind: SessionKind::read(&row.kind),
        second_factor: row.second_factor,
        created_at: row.created_at,
        seen_at: row.seen_at,
        account: row.account,
        name: row.name,
        grants,
    }))
}

/// Notes that a session was used, if nobody has since `before`; moves its end where `expires` is given.
pub async fn touch(
    tx: &mut Tx,
    session: Id,
    now: Timestamp,
    before: Timestamp,
    expires: Option<Timestamp>,
) -> Result<()> {
    let sql = "UPDATE sessions SET seen_at = $2, expires_at = COALESCE($4, expires_at)
               WHERE id = $1 AND seen_at <= $3 AND ended_at IS NULL";
    query(sql).bind(session).bind(now).bind(before).bind(expires).execute(tx).await?;
    Ok(())
}

/// The living sessions of an account, the latest used first.
pub async fn sessions_of<'a>(on: impl Into<On<'a>>, account: Id, now: Timestamp) -> Result<Vec<SessionRow>> {
    query(
        "SELECT id, kind, name, address, second_factor, created_at, seen_at, expires_at FROM sessions
         WHERE account = $1 AND ended_at IS NULL AND expires_at > $2 ORDER BY seen_at DESC, id DESC LIMIT 200",
    )
    .bind(account)
    .bind(now)
    .fetch_all(on)
    .await
}

/// Ends one session of an account; `false` when it is none of its living ones.
pub async fn end_session(tx: &mut Tx, account: Id, session: Id) -> Result<bool> {
    let now = tx.now();
    let rows = query("UPDATE sessions SET ended_at = $3 WHERE id = $1 AND account = $2 AND ended_at IS NULL")
        .bind(session)
        .bind(account)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(rows == 1)
}

/// Ends all sessions of an account but one; answers which.
pub async fn end_other_sessions(tx: &mut Tx, account: Id, keep: Option<Id>) -> Result<Vec<Id>> {
    let now = tx.now();
    let ended: Vec<(Id,)> = query(
        "UPDATE sessions SET ended_at = $3 WHERE account = $1 AND ended_at IS NULL AND expires_at > $3
             AND ($2 IS NULL OR id <> $2) RETURNING id",
    )
    .bind(account)
    .bind(keep)
    .bind(now)
    .fetch_all(tx)
    .await?;
    Ok(ended.into_iter().map(|(id,)| id).collect())
}

/// The session with this hash, living or not, for signing out.
pub async fn session_by_hash(tx: &mut Tx, hash: &str) -> Result<Option<(Id, Id)>> {
    query("SELECT id, account FROM sessions WHERE hash = $1").bind(hash).fetch_optional(tx).await
}

/// Sessions that ended or expired before `before` are forgotten, half sign-ins that expired before `now` too.
pub async fn sweep(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    let now = tx.now();
    query("DELETE FROM half_sign_ins WHERE expires_at < $1").bind(now).execute(&mut *tx).await?;
    query("DELETE FROM sessions WHERE expires_at < $1 OR ended_at < $1").bind(before).execute(tx).await
}

pub async fn insert_half(tx: &mut Tx, hash: &str, account: Id, expires: Timestamp) -> Result<()> {
    query("INSERT INTO half_sign_ins (hash, account, expires_at) VALUES ($1, $2, $3)")
        .bind(hash)
        .bind(account)
        .bind(expires)
        .execute(tx)
        .await?;
    Ok(())
}

/// Takes one of the attempts of a half sign-in; `None` when it is unknown, expired or used up.
pub async fn try_half(tx: &mut Tx, hash: &str, attempts_max: i64) -> Result<Option<Id>> {
    let now = tx.now();
    let row: Option<(Id,)> = query(
        "UPDATE half_sign_ins SET attempts = attempts + 1 WHERE hash = $1 AND expires_at > $2 AND attempts < $3
         RETURNING account",
    )
    .bind(hash)
    .bind(now)
    .bind(attempts_max)
    .fetch_optional(tx)
    .await?;
    Ok(row.map(|(id,)| id))
}

pub async fn delete_half(tx: &mut Tx, hash: &str) -> Result<()> {
    query("DELETE FROM half_sign_ins WHERE hash = $1").bind(hash).execute(tx).await?;
    Ok(())
}
