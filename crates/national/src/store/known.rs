//! What the portal knows of dossiers, and how the connection to it is.

use jiff::Timestamp;
use songhan_base::{Id, Internal};
use songhan_db::{At, Db, Tx, query};

/// What the portal knows of a dossier.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Known {
    /// Whether it has taken the dossier at least once.
    #[sqlx(rename = "known")]
    pub is_taken: bool,
    /// Digest of what it took last, and of what it refused last.
    pub digest: Option<String>,
    pub refused_digest: Option<String>,
    /// Number of the last step that it was told.
    pub steps: i64,
}

/// Of a dossier that the portal was never told of it knows nothing.
pub async fn of(db: &Db, case: Id) -> Result<Known, Internal> {
    let found = query("SELECT known, digest, refused_digest, steps FROM national_dossiers WHERE case_id = $1")
        .bind(case)
        .fetch_optional(db)
        .await?;
    Ok(found.unwrap_or_default())
}

/// Whether the portal has ever been told of it, or refused it.
pub async fn set(tx: &mut Tx, case: Id, code: &str, known: &Known) -> Result<(), Internal> {
    let now = tx.now();
    query(
        "INSERT INTO national_dossiers (case_id, code, known, digest, refused_digest, steps, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (case_id) DO UPDATE
             SET known = $3, digest = $4, refused_digest = $5, steps = $6, updated_at = $7",
    )
    .bind(case)
    .bind(code)
    .bind(known.is_taken)
    .bind(known.digest.as_deref())
    .bind(known.refused_digest.as_deref())
    .bind(known.steps)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// How many dossiers stand refused as they are.
pub async fn refused(db: &Db) -> Result<i64, Internal> {
    let (count,): (i64,) =
        query("SELECT count(*) FROM national_dossiers WHERE refused_digest IS NOT NULL").fetch_one(db).await?;
    Ok(count)
}

/// How the connection is.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Connection {
    pub ok_at: Option<At>,
    pub failed_at: Option<At>,
    pub error: Option<String>,
    pub polled_at: Option<At>,
    pub polled_until: Option<At>,
}

impl Connection {
    /// `None` before the first word of the portal or the first failure.
    pub fn is_up(&self) -> Option<bool> {
        match (self.ok_at, self.failed_at) {
            (None, None) => None,
            (ok, failed) => Some(ok >= failed),
        }
    }
}

pub(super) const NAME: &str = "portal";

pub async fn connection(db: &Db) -> Result<Connection, Internal> {
    let found =
        query("SELECT ok_at, failed_at, error, polled_at, polled_until FROM national_connection WHERE name = $1")
            .bind(NAME)
            .fetch_optional(db)
            .await?;
    Ok(found.unwrap_or_default())
}

/// The portal answered.
pub async fn note_answer(db: &Db, at: Timestamp) -> Result<(), Internal> {
    query(
        "INSERT INTO national_connection (name, ok_at) VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET ok_at = $2, error = NULL",
    )
    .bind(NAME)
    .bind(at)
    .execute(db)
    .await?;
    Ok(())
}

/// The portal did not answer.
pub async fn note_failure(db: &Db, at: Timestamp, error: &str) -> Result<(), Internal> {
    query(
        "INSERT INTO national_connection (name, failed_at, error) VALUES ($1, $2, $3)
         ON CONFLICT (name) DO UPDATE SET failed_at = $2, error = $3",
    )
    .bind(NAME)
    .bind(at)
    .bind(error)
    .execute(db)
    .await?;
    Ok(())
}

/// The portal's progress was read until then.
pub async fn note_poll(tx: &mut Tx, until: Timestamp) -> Result<(), Internal> {
    let now = tx.now();
    query(
        "INSERT INTO national_connection (name, polled_at, polled_until) VALUES ($1, $2, $3)
         ON CONFLICT (name) DO UPDATE SET polled_at = $2, polled_until = $3, poll_refused_at = NULL, poll_answer = NULL,
             poll_refused_times = 0",
    )
    .bind(NAME)
    .bind(now)
    .bind(until)
    .execute(tx)
    .await?;
    Ok(())
}
