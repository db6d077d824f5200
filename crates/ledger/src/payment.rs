//! Lượt thanh toán: an attempt to pay a charge, or money that came without one.

use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use songhan_base::{Id, Money};

use crate::charge::Channel;

/// Trạng thái lượt thanh toán.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum PaymentState {
    /// Begun; the other side has not said how it ended.
    Created,
    /// The money is here.
    Succeeded,
    /// The other side says that no money was taken.
    Failed,
    /// The time is over and nobody has said anything.
    Expired,
}

impl PaymentState {
    pub const ALL: [Self; 4] = [Self::Created, Self::Succeeded, Self::Failed, Self::Expired];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Expired => "expired",
        }
    }

    /// Whether it may still become `next`. Money that arrives is believed whatever was said before, or it would be
    /// lost; that it failed is believed only of what is open; what succeeded stays.
    pub const fn may_become(self, next: Self) -> bool {
        match next {
            Self::Created => false,
            Self::Succeeded => !matches!(self, Self::Succeeded),
            Self::Failed => matches!(self, Self::Created | Self::Expired),
            Self::Expired => matches!(self, Self::Created),
        }
    }
}

impl FromStr for PaymentState {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|c| c.as_str() == s).ok_or_else(|| format!("{s:?} is no state of a payment"))
    }
}

/// An attempt, as the database holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    pub id: Id,
    pub charge: Id,
    pub channel: Channel,
    pub amount: Money,
    pub state: PaymentState,
    /// Our number for it, unique over all channels.
    pub txn_ref: String,
    /// The number that bank, gateway or cash desk gave it.
    pub gateway_no: Option<String>,
    /// The money came when nothing was due (any more): it is owed back.
    pub overpaid: bool,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub settled_at: Option<Timestamp>,
    /// Where the payer's browser is sent, of an attempt through a gateway.
    pub redirect_url: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn success_is_never_undone_and_never_refused_once() {
        for state in PaymentState::ALL {
            assert_eq!(state.may_become(PaymentState::Succeeded), state != PaymentState::Succeeded);
            assert!(!PaymentState::Succeeded.may_become(state));
            assert!(!state.may_become(PaymentState::Created));
            assert_eq!(state.as_str().parse(), Ok(state));
        }
        assert!(!PaymentState::Failed.may_become(PaymentState::Expired));
    }
}
