//! All SQL of the imported catalogue.

use std::collections::HashMap;

use jiff::civil::Date;
use songhan_base::{Id, Internal};
use songhan_city::City;
use songhan_db::{At, Db, Tx, query};

use super::{Change, Version, build};
use crate::procedure::Procedure;

/// A version as its row holds it.
#[derive(Debug, sqlx::FromRow)]
pub struct Row {
    version: String,
    number: i64,
    valid_from: String,
    valid_until: Option<String>,
    content: String,
}

impl Row {
    pub fn into_procedure(self, city: &City) -> Result<Procedure, Internal> {
        let reading = serde_json::from_str(&self.content).map_err(Internal::new)?;
        let day = |text: &str| text.parse::<Date>().map_err(Internal::new);
        let (since, until) = (day(&self.valid_from)?, self.valid_until.as_deref().map(day).transpose()?);
        let version = Version { reading, name: self.version, number: self.number, since, until };
        Ok(build(version, city))
    }
}

/// The versions in force.
pub async fn current(db: &Db) -> Result<Vec<Row>, Internal> {
    query(
        "SELECT version, number, valid_from, valid_until, content FROM procedure_versions
         WHERE valid_until IS NULL ORDER BY code",
    )
    .fetch_all(db)
    .await
}

/// One version; the latest, where a later one became the same again.
pub async fn version(db: &Db, code: &str, version: &str) -> Result<Option<Row>, Internal> {
    query(
        "SELECT version, number, valid_from, valid_until, content FROM procedure_versions
         WHERE code = $1 AND version = $2 ORDER BY number DESC LIMIT 1",
    )
    .bind(code)
    .bind(version)
    .fetch_optional(db)
    .await
}

/// What is known of the version in force, to compare.
#[derive(Debug, sqlx::FromRow)]
pub struct Known {
    pub code: String,
    pub number: i64,
    pub digest: String,
}

/// The versions in force by their code, in the transaction that may replace them.
pub async fn known(tx: &mut Tx) -> Result<HashMap<String, Known>, Internal> {
    let rows: Vec<Known> =
        query("SELECT code, number, digest FROM procedure_versions WHERE valid_until IS NULL").fetch_all(tx).await?;
    Ok(rows.into_iter().map(|row| (row.code.clone(), row)).collect())
}

pub async fn content(tx: &mut Tx, code: &str, number: i64) -> Result<String, Internal> {
    let (content,): (String,) = query("SELECT content FROM procedure_versions WHERE code = $1 AND number = $2")
        .bind(code)
        .bind(number)
        .fetch_one(tx)
        .await?;
    Ok(content)
}

pub async fn insert_import(tx: &mut Tx, id: Id, file_digest: &str, new: usize, changed: usize) -> Result<(), Internal> {
    let now = tx.now();
    query(
        "INSERT INTO catalogue_imports (id, at, file_digest, procedures_new, procedures_changed)
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(id)
    .bind(now)
    .bind(file_digest)
    .bind(new as i64)
    .bind(changed as i64)
    .execute(tx)
    .await?;
    Ok(())
}

/// A version to be kept.
#[derive(Debug)]
pub struct New<'a> {
    pub code: &'a str,
    pub number: i64,
    pub digest: &'a str,
    pub line_digest: &'a str,
    pub title: &'a str,
    pub since: Date,
    pub kind: &'static str,
    pub content: &'a str,
    pub changes: &'a [Change],
    pub import: Id,
}

/// Digits of the digest that name a version, as of declared procedures.
pub const VERSION_DIGITS: usize = 16;

/// Ends the version before, where there is one, and begins this one.
pub async fn insert(tx: &mut Tx, new: New<'_>) -> Result<(), Internal> {
    let now = tx.now();
    let since = new.since.to_string();
    if new.number > 1 {
        query("UPDATE procedure_versions SET valid_until = $2 WHERE code = $1 AND valid_until IS NULL")
            .bind(new.code)
            .bind(&since)
            .execute(&mut *tx)
            .await?;
    }
    let changes = serde_json::to_string(new.changes).map_err(Internal::new)?;
    query(
        "INSERT INTO procedure_versions (code, number, version, digest, line_digest, title, valid_from, kind, content,
             changes, import, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(new.code)
    .bind(new.number)
    .bind(&new.digest[..VERSION_DIGITS.min(new.digest.len())])
    .bind(new.digest)
    .bind(new.line_digest)
    .bind(new.title)
    .bind(since)
    .bind(new.kind)
    .bind(new.content)
    .bind(changes)
    .bind(new.import)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// An entry of «Có gì thay đổi».
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Entry {
    pub code: String,
    pub number: i64,
    pub version: String,
    pub title: String,
    pub valid_from: String,
    pub kind: String,
    changes: String,
    pub at: At,
}

impl Entry {
    pub fn changes(&self) -> Vec<Change> {
        serde_json::from_str(&self.changes).unwrap_or_default()
    }

    pub fn cursor(&self) -> Cursor {
        Cursor { at: self.at, code: self.code.clone() }
    }
}

/// Where a list goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    at: At,
    code: String,
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.at.0.as_microsecond(), self.code)
    }
}

impl std::str::FromStr for Cursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (at, code) = text.split_once('-').ok_or(())?;
        let at = at.parse().ok().and_then(|micros| jiff::Timestamp::from_microsecond(micros).ok()).ok_or(())?;
        Ok(Self { at: At(at), code: code.chars().take(40).collect() })
    }
}

/// What imports changed, the newest first; what the very first one brought is no change.
pub async fn changes(db: &Db, after: Option<&Cursor>, limit: usize) -> Result<Vec<Entry>, Internal> {
    let limit = limit as i64;
    let Some(after) = after else {
        return query(
            "SELECT code, number, version, title, valid_from, kind, changes, at FROM procedure_versions
             WHERE kind <> 'first' ORDER BY at DESC, code DESC LIMIT $1",
        )
        .bind(limit)
        .fetch_all(db)
        .await;
    };
    query(
        "SELECT code, number, version, title, valid_from, kind, changes, at FROM procedure_versions
         WHERE kind <> 'first' AND (at, code) < ($1, $2) ORDER BY at DESC, code DESC LIMIT $3",
    )
    .bind(after.at)
    .bind(&after.code)
    .bind(limit)
    .fetch_all(db)
    .await
}

/// All versions of a procedure, the newest first.
pub async fn history(db: &Db, code: &str) -> Result<Vec<Entry>, Internal> {
    query(
        "SELECT code, number, version, title, valid_from, kind, changes, at FROM procedure_versions
         WHERE code = $1 ORDER BY number DESC",
    )
    .bind(code)
    .fetch_all(db)
    .await
}
