//! All SQL of supervision: only the figures are read.

use songhan_base::Internal;
use songhan_db::{Db, Tx, query, query_dyn};

use crate::figures::{Change, Figures};

const FIGURES: &str = "received, online, in_time, late, unpromised, refused, withdrawn, stopped, extended, worked_us, \
    open, open_late, paid, paid_online, papers, reused, ratings, satisfied";

fn sums() -> String {
    let sums: Vec<String> = FIGURES.split(", ").map(|name| format!("CAST(SUM({name}) AS BIGINT) AS {name}")).collect();
    sums.join(", ")
}

/// Figures with the unit, procedure or month that they are of.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Keyed {
    pub label: String,
    #[sqlx(flatten)]
    pub figures: Figures,
}

/// What is open now of a unit or procedure.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Now {
    pub label: String,
    pub open: i64,
    pub open_late: i64,
}

/// The month under which stands what is open now.
pub const NOW: &str = "";
/// The unit under which stand all of them together.
const CITY: &str = "";

/// Adds a change to the month, and to the present where it changes that.
pub async fn add(tx: &mut Tx, change: &Change) -> Result<(), Internal> {
    let Figures { open, open_late, .. } = change.figures;
    add_under(tx, &change.month, change, change.figures).await?;
    if open != 0 || open_late != 0 {
        add_under(tx, NOW, change, Figures { open, open_late, ..Figures::default() }).await?;
    }
    Ok(())
}

async fn add_under(tx: &mut Tx, month: &str, change: &Change, figures: Figures) -> Result<(), Internal> {
    let handled = figures.handled;
    let values = "$4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21";
    let sums: Vec<String> =
        FIGURES.split(", ").map(|name| format!("{name} = supervision_figures.{name} + excluded.{name}")).collect();
    query_dyn(format!(
        "INSERT INTO supervision_figures (level, month, unit, topic, {FIGURES})
         VALUES ('leaf', $1, $2, $3, {values}), ('unit', $1, $2, '', {values}), ('topic', $1, '', $3, {values}),
             ('unit', $1, '', '', {values})
         ON CONFLICT (level, month, unit, topic) DO UPDATE SET {}",
        sums.join(", ")
    ))
    .bind(month)
    .bind(&change.unit)
    .bind(&change.topic)
    .bind(handled.received)
    .bind(handled.online)
    .bind(handled.in_time)
    .bind(handled.late)
    .bind(handled.unpromised)
    .bind(handled.refused)
    .bind(handled.withdrawn)
    .bind(handled.stopped)
    .bind(handled.extended)
    .bind(figures.worked_us)
    .bind(figures.open)
    .bind(figures.open_late)
    .bind(handled.paid)
    .bind(handled.paid_online)
    .bind(handled.papers)
    .bind(handled.reused)
    .bind(figures.ratings)
    .bind(figures.satisfied)
    .execute(tx)
    .await?;
    Ok(())
}

/// Forgets all figures: they are counted again from the first event.
pub async fn clear(tx: &mut Tx) -> Result<(), Internal> {
    query("DELETE FROM supervision_figures").execute(tx).await?;
    Ok(())
}

/// Each unit's figures of a month.
pub async fn by_unit(db: &Db, month: &str) -> Result<Vec<Keyed>, Internal> {
    query_dyn(format!(
        "SELECT unit AS label, {FIGURES} FROM supervision_figures
         WHERE level = 'unit' AND month = $1 AND unit <> $2 ORDER BY unit"
    ))
    .bind(month)
    .bind(CITY)
    .fetch_all(db)
    .await
}

/// What each unit has open now.
pub async fn open_by_unit(db: &Db) -> Result<Vec<Now>, Internal> {
    query(
        "SELECT unit AS label, open, open_late FROM supervision_figures
         WHERE level = 'unit' AND month = $1 AND unit <> $2 AND open <> 0",
    )
    .bind(NOW)
    .bind(CITY)
    .fetch_all(db)
    .await
}

/// Which units were rated in a month, how often and how often well.
pub async fn ratings_by_unit(db: &Db, month: &str) -> Result<Vec<(String, i64, i64)>, Internal> {
    query(
        "SELECT unit, ratings, satisfied FROM supervision_figures
         WHERE level = 'unit' AND month = $1 AND unit <> $2 AND (ratings <> 0 OR satisfied <> 0)",
    )
    .bind(month)
    .bind(CITY)
    .fetch_all(db)
    .await
}

/// Each procedure's figures of a month, of one unit or of all.
pub async fn by_topic(db: &Db, month: &str, unit: Option<&str>) -> Result<Vec<Keyed>, Internal> {
    query_dyn(format!(
        "SELECT topic AS label, {FIGURES} FROM supervision_figures
         WHERE level = $1 AND month = $2 AND unit = $3 ORDER BY topic"
    ))
    .bind(level(unit))
    .bind(month)
    .bind(unit.unwrap_or(CITY))
    .fetch_all(db)
    .await
}

/// What of each procedure is open now, at one unit or at all.
pub async fn open_by_topic(db: &Db, unit: Option<&str>) -> Result<Vec<Now>, Internal> {
    query(
        "SELECT topic AS label, open, open_late FROM supervision_figures
         WHERE level = $1 AND month = $2 AND unit = $3 AND open <> 0",
    )
    .bind(level(unit))
    .bind(NOW)
    .bind(unit.unwrap_or(CITY))
    .fetch_all(db)
    .await
}

/// Where a procedure's figures stand.
const fn level(unit: Option<&str>) -> &'static str {
    if unit.is_some() { "leaf" } else { "topic" }
}

/// The figures of months, of all units or of one; months without any are left out. `months` are few.
pub async fn by_month(db: &Db, months: &[String], unit: Option<&str>) -> Result<Vec<Keyed>, Internal> {
    query_dyn(format!(
        "SELECT month AS label, {FIGURES} FROM supervision_figures
         WHERE level = 'unit' AND month IN (SELECT value FROM json_each($1)) AND unit = $2 AND topic = ''"
    ))
    .bind(serde_json::json!(months))
    .bind(unit.unwrap_or(CITY))
    .fetch_all(db)
    .await
}

/// The same of certain procedures alone.
pub async fn by_month_of(
    db: &Db,
    months: &[String],
    unit: Option<&str>,
    topics: &[String],
) -> Result<Vec<Keyed>, Internal> {
    let sums = sums();
    query_dyn(format!(
        "SELECT month AS label, {sums} FROM supervision_figures
         WHERE level = $1 AND month IN (SELECT value FROM json_each($2)) AND unit = $3
             AND topic IN (SELECT value FROM json_each($4))
         GROUP BY month"
    ))
    .bind(level(unit))
    .bind(serde_json::json!(months))
    .bind(unit.unwrap_or(CITY))
    .bind(serde_json::json!(topics))
    .fetch_all(db)
    .await
}

/// Each unit's figures of a month, of certain procedures alone.
pub async fn by_unit_of(db: &Db, month: &str, topics: &[String]) -> Result<Vec<Keyed>, Internal> {
    let sums = sums();
    query_dyn(format!(
        "SELECT unit AS label, {sums} FROM supervision_figures
         WHERE level = 'leaf' AND month = $1 AND topic IN (SELECT value FROM json_each($2))
         GROUP BY unit ORDER BY unit"
    ))
    .bind(month)
    .bind(serde_json::json!(topics))
    .fetch_all(db)
    .await
}

/// What of certain procedures each unit has open now.
pub async fn open_by_unit_of(db: &Db, topics: &[String]) -> Result<Vec<Now>, Internal> {
    query(
        "SELECT unit AS label, CAST(SUM(open) AS BIGINT) AS open, CAST(SUM(open_late) AS BIGINT) AS open_late
         FROM supervision_figures WHERE level = 'leaf' AND month = $1 AND topic IN (SELECT value FROM json_each($2))
         GROUP BY unit",
    )
    .bind(NOW)
    .bind(serde_json::json!(topics))
    .fetch_all(db)
    .await
}
