//! Who may see a charge: its payer, whoever holds its secret link, and the office of the unit that is paid. Who keeps
//! which books: the accountants of a unit its refunds, orders and closings; statements of an account that several units
//! share, and what waits in its suspense, those of the city.

use songhan_app::{Cx, Problem};
use songhan_base::{Actor, Id, Internal, Role};
use subtle::ConstantTimeEq;

use crate::charge::Charge;
use crate::config::BankAccounts;
use crate::store;

/// A charge that the actor may see.
pub struct Seen {
    pub charge: Charge,
    /// May also pay it: the payer and the holder of the link; an office only looks on.
    pub may_pay: bool,
}

/// Why a charge is not shown. Whether it exists is not told.
#[derive(Debug, thiserror::Error)]
pub enum Hidden {
    #[error("this charge needs an account, or the link from the receipt")]
    SignIn,
    #[error("there is no such charge, or it is not yours to see")]
    NotFound,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl From<Hidden> for Problem {
    fn from(hidden: Hidden) -> Self {
        match hidden {
            Hidden::SignIn => Self::unauthorized(),
            Hidden::NotFound => Self::not_found("charge"),
            Hidden::Internal(error) => error.into(),
        }
    }
}

/// The charge, if the actor or the holder of `key` may see it.
pub async fn see(cx: &Cx, id: Id, key: Option<&str>) -> Result<Seen, Hidden> {
    let hidden = || if cx.actor.person().is_some() { Hidden::NotFound } else { Hidden::SignIn };
    let charge = store::charges::by_id(&cx.db, id).await?.ok_or_else(hidden)?;
    let is_payer = charge.payer.is_some() && charge.payer == cx.actor.account();
    let holds_key = key.is_some_and(|key| bool::from(key.as_bytes().ct_eq(charge.secret.as_bytes())));
    let roles = [Role::Officer, Role::Leader, Role::Accountant];
    let is_office = roles.iter().any(|role| cx.actor.has_at(*role, &charge.unit));
    if is_payer || holds_key || is_office { Ok(Seen { charge, may_pay: is_payer || holds_key }) } else { Err(hidden()) }
}

/// Whether the actor keeps the books of a unit.
pub fn keeps_books(cx: &Cx, unit: &str) -> bool {
    matches!(cx.actor, Actor::System(_)) || cx.actor.has_at(Role::Accountant, unit)
}

/// The units whose books the actor keeps; `None` is the whole city.
pub fn book_units(cx: &Cx) -> Option<Vec<String>> {
    if matches!(cx.actor, Actor::System(_)) {
        return None;
    }
    cx.actor.units(&[Role::Accountant]).into_iter().map(|unit| unit.map(str::to_owned)).collect()
}

/// Whether the actor keeps the books of a bank account or the gateway: the city's accountants all, a unit's its own.
pub fn keeps_account(cx: &Cx, accounts: &BankAccounts, number: &str) -> bool {
    book_units(cx).is_none() || accounts.units_of(number).iter().any(|unit| keeps_books(cx, unit))
}

/// Who acts: for columns, and for people.
pub fn who(cx: &Cx) -> (String, String) {
    let label = cx.actor.label();
    let name = cx.actor.person().map_or_else(|| label.clone(), |person| person.name.clone());
    (label, name)
}
