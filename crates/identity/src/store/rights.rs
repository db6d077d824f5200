//! People's keys, their corrections, codes for a forgotten password, and erasing.

use jiff::Timestamp;
use songhan_base::{CitizenId, Id, fold};
use songhan_db::{At, On, Result, Tx, query};

/// The sealed key of a person; `Some(None)` once it is destroyed.
pub async fn person_key<'a>(on: impl Into<On<'a>>, account: Id) -> Result<Option<Option<String>>> {
    let row: Option<(Option<String>,)> =
        query("SELECT wrapped FROM person_keys WHERE account = $1").bind(account).fetch_optional(on).await?;
    Ok(row.map(|(wrapped,)| wrapped))
}

pub async fn insert_person_key(tx: &mut Tx, account: Id, wrapped: &str) -> Result<()> {
    let now = tx.now();
    query("INSERT INTO person_keys (account, wrapped, made_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
        .bind(account)
        .bind(wrapped)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// Takes a person's data out of identity's tables and destroys their key. The row stays: what they did refers to it.
pub async fn erase_account(tx: &mut Tx, account: Id, name: &str) -> Result<()> {
    let now = tx.now();
    query(
        "INSERT INTO person_keys (account, wrapped, made_at, destroyed_at) VALUES ($1, NULL, $2, $2)
         ON CONFLICT (account) DO UPDATE SET wrapped = NULL, destroyed_at = $2",
    )
    .bind(account)
    .bind(now)
    .execute(&mut *tx)
    .await?;
    query(
        "UPDATE accounts SET name = $2, name_fold = $3, citizen_id = NULL, passport_country = NULL, passport = NULL,
             date_of_birth = NULL, birth_year = NULL, phone = NULL, email = NULL, email_fold = NULL, address = NULL,
             area = NULL, changed_at = $4, erased_at = $4 WHERE id = $1",
    )
    .bind(account)
    .bind(name)
    .bind(fold(name))
    .bind(now)
    .execute(&mut *tx)
    .await?;
    for sql in [
        "DELETE FROM passwords WHERE account = $1",
        "DELETE FROM recovery_codes WHERE account = $1",
        "DELETE FROM totp WHERE account = $1",
        "DELETE FROM half_sign_ins WHERE account = $1",
        "DELETE FROM sessions WHERE account = $1",
        "DELETE FROM claim_codes WHERE account = $1",
        "DELETE FROM reset_codes WHERE account = $1",
        "DELETE FROM corrections WHERE account = $1",
    ] {
        query(sql).bind(account).execute(&mut *tx).await?;
    }
    // Whom they acted for goes too, where nobody else acts for them.
    query("UPDATE mandates SET offered_to = NULL WHERE agent = $1").bind(account).execute(&mut *tx).await?;
    query(
        "UPDATE mandates SET state = 'ended', ended_at = $2, ended_by = 'erased'
         WHERE (agent = $1 OR grantor = $1) AND state IN ('claimed', 'confirmed')",
    )
    .bind(account)
    .bind(now)
    .execute(&mut *tx)
    .await?;
    query("DELETE FROM mandates WHERE grantor = $1 AND agent IS NULL").bind(account).execute(&mut *tx).await?;
    query(
        "UPDATE parties SET name = $2, name_fold = $3, citizen_id = NULL, birth_certificate = NULL, address = NULL,
             born = CASE WHEN born IS NULL THEN NULL ELSE substr(born, 1, 4) END
         WHERE added_by = $1 AND kind <> 'organisation' AND NOT EXISTS (
             SELECT 1 FROM mandates m WHERE m.party = parties.id AND m.agent <> $1 AND m.state IN ('claimed', 'confirmed'))",
    )
    .bind(account)
    .bind(name)
    .bind(fold(name))
    .execute(tx)
    .await?;
    Ok(())
}

/// What someone wants corrected.
#[derive(Clone, Debug, serde::Serialize, sqlx::FromRow, utoipa::ToSchema)]
#[schema(as = Correction)]
pub struct Correction {
    #[schema(value_type = String, format = Uuid)]
    pub id: Id,
    #[schema(value_type = String, format = Uuid)]
    pub account: Id,
    /// `name`, `citizen_id` or `date_of_birth`.
    #[schema(example = "name")]
    pub field: String,
    pub wanted: String,
    pub reason: String,
    /// `open`, `accepted` or `refused`.
    #[schema(example = "open")]
    pub state: String,
    /// What the office says to it.
    pub answer: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub made_at: At,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub decided_at: Option<At>,
}

pub async fn insert_correction(tx: &mut Tx, new: (Id, Id, &str, &str, &str)) -> Result<()> {
    let (now, (id, account, field, wanted, reason)) = (tx.now(), new);
    query(
        "INSERT INTO corrections (id, account, field, wanted, reason, state, made_at)
         VALUES ($1, $2, $3, $4, $5, 'open', $6)",
    )
    .bind(id)
    .bind(account)
    .bind(field)
    .bind(wanted)
    .bind(reason)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// One request for correction, held for who decides it.
pub async fn lock_correction(tx: &mut Tx, id: Id) -> Result<Option<Correction>> {
    query(
        "SELECT id, account, field, wanted, reason, state, answer, made_at, decided_at FROM corrections
         WHERE id = $1 /*pg FOR UPDATE*/",
    )
    .bind(id)
    .fetch_optional(tx)
    .await
}

/// One's own, the latest first.
pub async fn corrections_of<'a>(on: impl Into<On<'a>>, account: Id) -> Result<Vec<Correction>> {
    query(
        "SELECT id, account, field, wanted, reason, state, answer, made_at, decided_at FROM corrections
         WHERE account = $1 ORDER BY made_at DESC, id DESC LIMIT 100",
    )
    .bind(account)
    .fetch_all(on)
    .await
}

/// Those that wait, the oldest first.
pub async fn corrections_open<'a>(on: impl Into<On<'a>>) -> Result<Vec<Correction>> {
    query(
        "SELECT id, account, field, wanted, reason, state, answer, made_at, decided_at FROM corrections
         WHERE state = 'open' ORDER BY made_at, id LIMIT 200",
    )
    .fetch_all(on)
    .await
}

pub async fn decide_correction(tx: &mut Tx, id: Id, state: &str, answer: &str) -> Result<()> {
    let (now, by) = (tx.now(), tx.stamp().actor.clone());
    query("UPDATE corrections SET state = $2, answer = $3, decided_by = $4, decided_at = $5 WHERE id = $1")
        .bind(id)
        .bind(state)
        .bind(answer)
        .bind(by)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn set_name(tx: &mut Tx, account: Id, name: &str) -> Result<()> {
    let now = tx.now();
    query("UPDATE accounts SET name = $2, name_fold = $3, changed_at = $4 WHERE id = $1")
        .bind(account)
        .bind(name)
        .bind(fold(name))
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn set_citizen_id(tx: &mut Tx, account: Id, number: &CitizenId) -> Result<()> {
    let now = tx.now();
    query("UPDATE accounts SET citizen_id = $2, changed_at = $3 WHERE id = $1")
        .bind(account)
        .bind(number)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn set_born(tx: &mut Tx, account: Id, born: crate::born::Born) -> Result<()> {
    let now = tx.now();
    query("UPDATE accounts SET date_of_birth = $2, birth_year = $3, changed_at = $4 WHERE id = $1")
        .bind(account)
        .bind(born.day().map(|day| day.to_string()))
        .bind(born.day().is_none().then(|| i64::from(born.year())))
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// Wrong codes after which one counts no longer.
const ATTEMPTS_MAX: i64 = 5;

/// Replaces the code for a forgotten password.
pub async fn set_reset_code(tx: &mut Tx, account: Id, hash: &str, expires: Timestamp) -> Result<()> {
    let now = tx.now();
    query(
        "INSERT INTO reset_codes (account, hash, made_at, expires_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (account) DO UPDATE SET hash = $2, made_at = $3, expires_at = $4, attempts = 0",
    )
    .bind(account)
    .bind(hash)
    .bind(now)
    .bind(expires)
    .execute(tx)
    .await?;
    Ok(())
}

/// Uses it up; `false` when it is wrong, too old or was tried too often. A wrong one is counted.
pub async fn use_reset_code(tx: &mut Tx, account: Id, hash: &str) -> Result<bool> {
    let now = tx.now();
    let rows = query("DELETE FROM reset_codes WHERE account = $1 AND hash = $2 AND expires_at > $3 AND attempts < $4")
        .bind(account)
        .bind(hash)
        .bind(now)
        .bind(ATTEMPTS_MAX)
        .execute(&mut *tx)
        .await?;
    if rows == 0 {
        query("UPDATE reset_codes SET attempts = attempts + 1 WHERE account = $1").bind(account).execute(tx).await?;
    }
    Ok(rows == 1)
}

/// Whether a code for this account would still be taken: what decides nothing, but spares a slow hash.
pub async fn reset_code_fits<'a>(on: impl Into<On<'a>>, account: Id, hash: &str, now: Timestamp) -> Result<bool> {
    let row: Option<(Id,)> =
        query("SELECT account FROM reset_codes WHERE account = $1 AND hash = $2 AND expires_at > $3 AND attempts < $4")
            .bind(account)
            .bind(hash)
            .bind(now)
            .bind(ATTEMPTS_MAX)
            .fetch_optional(on)
            .await?;
    Ok(row.is_some())
}

/// Codes that ran out are forgotten.
pub async fn sweep_codes(tx: &mut Tx) -> Result<()> {
    let now = tx.now();
    query("DELETE FROM reset_codes WHERE expires_at < $1").bind(now).execute(&mut *tx).await?;
    query("DELETE FROM claim_codes WHERE expires_at < $1").bind(now).execute(tx).await?;
    Ok(())
}
