//! Mandates: who may act for whom.

use jiff::civil::Date;
use songhan_base::{CitizenId, Id, Internal};
use songhan_db::{At, On, Result, Tx, query, query_dyn};

use crate::mandate::{Mandate, MandateKind, MandateState, Scope};

const SELECT: &str = "SELECT m.id, m.kind, m.state, m.agent, a.name AS agent_name, m.offered_to, m.party, m.grantor, \
     g.name AS grantor_name, COALESCE(p.name, g.name) AS principal, m.scope, m.from_day, m.until_day, m.evidence, \
     m.made_at, m.confirmed_at, m.ended_at \
     FROM mandates m LEFT JOIN accounts a ON a.id = m.agent LEFT JOIN accounts g ON g.id = m.grantor \
     LEFT JOIN parties p ON p.id = m.party";

#[derive(sqlx::FromRow)]
struct Row {
    id: Id,
    kind: String,
    state: String,
    agent: Option<Id>,
    agent_name: Option<String>,
    offered_to: Option<CitizenId>,
    party: Option<Id>,
    grantor: Option<Id>,
    grantor_name: Option<String>,
    principal: Option<String>,
    scope: String,
    from_day: String,
    until_day: Option<String>,
    evidence: Option<Id>,
    made_at: At,
    confirmed_at: Option<At>,
    ended_at: Option<At>,
}

impl TryFrom<Row> for Mandate {
    type Error = Internal;

    fn try_from(row: Row) -> Result<Self> {
        let odd = || Internal::new(format!("the mandate {} is not whole", row.id));
        Ok(Self {
            id: row.id,
            kind: MandateKind::read(&row.kind).ok_or_else(odd)?,
            state: MandateState::read(&row.state).ok_or_else(odd)?,
            agent: row.agent,
            agent_name: row.agent_name,
            offered_to: row.offered_to.map(|number| number.masked()),
            party: row.party,
            grantor: row.grantor,
            grantor_name: row.grantor_name,
            principal: row.principal.unwrap_or_default(),
            scope: serde_json::from_str::<Scope>(&row.scope).map_err(Internal::new)?,
            from: row.from_day.parse().map_err(Internal::new)?,
            until: row.until_day.map(|day| day.parse()).transpose().map_err(Internal::new)?,
            evidence: row.evidence,
            made_at: row.made_at,
            confirmed_at: row.confirmed_at,
            ended_at: row.ended_at,
        })
    }
}

/// A mandate to be written.
pub struct NewMandate<'a> {
    pub id: Id,
    pub kind: MandateKind,
    pub state: MandateState,
    pub agent: Option<Id>,
    pub offered_to: Option<&'a CitizenId>,
    pub party: Option<Id>,
    pub grantor: Option<Id>,
    pub scope: &'a Scope,
    pub from: Date,
    pub until: Option<Date>,
    pub evidence: Option<Id>,
}

pub async fn insert_mandate(tx: &mut Tx, new: NewMandate<'_>) -> Result<()> {
    let now = tx.now();
    let scope = serde_json::to_string(new.scope).map_err(Internal::new)?;
    query(
        "INSERT INTO mandates (id, kind, state, agent, offered_to, party, grantor, scope, from_day, until_day, evidence,
             made_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(new.id)
    .bind(new.kind.as_str())
    .bind(new.state.as_str())
    .bind(new.agent)
    .bind(new.offered_to.map(CitizenId::as_str))
    .bind(new.party)
    .bind(new.grantor)
    .bind(scope)
    .bind(new.from.to_string())
    .bind(new.until.map(|day| day.to_string()))
    .bind(new.evidence)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn mandate<'a>(on: impl Into<On<'a>>, id: Id) -> Result<Option<Mandate>> {
    let row: Option<Row> = query_dyn(format!("{SELECT} WHERE m.id = $1")).bind(id).fetch_optional(on).await?;
    row.map(Mandate::try_from).transpose()
}

/// The mandate while nobody else may change it.
pub async fn lock_mandate(tx: &mut Tx, id: Id) -> Result<Option<Mandate>> {
    let found: Option<(Id,)> =
        query("SELECT id FROM mandates WHERE id = $1 /*pg FOR UPDATE*/").bind(id).fetch_optional(&mut *tx).await?;
    if found.is_none() { Ok(None) } else { mandate(tx, id).await }
}

/// What an account holds, and what is offered to its number; the latest first.
pub async fn mandates_held<'a>(on: impl Into<On<'a>>, account: Id) -> Result<Vec<Mandate>> {
    let rows: Vec<Row> = query_dyn(format!(
        "{SELECT} WHERE m.agent = $1
             OR (m.state = 'offered' AND m.offered_to = (SELECT citizen_id FROM accounts WHERE id = $1))
         ORDER BY m.made_at DESC, m.id DESC LIMIT 200"
    ))
    .bind(account)
    .fetch_all(on)
    .await?;
    rows.into_iter().map(Mandate::try_from).collect()
}

/// What an account gave to others, the latest first.
pub async fn mandates_given<'a>(on: impl Into<On<'a>>, account: Id) -> Result<Vec<Mandate>> {
    let rows: Vec<Row> =
        query_dyn(format!("{SELECT} WHERE m.grantor = $1 ORDER BY m.made_at DESC, m.id DESC LIMIT 200"))
            .bind(account)
            .fetch_all(on)
            .await?;
    rows.into_iter().map(Mandate::try_from).collect()
}

/// How many of an account's open mandates there are: those it holds, and those it gave.
pub async fn count_open(tx: &mut Tx, account: Id) -> Result<(i64, i64)> {
    query(
        "SELECT (SELECT count(*) FROM mandates WHERE agent = $1 AND state IN ('claimed', 'confirmed')),
                (SELECT count(*) FROM mandates WHERE grantor = $1 AND state IN ('offered', 'confirmed'))",
    )
    .bind(account)
    .fetch_one(tx)
    .await
}

/// Whether an account speaks for a party of its own right on a day.
pub async fn speaks_for<'a>(on: impl Into<On<'a>>, account: Id, party: Id, day: Date) -> Result<bool> {
    let row: Option<(Id,)> = query(
        "SELECT id FROM mandates WHERE agent = $1 AND party = $2 AND state = 'confirmed' AND kind <> 'written_authority'
             AND from_day <= $3 AND (until_day IS NULL OR until_day >= $3) LIMIT 1",
    )
    .bind(account)
    .bind(party)
    .bind(day.to_string())
    .fetch_optional(on)
    .await?;
    Ok(row.is_some())
}

/// The account whose number an offer names has accepted it.
pub async fn accept_mandate(tx: &mut Tx, id: Id, agent: Id) -> Result<()> {
    let (now, by) = (tx.now(), tx.stamp().actor.clone());
    query("UPDATE mandates SET state = 'confirmed', agent = $2, confirmed_at = $3, confirmed_by = $4 WHERE id = $1")
        .bind(id)
        .bind(agent)
        .bind(now)
        .bind(by)
        .execute(tx)
        .await?;
    Ok(())
}

/// An office has confirmed it, for `party` (which may be another row of the same organisation).
pub async fn confirm_mandate(tx: &mut Tx, id: Id, party: Option<Id>) -> Result<()> {
    let (now, by) = (tx.now(), tx.stamp().actor.clone());
    query("UPDATE mandates SET state = 'confirmed', party = $2, confirmed_at = $3, confirmed_by = $4 WHERE id = $1")
        .bind(id)
        .bind(party)
        .bind(now)
        .bind(by)
        .execute(tx)
        .await?;
    Ok(())
}

/// Ends it, in one of the states that are no longer open.
pub async fn close_mandate(tx: &mut Tx, id: Id, state: MandateState) -> Result<()> {
    let (now, by) = (tx.now(), tx.stamp().actor.clone());
    query("UPDATE mandates SET state = $2, ended_at = $3, ended_by = $4 WHERE id = $1")
        .bind(id)
        .bind(state.as_str())
        .bind(now)
        .bind(by)
        .execute(tx)
        .await?;
    Ok(())
}

/// Whether this mandate was offered to whoever has this number.
pub async fn is_offered_to(tx: &mut Tx, id: Id, number: &CitizenId) -> Result<bool> {
    let row: Option<(Id,)> = query("SELECT id FROM mandates WHERE id = $1 AND offered_to = $2")
        .bind(id)
        .bind(number)
        .fetch_optional(tx)
        .await?;
    Ok(row.is_some())
}
