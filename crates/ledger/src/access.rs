//! Who may see a charge: its payer, whoever holds its secret link, and the office of the unit that is paid.

use songhan_app::{Cx, Problem};
use songhan_base::{Id, Internal, Role};
use subtle::ConstantTimeEq;

use crate::charge::Charge;
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
    let is_office = cx.actor.has_at(Role::Officer, &charge.unit) || cx.actor.has_at(Role::Leader, &charge.unit);
    if is_payer || holds_key || is_office { Ok(Seen { charge, may_pay: is_payer || holds_key }) } else { Err(hidden()) }
}
