//! Claim an account: who has the code of a counter's receipt sets the password and is its owner from then on.

use serde_json::json;
use songhan_app::Cx;
use songhan_db::{At, Tx};

use super::register::{Registered, Rejection};
use crate::account::{Account, Contact, NewPerson, wrong};
use crate::events::AccountClaimed;
use crate::limits::Limits;
use crate::password::PasswordHash;
use crate::{store, totp};

/// What a wrong code is told, whether or not there is anything to claim.
fn refused(cx: &Cx) -> Rejection {
    Rejection::Invalid(vec![wrong(cx, "claim_code", "claim_wrong")])
}

/// Counts an attempt for the number that was typed, before any work is done for it.
pub(super) fn count(cx: &Cx, new: &NewPerson) -> Result<(), Rejection> {
    let paper = new.paper();
    let passport = paper.passport.map(|passport| format!("{} {}", passport.country, passport.number));
    let number = paper.citizen_id.map(str::to_owned).or(passport).unwrap_or_default();
    Limits::of(cx).proof(&format!("claim {number}")).map_err(Rejection::TooMany)
}

/// Takes over the account that has the new person's number. Its name and day of birth stay as the office wrote them.
pub(super) async fn claim(
    cx: &Cx,
    new: &NewPerson,
    code: &str,
    password: &PasswordHash,
) -> Result<Registered, Rejection> {
    let hash = totp::recovery_hash(code).ok_or_else(|| refused(cx))?;
    let mut tx = cx.begin().await?;
    let found = store::account_by_paper(&mut tx, new.paper()).await?;
    let found = found.filter(|found| found.closed_at.is_none()).ok_or_else(|| refused(cx))?;
    let owned = store::password(&mut tx, found.id).await?.is_some();
    if owned || !store::use_claim_code(&mut tx, found.id, &hash).await? {
        tx.audit("identity.claim_refused", &format!("account:{}", found.id), json!({})).await?;
        tx.commit().await?;
        return Err(refused(cx));
    }
    let made = take_over(&mut tx, cx, found, new, password).await?;
    cx.keep(&mut tx, 201, &made).await?;
    tx.commit().await?;
    Ok(made)
}

async fn take_over(
    tx: &mut Tx,
    cx: &Cx,
    found: Account,
    new: &NewPerson,
    password: &PasswordHash,
) -> Result<Registered, Rejection> {
    let contact = Contact {
        phone: new.phone.clone().or(found.phone),
        email: new.email.clone().or(found.email),
        address: new.address.clone().or(found.address),
        area: new.area.clone().or(found.area),
    };
    let (phone, email) = (contact.phone.as_deref(), contact.email.as_deref());
    let taken = store::taken(&mut *tx, Some(found.id), store::Paper::default(), phone, email).await?;
    if !taken.is_empty() {
        return Err(Rejection::Taken(taken));
    }
    match store::set_contact(tx, found.id, &contact, cx.lang).await {
        Err(error) if songhan_db::unique_violation(&error) => return Err(Rejection::Taken(vec!["email"])),
        other => other?,
    }
    store::set_password(tx, found.id, password).await?;
    tx.audit("identity.account_claimed", &format!("account:{}", found.id), json!({})).await?;
    tx.emit(AccountClaimed { account: found.id }).await?;
    Ok(Registered { id: found.id, name: found.name, citizen_id: new.masked(), created_at: At(tx.now()) })
}
