//! At the counter, without an account: someone is known by their papers from now on, and takes the account over later by a
//! code on the receipt.
//!
//! Such an account has no password, so nobody signs in to it. Who registers with its number later must show the code:
//! otherwise a stranger who knows the number would get what an office has written there.

use jiff::ToSpan;
use serde_json::json;
use songhan_app::Cx;
use songhan_base::{FieldError, Id, Internal, Lang};
use songhan_db::Tx;

use crate::account::{self, Account, NewPerson, Typed};
use crate::born::Born;
use crate::citizen_card::CitizenCard;
use crate::people::{NotCreated, create_account};
use crate::person_kind::PersonKind;
use crate::rules::Rules;
use crate::{store, totp};

impl NewPerson {
    /// The person of an identity card that was scanned.
    pub fn of_card(card: CitizenCard) -> Self {
        Self {
            kind: PersonKind::Citizen,
            name: card.name,
            citizen_id: Some(card.citizen_id),
            passport: None,
            born: Born::Day(card.date_of_birth),
            phone: None,
            email: None,
            address: Some(card.address),
            area: None,
            lang: Lang::Vi,
            password: None,
        }
    }
}

/// Checks what an officer typed from someone's papers: the year of birth may stand alone, and nobody needs a telephone.
pub fn check_at_counter(cx: &Cx, typed: &Typed) -> Result<NewPerson, Vec<FieldError>> {
    account::check_person(cx, typed, true)
}

/// The account of whoever shows these papers: theirs if there is one, as it is; else a new one that nobody can sign in to
/// yet. What another account uses as its telephone or e-mail address is left out of a new one.
pub async fn person_at_counter(tx: &mut Tx, cx: &Cx, new: NewPerson) -> Result<Account, Internal> {
    let mut new = NewPerson { password: None, ..new };
    if let Some(found) = store::account_by_paper(tx, new.paper()).await? {
        return Ok(found);
    }
    // Two counters, or a counter and a registration, may be at it together: nobody waits inside a lost transaction.
    let taken = store::taken(&mut *tx, None, new.paper(), new.phone.as_deref(), new.email.as_deref()).await?;
    if taken.contains(&"phone") {
        new.phone = None;
    }
    if taken.contains(&"email") {
        new.email = None;
    }
    let paper = new.clone();
    match create_account(tx, cx, new).await {
        Ok(_) | Err(NotCreated::Taken(_)) => {}
        Err(NotCreated::Internal(error)) => return Err(error),
    }
    let found = store::account_by_paper(tx, paper.paper()).await?;
    found.ok_or_else(|| Internal::new("the telephone or e-mail address was taken at this moment; try again"))
}

/// A new one-time code to take the account over, for the receipt; the one before counts no longer. `None` where the
/// account has been taken over, or is closed.
pub async fn claim_code(tx: &mut Tx, cx: &Cx, account: Id) -> Result<Option<String>, Internal> {
    let found = store::account(&mut *tx, account).await?;
    let open = found.is_some_and(|found| found.closed_at.is_none() && found.service.is_none());
    if !open || store::password(&mut *tx, account).await?.is_some() {
        return Ok(None);
    }
    let code = totp::recovery_code(&cx.env);
    let hash = totp::recovery_hash(&code).ok_or_else(|| Internal::new("a claim code has the wrong form"))?;
    let days = cx.city.get::<Rules>().claim_days;
    // A day's end in the city: what the receipt says as a date holds to its last minute.
    let last = cx.today().checked_add(days.days()).map_err(Internal::new)?;
    let expires = last.tomorrow().and_then(|day| day.to_zoned(cx.zone.clone())).map_err(Internal::new)?.timestamp();
    store::set_claim_code(tx, account, &hash, expires).await?;
    tx.audit("identity.claim_code_made", &format!("account:{account}"), json!({ "until": last.to_string() })).await?;
    Ok(Some(code))
}

/// Whether the account was made at a counter and nobody has taken it over yet.
pub async fn is_unclaimed<'a>(on: impl Into<songhan_db::On<'a>>, account: Id) -> Result<bool, Internal> {
    let mut on = on.into();
    let found = store::account(on.again(), account).await?;
    Ok(found.is_some_and(|found| found.service.is_none()) && store::password(on, account).await?.is_none())
}
