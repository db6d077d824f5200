//! The register of who signs for whom and who does whose work.

use jiff::civil::Date;
use songhan_base::{Id, Internal, Role};
use songhan_db::{At, On, Result, Tx, query, query_dyn};

use crate::delegation::{Delegation, DelegationKind};
use crate::mandate::Scope;

const SELECT: &str = "SELECT d.id, d.kind, d.unit, d.giver, g.name AS giver_name, d.receiver, r.name AS receiver_name, \
     d.scope, d.from_day, d.until_day, d.document, d.title, d.given_at, d.ended_at \
     FROM delegations d JOIN accounts g ON g.id = d.giver JOIN accounts r ON r.id = d.receiver";

#[derive(sqlx::FromRow)]
struct Row {
    id: Id,
    kind: String,
    unit: String,
    giver: Id,
    giver_name: String,
    receiver: Id,
    receiver_name: String,
    scope: String,
    from_day: String,
    until_day: Option<String>,
    document: Option<String>,
    title: Option<String>,
    given_at: At,
    ended_at: Option<At>,
}

impl TryFrom<Row> for Delegation {
    type Error = Internal;

    fn try_from(row: Row) -> Result<Self> {
        let kind = DelegationKind::read(&row.kind);
        Ok(Self {
            kind: kind.ok_or_else(|| Internal::new(format!("the delegation {} is not whole", row.id)))?,
            id: row.id,
            unit: row.unit,
            giver: row.giver,
            giver_name: row.giver_name,
            receiver: row.receiver,
            receiver_name: row.receiver_name,
            scope: serde_json::from_str::<Scope>(&row.scope).map_err(Internal::new)?,
            from: row.from_day.parse().map_err(Internal::new)?,
            until: row.until_day.map(|day| day.parse()).transpose().map_err(Internal::new)?,
            document: row.document,
            title: row.title,
            given_at: row.given_at,
            ended_at: row.ended_at,
        })
    }
}

/// An entry to be written.
pub struct NewDelegation<'a> {
    pub id: Id,
    pub kind: DelegationKind,
    pub unit: &'a str,
    pub giver: Id,
    pub receiver: Id,
    pub scope: &'a Scope,
    pub from: Date,
    pub until: Option<Date>,
    pub document: Option<&'a str>,
    pub title: Option<&'a str>,
}

pub async fn insert_delegation(tx: &mut Tx, new: NewDelegation<'_>) -> Result<()> {
    let (now, by) = (tx.now(), tx.stamp().actor.clone());
    let scope = serde_json::to_string(new.scope).map_err(Internal::new)?;
    query(
        "INSERT INTO delegations (id, kind, unit, giver, receiver, scope, from_day, until_day, document, title,
             given_by, given_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(new.id)
    .bind(new.kind.as_str())
    .bind(new.unit)
    .bind(new.giver)
    .bind(new.receiver)
    .bind(scope)
    .bind(new.from.to_string())
    .bind(new.until.map(|day| day.to_string()))
    .bind(new.document)
    .bind(new.title)
    .bind(by)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn delegation<'a>(on: impl Into<On<'a>>, id: Id) -> Result<Option<Delegation>> {
    let row: Option<Row> = query_dyn(format!("{SELECT} WHERE d.id = $1")).bind(id).fetch_optional(on).await?;
    row.map(Delegation::try_from).transpose()
}

/// The entries of units (all, where there is no list), the latest first.
pub async fn delegations<'a>(on: impl Into<On<'a>>, units: Option<&[&str]>) -> Result<Vec<Delegation>> {
    let rows: Vec<Row> = query_dyn(format!(
        "{SELECT} WHERE $1 OR d.unit IN (SELECT value FROM json_each($2)) ORDER BY d.given_at DESC, d.id DESC LIMIT 500"
    ))
    .bind(units.is_none())
    .bind(serde_json::to_string(units.unwrap_or_default()).map_err(Internal::new)?)
    .fetch_all(on)
    .await?;
    rows.into_iter().map(Delegation::try_from).collect()
}

const IN_FORCE: &str =
    "d.unit = $2 AND d.ended_at IS NULL AND d.from_day <= $3 AND (d.until_day IS NULL OR d.until_day >= $3)
     ORDER BY d.given_at DESC, d.id DESC LIMIT 100";

/// What an account was given at a unit and is in force on a day, the latest first.
pub async fn delegations_to<'a>(on: impl Into<On<'a>>, receiver: Id, unit: &str, day: Date) -> Result<Vec<Delegation>> {
    in_force(on, format!("{SELECT} WHERE d.receiver = $1 AND {IN_FORCE}"), receiver, unit, day).await
}

/// What an account gave at a unit and is in force on a day, the latest first.
pub async fn delegations_from<'a>(on: impl Into<On<'a>>, giver: Id, unit: &str, day: Date) -> Result<Vec<Delegation>> {
    in_force(on, format!("{SELECT} WHERE d.giver = $1 AND {IN_FORCE}"), giver, unit, day).await
}

async fn in_force<'a>(
    on: impl Into<On<'a>>,
    sql: String,
    account: Id,
    unit: &str,
    day: Date,
) -> Result<Vec<Delegation>> {
    let rows: Vec<Row> = query_dyn(sql).bind(account).bind(unit).bind(day.to_string()).fetch_all(on).await?;
    rows.into_iter().map(Delegation::try_from).collect()
}

/// What an account was ever given to sign, at any unit, the latest first: to say why it may not sign now.
pub async fn signatures_given_to<'a>(on: impl Into<On<'a>>, receiver: Id) -> Result<Vec<Delegation>> {
    let rows: Vec<Row> = query_dyn(format!(
        "{SELECT} WHERE d.receiver = $1 AND d.kind <> 'substitute' ORDER BY d.given_at DESC, d.id DESC LIMIT 200"
    ))
    .bind(receiver)
    .fetch_all(on)
    .await?;
    rows.into_iter().map(Delegation::try_from).collect()
}

/// Ends an entry; `false` when it had ended.
pub async fn end_delegation(tx: &mut Tx, id: Id) -> Result<bool> {
    let (now, by) = (tx.now(), tx.stamp().actor.clone());
    let rows = query("UPDATE delegations SET ended_at = $2, ended_by = $3 WHERE id = $1 AND ended_at IS NULL")
        .bind(id)
        .bind(now)
        .bind(by)
        .execute(tx)
        .await?;
    Ok(rows == 1)
}

/// Whether an open account holds a role at a unit (or for the whole city) on a day.
pub async fn holds<'a>(on: impl Into<On<'a>>, account: Id, role: Role, unit: &str, day: Date) -> Result<bool> {
    let row: Option<(Id,)> = query(
        "SELECT g.id FROM grants g JOIN accounts a ON a.id = g.account
         WHERE g.account = $1 AND g.role = $2 AND (g.unit = $3 OR g.unit IS NULL) AND g.ended_at IS NULL
             AND g.from_day <= $4 AND (g.until_day IS NULL OR g.until_day >= $4) AND a.closed_at IS NULL LIMIT 1",
    )
    .bind(account)
    .bind(role)
    .bind(unit)
    .bind(day.to_string())
    .fetch_optional(on)
    .await?;
    Ok(row.is_some())
}

/// Whether an open account is the head of a unit on a day: a leader of it, and no deputy.
pub async fn heads<'a>(on: impl Into<On<'a>>, account: Id, unit: &str, day: Date) -> Result<bool> {
    leads(on, account, unit, day, false).await
}

/// Whether an open account is a deputy of a unit's head on a day.
pub async fn deputises<'a>(on: impl Into<On<'a>>, account: Id, unit: &str, day: Date) -> Result<bool> {
    leads(on, account, unit, day, true).await
}

async fn leads<'a>(on: impl Into<On<'a>>, account: Id, unit: &str, day: Date, deputy: bool) -> Result<bool> {
    let row: Option<(Id,)> = query(
        "SELECT g.id FROM grants g JOIN accounts a ON a.id = g.account
         WHERE g.account = $1 AND g.role = 'leader' AND g.deputy = $2 AND (g.unit = $3 OR g.unit IS NULL)
             AND g.ended_at IS NULL AND g.from_day <= $4 AND (g.until_day IS NULL OR g.until_day >= $4)
             AND a.closed_at IS NULL LIMIT 1",
    )
    .bind(account)
    .bind(deputy)
    .bind(unit)
    .bind(day.to_string())
    .fetch_optional(on)
    .await?;
    Ok(row.is_some())
}

/// Whether an open account holds a role at one of several units.
pub async fn holds_below<'a>(
    on: impl Into<On<'a>>,
    account: Id,
    role: Role,
    units: &[String],
    day: Date,
) -> Result<bool> {
    let row: Option<(Id,)> = query(
        "SELECT g.id FROM grants g JOIN accounts a ON a.id = g.account
         WHERE g.account = $1 AND g.role = $2 AND g.unit IN (SELECT value FROM json_each($3)) AND g.ended_at IS NULL
             AND g.from_day <= $4 AND (g.until_day IS NULL OR g.until_day >= $4) AND a.closed_at IS NULL LIMIT 1",
    )
    .bind(account)
    .bind(role)
    .bind(serde_json::to_string(units).map_err(Internal::new)?)
    .bind(day.to_string())
    .fetch_optional(on)
    .await?;
    Ok(row.is_some())
}
