//! Imports: what a layer consisted of from one to the next, and what each of them found.

use jiff::Timestamp;
use songhan_base::Internal;
use songhan_db::{At, Db, Rows, Tx, Val, query};

/// Lần nạp.
pub struct NewBase<'a> {
    pub number: i64,
    pub layer: &'a str,
    pub file: &'a str,
    pub format: &'a str,
    pub crs: &'a str,
    pub made_by: &'a str,
    pub made_at: Timestamp,
    pub reason: &'a str,
}

/// What one import has come to so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub read: i64,
    pub kept: i64,
    pub repaired: i64,
    pub refused: i64,
}

/// What was repaired or refused.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Trouble {
    pub position: i64,
    pub refused: bool,
    pub name: Option<String>,
    pub what: String,
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let became = if self.refused { "refused" } else { "repaired" };
        let name = self.name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
        write!(f, "feature {}{name} {became}: {}", self.position, self.what)
    }
}

pub async fn begin(tx: &mut Tx, base: &NewBase<'_>) -> Result<(), Internal> {
    query(
        "INSERT INTO map_bases (number, layer, state, file, format, crs, made_by, made_at, reason)
         VALUES ($1, $2, 'filling', $3, $4, $5, $6, $7, $8)",
    )
    .bind(base.number)
    .bind(base.layer)
    .bind(base.file)
    .bind(base.format)
    .bind(base.crs)
    .bind(base.made_by)
    .bind(base.made_at)
    .bind(base.reason)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn count(tx: &mut Tx, base: i64, counts: Counts) -> Result<(), Internal> {
    query("UPDATE map_bases SET read = $2, kept = $3, repaired = $4, refused = $5 WHERE number = $1")
        .bind(base)
        .bind(counts.read)
        .bind(counts.kept)
        .bind(counts.repaired)
        .bind(counts.refused)
        .execute(tx)
        .await?;
    Ok(())
}

/// Puts a base in the place of the layer's one before.
pub async fn turn(tx: &mut Tx, layer: &str, base: i64, at: Timestamp) -> Result<(), Internal> {
    query("UPDATE map_bases SET state = 'past', valid_to = $2 WHERE layer = $1 AND state = 'current'")
        .bind(layer)
        .bind(at)
        .execute(&mut *tx)
        .await?;
    query("UPDATE map_bases SET state = 'current', valid_from = $2 WHERE number = $1")
        .bind(base)
        .bind(at)
        .execute(tx)
        .await?;
    Ok(())
}

/// What the layer consisted of at a moment.
pub async fn at(db: &Db, layer: &str, moment: Timestamp) -> Result<Option<i64>, Internal> {
    let found: Option<(i64,)> = query(
        "SELECT number FROM map_bases WHERE layer = $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2)
         ORDER BY valid_from DESC LIMIT 1",
    )
    .bind(layer)
    .bind(moment)
    .fetch_optional(db)
    .await?;
    Ok(found.map(|(number,)| number))
}

pub async fn troubles(tx: &mut Tx, base: i64, troubles: &[Trouble]) -> Result<(), Internal> {
    let mut rows = Rows::of("map_troubles (base, position, refused, name, what)");
    for trouble in troubles {
        rows.add([
            Val::from(base),
            trouble.position.into(),
            trouble.refused.into(),
            trouble.name.as_deref().into(),
            trouble.what.as_str().into(),
        ]);
    }
    rows.insert(tx).await
}

pub async fn troubles_of(db: &Db, base: i64, after: i64, limit: i64) -> Result<Vec<Trouble>, Internal> {
    query(
        "SELECT position, refused, name, what FROM map_troubles WHERE base = $1 AND position > $2
         ORDER BY position LIMIT $3",
    )
    .bind(base)
    .bind(after)
    .bind(limit)
    .fetch_all(db)
    .await
}

/// Bases that were being filled when their process ended, made before a moment.
pub async fn left_behind(db: &Db, before: Timestamp) -> Result<Vec<i64>, Internal> {
    let found: Vec<(i64,)> = query("SELECT number FROM map_bases WHERE state = 'filling' AND made_at < $1")
        .bind(before)
        .fetch_all(db)
        .await?;
    Ok(found.into_iter().map(|(number,)| number).collect())
}

/// Takes some rows of a base that never became current away; `false` once nothing is left of it.
pub async fn sweep(tx: &mut Tx, base: i64, limit: i64) -> Result<bool, Internal> {
    let gone = query(
        "DELETE FROM map_features WHERE base = $1 AND feature IN
             (SELECT feature FROM map_features WHERE base = $1 ORDER BY feature LIMIT $2)",
    )
    .bind(base)
    .bind(limit)
    .execute(&mut *tx)
    .await?;
    if gone > 0 {
        return Ok(true);
    }
    query("DELETE FROM map_troubles WHERE base = $1").bind(base).execute(&mut *tx).await?;
    query("DELETE FROM map_bases WHERE number = $1 AND state = 'filling'").bind(base).execute(tx).await?;
    Ok(false)
}

/// When the layer got its first data.
pub async fn since(db: &Db, layer: &str) -> Result<Option<Timestamp>, Internal> {
    let found: Option<(At,)> = query(
        "SELECT valid_from FROM map_bases WHERE layer = $1 AND valid_from IS NOT NULL ORDER BY valid_from LIMIT 1",
    )
    .bind(layer)
    .fetch_optional(db)
    .await?;
    Ok(found.map(|(at,)| *at))
}
