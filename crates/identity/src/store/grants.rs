//! Grants of roles.

use jiff::civil::Date;
use songhan_base::{Id, Internal, Role};
use songhan_db::{At, Db, On, Result, Tx, query, query_dyn};

use crate::grant::{GrantRow, NewGrant};

const COLUMNS: &str = "id, account, role, deputy, unit, area, from_day, until_day, given_at, ended_at";

#[derive(sqlx::FromRow)]
struct Row {
    id: Id,
    account: Id,
    role: Role,
    deputy: bool,
    unit: Option<String>,
    area: Option<String>,
    from_day: String,
    until_day: Option<String>,
    given_at: At,
    ended_at: Option<At>,
}

impl TryFrom<Row> for GrantRow {
    type Error = Internal;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id,
            account: row.account,
            role: row.role,
            deputy: row.deputy,
            unit: row.unit,
            area: row.area,
            from: row.from_day.parse().map_err(Internal::new)?,
            until: row.until_day.map(|day| day.parse()).transpose().map_err(Internal::new)?,
            given_at: row.given_at,
            ended_at: row.ended_at,
        })
    }
}

pub async fn insert_grant(tx: &mut Tx, id: Id, new: &NewGrant) -> Result<()> {
    let (now, by) = (tx.now(), tx.stamp().actor.clone());
    query(
        "INSERT INTO grants (id, account, role, deputy, unit, area, from_day, until_day, given_by, given_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(id)
    .bind(new.account)
    .bind(new.role)
    .bind(new.deputy)
    .bind(new.unit.as_deref())
    .bind(new.area.as_deref())
    .bind(new.from.to_string())
    .bind(new.until.map(|day| day.to_string()))
    .bind(by)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// The grants of an account, the latest first, ended ones too.
pub async fn grants_of<'a>(on: impl Into<On<'a>>, account: Id) -> Result<Vec<GrantRow>> {
    let rows: Vec<Row> =
        query_dyn(format!("SELECT {COLUMNS} FROM grants WHERE account = $1 ORDER BY given_at DESC, id DESC LIMIT 200"))
            .bind(account)
            .fetch_all(on)
            .await?;
    rows.into_iter().map(GrantRow::try_from).collect()
}

pub async fn grant<'a>(on: impl Into<On<'a>>, id: Id) -> Result<Option<GrantRow>> {
    let row: Option<Row> =
        query_dyn(format!("SELECT {COLUMNS} FROM grants WHERE id = $1")).bind(id).fetch_optional(on).await?;
    row.map(GrantRow::try_from).transpose()
}

/// Ends a grant; `false` when it had ended.
pub async fn end_grant(tx: &mut Tx, id: Id) -> Result<bool> {
    let (now, by) = (tx.now(), tx.stamp().actor.clone());
    let rows = query("UPDATE grants SET ended_at = $2, ended_by = $3 WHERE id = $1 AND ended_at IS NULL")
        .bind(id)
        .bind(now)
        .bind(by)
        .execute(tx)
        .await?;
    Ok(rows == 1)
}

/// The people who hold `role` at exactly this unit (`None`: for the whole city) on a day, by name.
pub async fn holders<'a>(
    on: impl Into<On<'a>>,
    role: Role,
    unit: Option<&str>,
    day: Date,
) -> Result<Vec<(Id, String)>> {
    query(
        "SELECT DISTINCT a.id, a.name, a.name_fold FROM grants g JOIN accounts a ON a.id = g.account
         WHERE g.role = $1 AND (g.unit = $2 OR ($2 IS NULL AND g.unit IS NULL)) AND g.ended_at IS NULL
             AND g.from_day <= $3 AND (g.until_day IS NULL OR g.until_day >= $3)
             AND a.closed_at IS NULL AND a.service IS NULL
         ORDER BY a.name_fold, a.id",
    )
    .bind(role)
    .bind(unit)
    .bind(day.to_string())
    .fetch_all::<(Id, String, String)>(on)
    .await
    .map(|rows| rows.into_iter().map(|(id, name, _)| (id, name)).collect())
}

/// The people who hold `role` at any of these units on a day, by name, with the unit.
pub async fn holders_at(db: &Db, role: Role, units: &[&str], day: Date) -> Result<Vec<(Id, String, String)>> {
    query(
        "SELECT DISTINCT a.id, a.name, g.unit, a.name_fold FROM grants g JOIN accounts a ON a.id = g.account
         WHERE g.role = $1 AND g.unit IN (SELECT value FROM json_each($2)) AND g.ended_at IS NULL
             AND g.from_day <= $3 AND (g.until_day IS NULL OR g.until_day >= $3)
             AND a.closed_at IS NULL AND a.service IS NULL
         ORDER BY a.name_fold, a.id, g.unit",
    )
    .bind(role)
    .bind(serde_json::json!(units))
    .bind(day.to_string())
    .fetch_all::<(Id, String, String, String)>(db)
    .await
    .map(|rows| rows.into_iter().map(|(id, name, unit, _)| (id, name, unit)).collect())
}
