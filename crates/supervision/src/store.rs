//! All SQL of supervision: only the figures are read.

use songhan_base::Internal;
use songhan_db::{Db, Tx, query, query_dyn};

use crate::figures::{Change, Figures};

const FIGURES: &str = "received, online, in_time, late, unpromised, refused, withdrawn, stopped, extended, worked_us, \
    open, open_late, paid, paid_online, papers, reused, ratings, satisfied";

const SUMS: &str = "CAST(SUM(received) AS BIGINT) AS received, CAST(SUM(online) AS BIGINT) AS online,
    CAST(SUM(in_time) AS BIGINT) AS in_time, CAST(SUM(late) AS BIGINT) AS late,
    CAST(SUM(unpromised) AS BIGINT) AS unpromised, CAST(SUM(refused) AS BIGINT) AS refused,
    CAST(SUM(withdrawn) AS BIGINT) AS withdrawn, CAST(SUM(stopped) AS BIGINT) AS stopped,
    CAST(SUM(extended) AS BIGINT) AS extended, CAST(SUM(worked_us) AS BIGINT) AS worked_us,
    CAST(SUM(open) AS BIGINT) AS open, CAST(SUM(open_late) AS BIGINT) AS open_late,
    CAST(SUM(paid) AS BIGINT) AS paid, CAST(SUM(paid_online) AS BIGINT) AS paid_online,
    CAST(SUM(papers) AS BIGINT) AS papers, CAST(SUM(reused) AS BIGINT) AS reused,
    CAST(SUM(ratings) AS BIGINT) AS ratings, CAST(SUM(satisfied) AS BIGINT) AS satisfied";

/// Figures with the unit, procedure or month that they are of.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Keyed {
    pub label: String,
    #[sqlx(flatten)]
    pub figures: Figures,
}

/// The month under which stands what is open now.
const NOW: &str = "";

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
    let values = "$4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21";
    let sums: Vec<String> =
        FIGURES.split(", ").map(|name| format!("{name} = supervision_figures.{name} + excluded.{name}")).collect();
    query_dyn(format!(
        "INSERT INTO supervision_figures (level, month, unit, topic, {FIGURES})
         VALUES ('leaf', $1, $2, $3, {values}), ('unit', $1, $2, '', {values}), ('topic', $1, '', $3, {values})
         ON CONFLICT (level, month, unit, topic) DO UPDATE SET {}",
        sums.join(", ")
    ))
    .bind(month)
    .bind(&change.unit)
    .bind(&change.topic)
    .bind(figures.received)
    .bind(figures.online)
    .bind(figures.in_time)
    .bind(figures.late)
    .bind(figures.unpromised)
    .bind(figures.refused)
    .bind(figures.withdrawn)
    .bind(figures.stopped)
    .bind(figures.extended)
    .bind(figures.worked_us)
    .bind(figures.open)
    .bind(figures.open_late)
    .bind(figures.paid)
    .bind(figures.paid_online)
    .bind(figures.papers)
    .bind(figures.reused)
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

/// Each unit's figures of a month; an empty month is what is open now.
pub async fn by_unit(db: &Db, month: &str) -> Result<Vec<Keyed>, Internal> {
    query_dyn(format!(
        "SELECT unit AS label, {FIGURES} FROM supervision_figures WHERE level = 'unit' AND month = $1 ORDER BY unit"
    ))
    .bind(month)
    .fetch_all(db)
    .await
}

/// Each procedure's figures of a month, of one unit or of all.
pub async fn by_topic(db: &Db, month: &str, unit: Option<&str>) -> Result<Vec<Keyed>, Internal> {
    let level = if unit.is_some() { "leaf" } else { "topic" };
    query_dyn(format!(
        "SELECT topic AS label, {FIGURES} FROM supervision_figures
         WHERE level = $1 AND month = $2 AND unit = $3 ORDER BY topic"
    ))
    .bind(level)
    .bind(month)
    .bind(unit.unwrap_or_default())
    .fetch_all(db)
    .await
}

/// The figures of months, of all units or of one, oldest first; months without any are left out.
pub async fn by_month(db: &Db, first: &str, last: &str, unit: Option<&str>) -> Result<Vec<Keyed>, Internal> {
    query_dyn(format!(
        "SELECT month AS label, {SUMS} FROM supervision_figures
         WHERE level = 'unit' AND month BETWEEN $1 AND $2 AND ($3 = '' OR unit = $3) GROUP BY month ORDER BY month"
    ))
    .bind(first)
    .bind(last)
    .bind(unit.unwrap_or_default())
    .fetch_all(db)
    .await
}

/// The same of certain procedures alone. `months` are few.
pub async fn by_month_of(
    db: &Db,
    months: &[String],
    unit: Option<&str>,
    topics: &[String],
) -> Result<Vec<Keyed>, Internal> {
    let level = if unit.is_some() { "leaf" } else { "topic" };
    query_dyn(format!(
        "SELECT month AS label, {SUMS} FROM supervision_figures
         WHERE level = $1 AND month IN (SELECT value FROM json_each($2)) AND unit = $3
             AND topic IN (SELECT value FROM json_each($4))
         GROUP BY month ORDER BY month"
    ))
    .bind(level)
    .bind(serde_json::json!(months))
    .bind(unit.unwrap_or_default())
    .bind(serde_json::json!(topics))
    .fetch_all(db)
    .await
}

/// Each unit's figures of a month, of certain procedures alone; an empty month is what is open now.
pub async fn by_unit_of(db: &Db, month: &str, topics: &[String]) -> Result<Vec<Keyed>, Internal> {
    query_dyn(format!(
        "SELECT unit AS label, {SUMS} FROM supervision_figures
         WHERE level = 'leaf' AND month = $1 AND topic IN (SELECT value FROM json_each($2))
         GROUP BY unit ORDER BY unit"
    ))
    .bind(month)
    .bind(serde_json::json!(topics))
    .fetch_all(db)
    .await
}
