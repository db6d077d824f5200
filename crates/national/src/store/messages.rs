//! Messages: one that waits for each dossier at most, and the log of those that ended.

use jiff::Timestamp;
use songhan_base::{Id, Internal};
use songhan_db::{At, Db, Tx, query, query_dyn};

use crate::message::{Row, State};

const COLUMNS: &str = "id, case_id, code, state, pending, revision, forced, attempts, next_at, status, steps, \
    answer_code, answer, created_at, tried_at, ended_at";

/// Gathers a change in the message that waits, or begins one. Answers its id and how many changes it holds.
pub async fn gather(tx: &mut Tx, id: Id, case: Id, code: &str, at: Timestamp) -> Result<(Id, i64), Internal> {
    let now = tx.now();
    query(
        "INSERT INTO national_messages (id, case_id, code, state, pending, revision, forced, attempts, busy_until,
             next_at, steps, created_at)
         VALUES ($1, $2, $3, 'waiting', TRUE, 1, FALSE, 0, 0, $4, 0, $5)
         ON CONFLICT (case_id) WHERE pending DO UPDATE SET revision = national_messages.revision + 1
         RETURNING id, revision",
    )
    .bind(id)
    .bind(case)
    .bind(code)
    .bind(at)
    .bind(now)
    .fetch_one(tx)
    .await
}

/// The same, to be sent at once and whatever the portal knows.
pub async fn force(tx: &mut Tx, id: Id, case: Id, code: &str, now: Timestamp) -> Result<Id, Internal> {
    let (id,): (Id,) = query(
        "INSERT INTO national_messages (id, case_id, code, state, pending, revision, forced, attempts, busy_until,
             next_at, steps, created_at)
         VALUES ($1, $2, $3, 'waiting', TRUE, 1, TRUE, 0, 0, $4, 0, $4)
         ON CONFLICT (case_id) WHERE pending DO UPDATE
             SET revision = national_messages.revision + 1, forced = TRUE, next_at = $4
         RETURNING id",
    )
    .bind(id)
    .bind(case)
    .bind(code)
    .bind(now)
    .fetch_one(tx)
    .await?;
    Ok(id)
}

pub async fn by_id(db: &Db, id: Id) -> Result<Option<Row>, Internal> {
    query_dyn(format!("SELECT {COLUMNS} FROM national_messages WHERE id = $1")).bind(id).fetch_optional(db).await
}

/// Takes up a message that is due and that nobody else is sending.
pub async fn take(tx: &mut Tx, id: Id, busy_until: Timestamp) -> Result<Option<Row>, Internal> {
    let now = tx.now();
    query_dyn(format!(
        "UPDATE national_messages SET busy_until = $3
         WHERE id = $1 AND pending AND next_at <= $2 AND busy_until <= $2 RETURNING {COLUMNS}"
    ))
    .bind(id)
    .bind(now)
    .bind(busy_until)
    .fetch_optional(tx)
    .await
}

/// Leaves it to the next worker.
pub async fn leave(db: &Db, id: Id) -> Result<(), Internal> {
    query("UPDATE national_messages SET busy_until = 0 WHERE id = $1").bind(id).execute(db).await?;
    Ok(())
}

/// Locks a message until the end of the transaction; answers how many changes it holds by now.
pub async fn revision(tx: &mut Tx, id: Id) -> Result<Option<i64>, Internal> {
    let found: Option<(i64,)> =
        query("SELECT revision FROM national_messages WHERE id = $1 AND pending /*pg FOR UPDATE*/")
            .bind(id)
            .fetch_optional(tx)
            .await?;
    Ok(found.map(|(revision,)| revision))
}

/// What became of a try.
#[derive(Debug)]
pub struct Tried<'a> {
    pub state: State,
    /// When it is tried again, where it is.
    pub next_at: Option<Timestamp>,
    pub status: Option<i64>,
    pub steps: i64,
    pub answer_code: Option<&'a str>,
    pub answer: Option<&'a str>,
}

/// Notes a try; without a next one the message has ended.
pub async fn note(tx: &mut Tx, id: Id, tried: &Tried<'_>) -> Result<(), Internal> {
    let now = tx.now();
    let asked = !matches!(tried.state, State::Unchanged | State::Gone);
    query(
        "UPDATE national_messages SET state = $2, next_at = $3, pending = $4, status = $5, steps = steps + $6,
             answer_code = $7, answer = $8, busy_until = 0, attempts = attempts + $9, tried_at = $10, ended_at = $11
         WHERE id = $1",
    )
    .bind(id)
    .bind(tried.state.as_str())
    .bind(tried.next_at)
    .bind(tried.next_at.is_some())
    .bind(tried.status)
    .bind(tried.steps)
    .bind(tried.answer_code)
    .bind(tried.answer)
    .bind(i64::from(asked))
    .bind(now)
    .bind(tried.next_at.is_none().then_some(now))
    .execute(tx)
    .await?;
    Ok(())
}

/// The log before a place, the latest first.
pub async fn page(db: &Db, state: Option<State>, before: Option<Id>, limit: i64) -> Result<Vec<Row>, Internal> {
    query_dyn(format!(
        "SELECT {COLUMNS} FROM national_messages
         WHERE ($1 IS NULL OR state = $1) AND ($2 IS NULL OR id < $2) ORDER BY id DESC LIMIT $3"
    ))
    .bind(state.map(State::as_str))
    .bind(before)
    .bind(limit)
    .fetch_all(db)
    .await
}

/// How many wait, how many of those were tried already, and how many were sent since a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, sqlx::FromRow)]
pub struct Counts {
    pub waiting: i64,
    pub retrying: i64,
    pub sent: i64,
}

pub async fn counts(db: &Db, since: Timestamp) -> Result<Counts, Internal> {
    query(
        "SELECT (SELECT count(*) FROM national_messages WHERE pending) AS waiting,
                (SELECT count(*) FROM national_messages WHERE pending AND attempts > 0) AS retrying,
                (SELECT count(*) FROM national_messages WHERE ended_at >= $1 AND state = 'sent') AS sent",
    )
    .bind(since)
    .fetch_one(db)
    .await
}

/// Messages that wait and whose time is long over: their job was lost.
pub async fn forgotten(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<Vec<(Id, At)>, Internal> {
    query(
        "SELECT id, next_at FROM national_messages WHERE pending AND next_at < $1 AND busy_until < $1
         ORDER BY next_at LIMIT $2",
    )
    .bind(before)
    .bind(limit)
    .fetch_all(tx)
    .await
}

/// Messages that wait for a later try, the oldest first.
pub async fn put_off(tx: &mut Tx, limit: i64) -> Result<Vec<(Id, At)>, Internal> {
    let now = tx.now();
    query(
        "SELECT id, next_at FROM national_messages WHERE pending AND attempts > 0 AND next_at > $1
         ORDER BY next_at LIMIT $2",
    )
    .bind(now)
    .bind(limit)
    .fetch_all(tx)
    .await
}

/// Lets a message be tried from a time on.
pub async fn due_at(tx: &mut Tx, id: Id, at: Timestamp) -> Result<(), Internal> {
    query("UPDATE national_messages SET next_at = $2, busy_until = 0 WHERE id = $1 AND pending")
        .bind(id)
        .bind(at)
        .execute(tx)
        .await?;
    Ok(())
}

/// Deletes some of what ended before a time; answers how many.
pub async fn forget(db: &Db, before: Timestamp, limit: i64) -> Result<u64, Internal> {
    query(
        "DELETE FROM national_messages WHERE id IN (
             SELECT id FROM national_messages WHERE ended_at < $1 ORDER BY ended_at LIMIT $2)",
    )
    .bind(before)
    .bind(limit)
    .execute(db)
    .await
}
