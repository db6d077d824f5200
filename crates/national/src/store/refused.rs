//! What the portal refuses: dossiers, and to tell its progress.

use songhan_base::{Id, Internal};
use songhan_db::{At, Db, Tx, query};

/// Notes that a dossier was refused; answers how often by now. Its row is there.
pub async fn note(tx: &mut Tx, case: Id, code: &str, answer: &str) -> Result<i64, Internal> {
    let now = tx.now();
    let (times,): (i64,) = query(
        "UPDATE national_dossiers
         SET refused_at = $2, refused_code = $3, refused_answer = $4, refused_times = refused_times + 1
         WHERE case_id = $1 RETURNING refused_times",
    )
    .bind(case)
    .bind(now)
    .bind(code)
    .bind(answer)
    .fetch_one(tx)
    .await?;
    Ok(times)
}

/// It was taken, or is there no more: answers how often it had been refused.
pub async fn clear(tx: &mut Tx, case: Id) -> Result<i64, Internal> {
    let times: Option<(i64,)> = query("SELECT refused_times FROM national_dossiers WHERE case_id = $1")
        .bind(case)
        .fetch_optional(&mut *tx)
        .await?;
    query(
        "UPDATE national_dossiers
         SET refused_digest = NULL, refused_at = NULL, refused_code = NULL, refused_answer = NULL, refused_times = 0
         WHERE case_id = $1 AND (refused_times > 0 OR refused_digest IS NOT NULL)",
    )
    .bind(case)
    .execute(tx)
    .await?;
    Ok(times.map_or(0, |(times,)| times))
}

/// A dossier that stands refused.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Refused {
    pub case_id: Id,
    pub code: String,
    /// Missing of what was refused before this was noted.
    pub at: Option<At>,
    pub answer_code: Option<String>,
    pub answer: Option<String>,
    /// Since it was taken last.
    pub times: i64,
}

/// The dossiers that stand refused as they are, the latest first.
pub async fn dossiers(db: &Db, limit: i64) -> Result<Vec<Refused>, Internal> {
    query(
        "SELECT case_id, code, refused_at AS at, refused_code AS answer_code, refused_answer AS answer,
             refused_times AS times
         FROM national_dossiers
         WHERE refused_digest IS NOT NULL ORDER BY refused_at DESC NULLS LAST, code DESC LIMIT $1",
    )
    .bind(limit)
    .fetch_all(db)
    .await
}

/// One of them.
pub async fn dossier(db: &Db, code: &str) -> Result<Option<Refused>, Internal> {
    query(
        "SELECT case_id, code, refused_at AS at, refused_code AS answer_code, refused_answer AS answer,
             refused_times AS times
         FROM national_dossiers
         WHERE refused_digest IS NOT NULL AND code = $1",
    )
    .bind(code)
    .fetch_optional(db)
    .await
}

/// That the portal refuses to tell its progress.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Poll {
    pub at: At,
    pub answer: String,
    pub times: i64,
}

pub async fn poll(db: &Db) -> Result<Option<Poll>, Internal> {
    query(
        "SELECT poll_refused_at AS at, poll_answer AS answer, poll_refused_times AS times FROM national_connection
         WHERE name = $1 AND poll_refused_at IS NOT NULL AND poll_answer IS NOT NULL",
    )
    .bind(super::known::NAME)
    .fetch_optional(db)
    .await
}

pub async fn note_poll(tx: &mut Tx, answer: &str) -> Result<(), Internal> {
    let now = tx.now();
    query(
        "INSERT INTO national_connection (name, poll_refused_at, poll_answer, poll_refused_times) VALUES ($1, $2, $3, 1)
         ON CONFLICT (name) DO UPDATE SET poll_refused_at = $2, poll_answer = $3,
             poll_refused_times = national_connection.poll_refused_times + 1",
    )
    .bind(super::known::NAME)
    .bind(now)
    .bind(answer)
    .execute(tx)
    .await?;
    Ok(())
}
