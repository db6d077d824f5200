//! What identity tells others of acting for someone: whom an account may act for, and whether a mandate fits.

use jiff::civil::Date;
use songhan_base::{Id, Internal};
use songhan_db::On;

use crate::account::Account;
use crate::born::Born;
use crate::mandate::{Acting, Mandate, WhyNot, judge};
use crate::party::{Party, PartyKind};
use crate::store;

/// Why nobody acts, or what failed on the way to knowing.
#[derive(Debug, thiserror::Error)]
pub enum MayNot {
    #[error(transparent)]
    Why(#[from] WhyNot),
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// What an account holds in any state, and what is offered to its number; the latest first.
pub async fn mandates_of<'a>(on: impl Into<On<'a>>, account: Id) -> Result<Vec<Mandate>, Internal> {
    store::mandates_held(on, account).await
}

/// Whether `account` may act by this mandate in a procedure of a field today, and for whom. Someone else's mandate is
/// like none.
pub async fn may_act<'a>(
    on: impl Into<On<'a>>,
    account: Id,
    mandate: Id,
    procedure: &str,
    field: &str,
    today: Date,
) -> Result<Acting, MayNot> {
    let mut on = on.into();
    let found = store::mandate(on.again(), mandate).await?.filter(|found| found.agent == Some(account));
    let mandate = found.ok_or(WhyNot::None)?;
    let party = party_of(on, &mandate).await?.ok_or(WhyNot::None)?;
    Ok(judge(Acting { party, mandate }, procedure, field, today)?)
}

/// The party with this id; what may be seen of it is for the caller to know.
pub async fn party<'a>(on: impl Into<On<'a>>, id: Id) -> Result<Option<Party>, Internal> {
    store::party(on, id).await
}

/// For whom a mandate is; `None` where they have closed their account.
pub async fn party_of<'a>(on: impl Into<On<'a>>, mandate: &Mandate) -> Result<Option<Party>, Internal> {
    if let Some(id) = mandate.party {
        return store::party(on, id).await;
    }
    let Some(grantor) = mandate.grantor else { return Ok(None) };
    let account = store::account(on, grantor).await?.filter(|account| account.closed_at.is_none());
    Ok(account.map(Party::from))
}

impl From<Account> for Party {
    fn from(account: Account) -> Self {
        let born = account.date_of_birth.map(Born::Day).or(account.birth_year.map(Born::Year));
        Self {
            id: account.id,
            kind: PartyKind::Person { citizen_id: account.citizen_id, born },
            name: account.name,
            address: account.address,
            area: account.area,
            confirmed_at: Some(account.created_at),
        }
    }
}
