//! All SQL of deliveries.

use songhan_base::{Id, Internal};
use songhan_db::{Db, On, Tx, query, query_dyn};

use crate::delivery::{Delivery, State};
use crate::parcel::{Manifest, Parcel};

const COLUMNS: &str = "case_id, code, title, unit, account, way, recipient, phone, address, state, parcel, number,
    service, reason, changed_at";
const PARCEL: &str = "id, manifest, case_id, code, title, account, number, recipient, phone, address, state, reason,
    handed_over_at, ended_at";
const MANIFEST: &str = "id, unit, number, service, officer, officer_name, handed_over_at";

pub async fn insert(tx: &mut Tx, d: &Delivery) -> Result<(), Internal> {
    query(
        "INSERT INTO result_deliveries (case_id, code, title, unit, account, way, recipient, phone, address, state, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(d.case_id)
    .bind(&d.code)
    .bind(&d.title)
    .bind(&d.unit)
    .bind(d.account)
    .bind(d.way.as_str())
    .bind(d.recipient.as_deref())
    .bind(d.phone.as_deref())
    .bind(d.address.as_deref())
    .bind(d.state.as_str())
    .bind(d.changed_at)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn update(tx: &mut Tx, d: &Delivery) -> Result<(), Internal> {
    query(
        "UPDATE result_deliveries SET way = $2, recipient = $3, phone = $4, address = $5, state = $6, parcel = $7, number = $8,
             service = $9, reason = $10, changed_at = $11 WHERE case_id = $1",
    )
    .bind(d.case_id)
    .bind(d.way.as_str())
    .bind(d.recipient.as_deref())
    .bind(d.phone.as_deref())
    .bind(d.address.as_deref())
    .bind(d.state.as_str())
    .bind(d.parcel)
    .bind(d.number.as_deref())
    .bind(d.service.as_deref())
    .bind(d.reason.as_deref())
    .bind(d.changed_at)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn of_case<'a>(on: impl Into<On<'a>>, case: Id) -> Result<Option<Delivery>, Internal> {
    query_dyn(format!("SELECT {COLUMNS} FROM result_deliveries WHERE case_id = $1")).bind(case).fetch_optional(on).await
}

/// Locked until the end of the transaction.
pub async fn lock(tx: &mut Tx, case: Id) -> Result<Option<Delivery>, Internal> {
    query_dyn(format!("SELECT {COLUMNS} FROM result_deliveries WHERE case_id = $1 /*pg FOR UPDATE*/"))
        .bind(case)
        .fetch_optional(tx)
        .await
}

/// Deliveries by post in these states, the longest there first, behind the place `after`; `None` is every unit.
pub async fn in_states(
    db: &Db,
    units: Option<&[String]>,
    states: &[State],
    after: Option<(i64, Id)>,
    limit: i64,
) -> Result<Vec<Delivery>, Internal> {
    let states: Vec<&str> = states.iter().map(|state| state.as_str()).collect();
    let mut pieces = vec!["way = 'post' AND state IN (SELECT value FROM json_each($1))".to_owned()];
    if units.is_some() {
        pieces.push("unit IN (SELECT value FROM json_each($3))".to_owned());
    }
    if after.is_some() {
        let n = if units.is_some() { 4 } else { 3 };
        pieces.push(format!("(changed_at, case_id) > (${n}, ${})", n + 1));
    }
    let mut sql = query_dyn(format!(
        "SELECT {COLUMNS} FROM result_deliveries WHERE {} ORDER BY changed_at, case_id LIMIT $2",
        pieces.join(" AND ")
    ))
    .bind(serde_json::json!(states))
    .bind(limit);
    if let Some(units) = units {
        sql = sql.bind(serde_json::json!(units));
    }
    if let Some((at, id)) = after {
        sql = sql.bind(at).bind(id);
    }
    sql.fetch_all(db).await
}

pub async fn of_account(db: &Db, account: Id, limit: i64) -> Result<Vec<Delivery>, Internal> {
    query_dyn(format!(
        "SELECT {COLUMNS} FROM result_deliveries WHERE account = $1 ORDER BY changed_at DESC, case_id LIMIT $2"
    ))
    .bind(account)
    .bind(limit)
    .fetch_all(db)
    .await
}

pub async fn insert_manifest(tx: &mut Tx, m: &Manifest) -> Result<(), Internal> {
    query_dyn(format!("INSERT INTO delivery_manifests ({MANIFEST}) VALUES ($1, $2, $3, $4, $5, $6, $7)"))
        .bind(m.id)
        .bind(&m.unit)
        .bind(&m.number)
        .bind(&m.service)
        .bind(&m.officer)
        .bind(&m.officer_name)
        .bind(m.handed_over_at)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn manifest(db: &Db, id: Id) -> Result<Option<Manifest>, Internal> {
    query_dyn(format!("SELECT {MANIFEST} FROM delivery_manifests WHERE id = $1")).bind(id).fetch_optional(db).await
}

/// The newest lists of these units.
pub async fn manifests(db: &Db, units: Option<&[String]>, limit: i64) -> Result<Vec<Manifest>, Internal> {
    let within = if units.is_some() { "WHERE unit IN (SELECT value FROM json_each($2))" } else { "" };
    let sql = query_dyn(format!(
        "SELECT {MANIFEST} FROM delivery_manifests {within} ORDER BY handed_over_at DESC, id DESC LIMIT $1"
    ))
    .bind(limit);
    match units {
        Some(units) => sql.bind(serde_json::json!(units)).fetch_all(db).await,
        None => sql.fetch_all(db).await,
    }
}

pub async fn insert_parcel(tx: &mut Tx, p: &Parcel) -> Result<(), Internal> {
    query(
        "INSERT INTO delivery_parcels (id, manifest, case_id, code, title, account, number, recipient, phone, address,
             state, handed_over_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(p.id)
    .bind(p.manifest)
    .bind(p.case_id)
    .bind(&p.code)
    .bind(&p.title)
    .bind(p.account)
    .bind(&p.number)
    .bind(p.recipient.as_deref())
    .bind(p.phone.as_deref())
    .bind(p.address.as_deref())
    .bind(&p.state)
    .bind(p.handed_over_at)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn end_parcel(tx: &mut Tx, id: Id, state: &str, reason: Option<&str>) -> Result<(), Internal> {
    let now = tx.now();
    query("UPDATE delivery_parcels SET state = $2, reason = $3, ended_at = $4 WHERE id = $1")
        .bind(id)
        .bind(state)
        .bind(reason)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// The code of a case of somebody else whose parcel had this number.
pub async fn other_with_number(tx: &mut Tx, number: &str, account: Id) -> Result<Option<String>, Internal> {
    let row: Option<(String,)> = query(
        "SELECT code FROM delivery_parcels WHERE number = $1 AND account <> $2 AND state <> 'withdrawn'
         ORDER BY handed_over_at LIMIT 1",
    )
    .bind(number)
    .bind(account)
    .fetch_optional(tx)
    .await?;
    Ok(row.map(|(code,)| code))
}

pub async fn parcels_on(db: &Db, manifest: Id) -> Result<Vec<Parcel>, Internal> {
    query_dyn(format!("SELECT {PARCEL} FROM delivery_parcels WHERE manifest = $1 ORDER BY code, id"))
        .bind(manifest)
        .fetch_all(db)
        .await
}

/// The list on which a parcel stands.
pub async fn manifest_of_parcel<'a>(on: impl Into<On<'a>>, parcel: Id) -> Result<Option<Manifest>, Internal> {
    query_dyn(format!(
        "SELECT {MANIFEST} FROM delivery_manifests WHERE id = (SELECT manifest FROM delivery_parcels WHERE id = $1)"
    ))
    .bind(parcel)
    .fetch_optional(on)
    .await
}

/// The ways of these cases.
pub async fn ways(db: &Db, cases: &[Id]) -> Result<Vec<(Id, String)>, Internal> {
    let cases = serde_json::to_string(cases).map_err(Internal::new)?;
    query("SELECT case_id, way FROM result_deliveries WHERE case_id IN (SELECT value FROM json_each($1))")
        .bind(cases)
        .fetch_all(db)
        .await
}

/// Those of these cases that wait for the carrier.
pub async fn waiting_among(db: &Db, cases: &[Id]) -> Result<Vec<Id>, Internal> {
    let cases = serde_json::to_string(cases).map_err(Internal::new)?;
    let rows: Vec<(Id,)> = query(
        "SELECT case_id FROM result_deliveries
         WHERE way = 'post' AND state IN ('ready', 'came_back') AND case_id IN (SELECT value FROM json_each($1))",
    )
    .bind(cases)
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Forgets to whom and where, and by what number.
pub async fn forget_case(tx: &mut Tx, case: Id) -> Result<(), Internal> {
    query(
        "UPDATE result_deliveries SET recipient = NULL, phone = NULL, address = NULL, reason = NULL, number = NULL
         WHERE case_id = $1",
    )
    .bind(case)
    .execute(&mut *tx)
    .await?;
    query(
        "UPDATE delivery_parcels SET recipient = NULL, phone = NULL, address = NULL, reason = NULL, number = ''
         WHERE case_id = $1",
    )
    .bind(case)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn parcels_of(db: &Db, account: Id, limit: i64) -> Result<Vec<Parcel>, Internal> {
    query_dyn(format!(
        "SELECT {PARCEL} FROM delivery_parcels WHERE account = $1 ORDER BY handed_over_at DESC, id LIMIT $2"
    ))
    .bind(account)
    .bind(limit)
    .fetch_all(db)
    .await
}

/// Forgets to whom and where; what was to go by post waits at the counter.
pub async fn forget_account(tx: &mut Tx, account: Id) -> Result<(), Internal> {
    query(
        "UPDATE result_deliveries SET recipient = NULL, phone = NULL, address = NULL, reason = NULL,
             way = CASE WHEN way = 'post' AND state IN ('chosen', 'ready', 'came_back') THEN 'counter' ELSE way END,
             state = CASE WHEN state IN ('ready', 'came_back') THEN 'chosen' ELSE state END
         WHERE account = $1",
    )
    .bind(account)
    .execute(&mut *tx)
    .await?;
    query(
        "UPDATE delivery_parcels SET recipient = NULL, phone = NULL, address = NULL, reason = NULL WHERE account = $1",
    )
    .bind(account)
    .execute(tx)
    .await?;
    Ok(())
}
