//! Entries: written as dossiers end, listed, handed in, held back.

use std::collections::HashMap;

use jiff::Timestamp;
use songhan_base::{Id, Internal};
use songhan_db::{Db, On, Tx, query, query_dyn};

use crate::entry::{Entry, EntryState};

const COLUMNS: &str = "case_id, code, topic, title, unit, ended_at, year, hand_in_by, retention, years, keep_until, state, \
    papers, batch, handed_in_at, disposal, held_at, held_by, held_reason, destroyed_at";

/// Writes those that are not there yet, in one statement.
pub async fn insert(tx: &mut Tx, entries: &[Entry]) -> Result<(), Internal> {
    if entries.is_empty() {
        return Ok(());
    }
    let rows: Vec<serde_json::Value> = entries
        .iter()
        .map(|entry| {
            serde_json::json!({ "case": entry.case_id, "code": entry.code, "topic": entry.topic, "title": entry.title,
                "unit": entry.unit, "ended": entry.ended_at.as_microsecond(), "year": entry.year,
                "by": entry.hand_in_by, "retention": entry.retention, "years": entry.years, "until": entry.keep_until })
        })
        .collect();
    query(
        "INSERT INTO archive_entries (case_id, code, topic, title, unit, ended_at, year, hand_in_by, retention, years,
             keep_until, state)
         SELECT value ->> 'case', value ->> 'code', value ->> 'topic', value ->> 'title', value ->> 'unit',
             CAST(value ->> 'ended' AS BIGINT), CAST(value ->> 'year' AS BIGINT), value ->> 'by', value ->> 'retention',
             CAST(value ->> 'years' AS BIGINT), value ->> 'until', 'due'
         FROM json_each($1) WHERE TRUE ON CONFLICT (case_id) DO NOTHING",
    )
    .bind(serde_json::json!(rows))
    .execute(tx)
    .await?;
    Ok(())
}

/// Which entries of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    In(EntryState),
    Held,
}

/// A page of a unit's entries behind a place, those that ended last first; of a span of ends where there is one.
pub async fn page(
    db: &Db,
    unit: &str,
    which: Which,
    span: Option<(Timestamp, Timestamp)>,
    after: Option<(i64, Id)>,
    limit: i64,
) -> Result<Vec<Entry>, Internal> {
    let what = match which {
        Which::In(state) => format!("state = '{}'", state.as_str()),
        Which::Held => "held_at IS NOT NULL".to_owned(),
    };
    let within = if span.is_some() { "AND ended_at >= $3 AND ended_at < $4" } else { "" };
    let behind = match (after.is_some(), span.is_some()) {
        (false, _) => "",
        (true, true) => "AND (ended_at, case_id) < ($5, $6)",
        (true, false) => "AND (ended_at, case_id) < ($3, $4)",
    };
    let mut sql = query_dyn(format!(
        "SELECT {COLUMNS} FROM archive_entries WHERE unit = $1 AND {what} {within} {behind}
         ORDER BY ended_at DESC, case_id DESC LIMIT $2"
    ))
    .bind(unit)
    .bind(limit);
    if let Some((from, until)) = span {
        sql = sql.bind(from).bind(until);
    }
    if let Some((at, id)) = after {
        sql = sql.bind(at).bind(id);
    }
    sql.fetch_all(db).await
}

/// Those whose term is over, who are neither held back nor on a list; over longest first, behind a place.
pub async fn over(
    db: &Db,
    unit: &str,
    today: &str,
    after: Option<(String, Id)>,
    limit: i64,
) -> Result<Vec<Entry>, Internal> {
    let behind = if after.is_some() { "AND (keep_until, case_id) > ($4, $5)" } else { "" };
    let mut sql = query_dyn(format!(
        "SELECT {COLUMNS} FROM archive_entries WHERE unit = $1 AND {OVER} {behind}
         ORDER BY keep_until, case_id LIMIT $2"
    ))
    .bind(unit)
    .bind(limit)
    .bind(today);
    if let Some((until, id)) = after {
        sql = sql.bind(until).bind(id);
    }
    sql.fetch_all(db).await
}

/// In the words of the partial index; `$3` is today.
const OVER: &str =
    "state = 'kept' AND disposal IS NULL AND held_at IS NULL AND keep_until IS NOT NULL AND keep_until < $3";

/// By their cases, in no order.
pub async fn by_cases(db: &Db, unit: &str, cases: &[Id]) -> Result<Vec<Entry>, Internal> {
    query_dyn(format!(
        "SELECT {COLUMNS} FROM archive_entries WHERE unit = $1 AND case_id IN (SELECT value FROM json_each($2))"
    ))
    .bind(unit)
    .bind(serde_json::json!(cases))
    .fetch_all(db)
    .await
}

pub async fn by_code<'a>(on: impl Into<On<'a>>, code: &str) -> Result<Option<Entry>, Internal> {
    if code.contains('\0') {
        return Ok(None);
    }
    query_dyn(format!("SELECT {COLUMNS} FROM archive_entries WHERE code = $1")).bind(code).fetch_optional(on).await
}

/// The entry, locked until the end of the transaction.
pub async fn lock(tx: &mut Tx, case: Id) -> Result<Option<Entry>, Internal> {
    query_dyn(format!("SELECT {COLUMNS} FROM archive_entries WHERE case_id = $1 /*pg FOR UPDATE*/"))
        .bind(case)
        .fetch_optional(tx)
        .await
}

/// How many wait to be handed in, by the year of their end, and how many of them are late.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, sqlx::FromRow, utoipa::ToSchema)]
#[schema(as = ArchiveYear)]
pub struct DueYear {
    #[schema(example = 2024)]
    pub year: i64,
    #[schema(example = 12)]
    pub due: i64,
    #[schema(example = 3)]
    pub late: i64,
}

/// The latest year first.
pub async fn years(db: &Db, unit: &str, today: &str) -> Result<Vec<DueYear>, Internal> {
    query(
        "SELECT year, COUNT(*) AS due, COUNT(*) FILTER (WHERE hand_in_by < $2) AS late FROM archive_entries
         WHERE unit = $1 AND state = 'due' GROUP BY year ORDER BY year DESC",
    )
    .bind(unit)
    .bind(today)
    .fetch_all(db)
    .await
}

/// Whose term is over, up to a thousand.
pub async fn count_over(db: &Db, unit: &str, today: &str) -> Result<i64, Internal> {
    let (count,): (i64,) = query(
        "SELECT COUNT(*) FROM (SELECT 1 FROM archive_entries WHERE unit = $1 AND state = 'kept' AND disposal IS NULL
             AND held_at IS NULL AND keep_until IS NOT NULL AND keep_until < $2 LIMIT 1000) AS found",
    )
    .bind(unit)
    .bind(today)
    .fetch_one(db)
    .await?;
    Ok(count)
}

/// Those of a unit that wait to be handed in and ended within a span, the first first; locked. `codes` chooses among them.
pub async fn lock_due(
    tx: &mut Tx,
    unit: &str,
    (from, until): (Timestamp, Timestamp),
    codes: Option<&[String]>,
    limit: i64,
) -> Result<Vec<Entry>, Internal> {
    let chosen = if codes.is_some() { "AND code IN (SELECT value FROM json_each($5))" } else { "" };
    let mut sql = query_dyn(format!(
        "SELECT {COLUMNS} FROM archive_entries WHERE unit = $1 AND state = 'due' AND ended_at >= $2 AND ended_at < $3
             {chosen} ORDER BY ended_at, case_id LIMIT $4 /*pg FOR UPDATE SKIP LOCKED*/"
    ))
    .bind(unit)
    .bind(from)
    .bind(until)
    .bind(limit);
    if let Some(codes) = codes {
        sql = sql.bind(serde_json::json!(codes));
    }
    sql.fetch_all(tx).await
}

/// Those of a unit whose term is over, longest first; locked.
pub async fn lock_over(
    tx: &mut Tx,
    unit: &str,
    today: &str,
    codes: Option<&[String]>,
    limit: i64,
) -> Result<Vec<Entry>, Internal> {
    let chosen = if codes.is_some() { "AND code IN (SELECT value FROM json_each($4))" } else { "" };
    let mut sql = query_dyn(format!(
        "SELECT {COLUMNS} FROM archive_entries WHERE unit = $1 AND {OVER} {chosen}
         ORDER BY keep_until, case_id LIMIT $2 /*pg FOR UPDATE SKIP LOCKED*/"
    ))
    .bind(unit)
    .bind(limit)
    .bind(today);
    if let Some(codes) = codes {
        sql = sql.bind(serde_json::json!(codes));
    }
    sql.fetch_all(tx).await
}

/// Hands entries in with their term and number of papers.
pub async fn hand_in(tx: &mut Tx, batch: Id, entries: &[Entry], papers: &HashMap<Id, i64>) -> Result<(), Internal> {
    let now = tx.now();
    let rows: Vec<serde_json::Value> = entries
        .iter()
        .map(|entry| {
            serde_json::json!({ "case": entry.case_id, "retention": entry.retention, "years": entry.years,
                "until": entry.keep_until, "papers": papers.get(&entry.case_id).copied().unwrap_or_default() })
        })
        .collect();
    query(
        "UPDATE archive_entries SET state = 'kept', batch = $1, handed_in_at = $2, retention = given.value ->> 'retention',
             years = CAST(given.value ->> 'years' AS BIGINT), keep_until = given.value ->> 'until',
             papers = CAST(given.value ->> 'papers' AS BIGINT)
         FROM json_each($3) AS given WHERE archive_entries.case_id = given.value ->> 'case'",
    )
    .bind(batch)
    .bind(now)
    .bind(serde_json::json!(rows))
    .execute(tx)
    .await?;
    Ok(())
}

/// Corrects the term of an entry that stands on no list.
pub async fn set_term(tx: &mut Tx, entry: &Entry) -> Result<(), Internal> {
    query("UPDATE archive_entries SET retention = $2, years = $3, keep_until = $4 WHERE case_id = $1")
        .bind(entry.case_id)
        .bind(&entry.retention)
        .bind(entry.years)
        .bind(entry.keep_until.as_deref())
        .execute(tx)
        .await?;
    Ok(())
}

/// Holds back, or releases where there is no reason. What is held back stands on no list.
pub async fn hold(tx: &mut Tx, case: Id, by: &str, reason: Option<&str>) -> Result<(), Internal> {
    let now = tx.now();
    query(
        "UPDATE archive_entries SET held_at = $2, held_by = $3, held_reason = $4, disposal = NULL WHERE case_id = $1",
    )
    .bind(case)
    .bind(reason.map(|_| now))
    .bind(reason.map(|_| by))
    .bind(reason)
    .execute(tx)
    .await?;
    Ok(())
}

/// Those of a batch, in the order in which they ended.
pub async fn of_batch(db: &Db, batch: Id) -> Result<Vec<Entry>, Internal> {
    query_dyn(format!("SELECT {COLUMNS} FROM archive_entries WHERE batch = $1 ORDER BY ended_at, case_id"))
        .bind(batch)
        .fetch_all(db)
        .await
}

/// Those that stand or stood on a list, each with what became of it.
pub async fn of_disposal<'a>(on: impl Into<On<'a>>, disposal: Id) -> Result<Vec<Listed>, Internal> {
    let columns: Vec<String> = COLUMNS.split(", ").map(|name| format!("e.{}", name.trim())).collect();
    query_dyn(format!(
        "SELECT {}, d.outcome FROM archive_disposal_entries d JOIN archive_entries e ON e.case_id = d.case_id
         WHERE d.disposal = $1 ORDER BY e.ended_at, e.case_id",
        columns.join(", ")
    ))
    .bind(disposal)
    .fetch_all(on)
    .await
}

/// An entry on a list for destruction.
#[derive(Clone, Debug, PartialEq, serde::Serialize, sqlx::FromRow, utoipa::ToSchema)]
#[schema(as = ListedArchiveEntry)]
pub struct Listed {
    #[sqlx(flatten)]
    #[serde(flatten)]
    pub entry: Entry,
    /// `destroyed`; `left_out` where it was held back or its term was found not to be over; nothing before that.
    #[schema(example = "destroyed")]
    pub outcome: Option<String>,
}
