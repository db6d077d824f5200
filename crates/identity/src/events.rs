//! What identity tells the rest of the house. No personal data: who hears one looks the account up.

use serde::{Deserialize, Serialize};
use songhan_base::{Id, Role};
use songhan_db::Event;

use crate::delegation::DelegationKind;
use crate::mandate::MandateState;

/// Someone has an account now.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AccountCreated {
    pub account: Id,
}

impl Event for AccountCreated {
    const KIND: &'static str = "identity.account_created";
    fn subject(&self) -> String {
        format!("account:{}", self.account)
    }
}

/// Someone has taken over the account that an office had made for them at a counter.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AccountClaimed {
    pub account: Id,
}

impl Event for AccountClaimed {
    const KIND: &'static str = "identity.account_claimed";
    fn subject(&self) -> String {
        format!("account:{}", self.account)
    }
}

/// An account has a role now (or from its first day on).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GrantGiven {
    pub grant: Id,
    pub account: Id,
    pub role: Role,
    pub unit: Option<String>,
}

impl Event for GrantGiven {
    const KIND: &'static str = "identity.grant_given";
    fn subject(&self) -> String {
        format!("account:{}", self.account)
    }
}

/// An account has lost a role.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GrantEnded {
    pub grant: Id,
    pub account: Id,
    pub role: Role,
    pub unit: Option<String>,
}

impl Event for GrantEnded {
    const KIND: &'static str = "identity.grant_ended";
    fn subject(&self) -> String {
        format!("account:{}", self.account)
    }
}

/// A session was ended by someone; one that merely expires is not told.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SessionEnded {
    pub session: Id,
    pub account: Id,
}

impl Event for SessionEnded {
    const KIND: &'static str = "identity.session_ended";
    fn subject(&self) -> String {
        format!("account:{}", self.account)
    }
}

/// An account says that it may act for someone, or someone offered it that it may.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MandateMade {
    pub mandate: Id,
    pub state: MandateState,
    /// Who may act or is to answer the offer, where they have an account.
    pub agent: Option<Id>,
    pub grantor: Option<Id>,
    pub party: Option<Id>,
}

impl Event for MandateMade {
    const KIND: &'static str = "identity.mandate_made";
    fn subject(&self) -> String {
        format!("mandate:{}", self.mandate)
    }
}

/// A mandate counts from now on (within its days): an office confirmed it, or whoever it was offered to accepted.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MandateConfirmed {
    pub mandate: Id,
    pub agent: Id,
    pub grantor: Option<Id>,
    pub party: Option<Id>,
}

impl Event for MandateConfirmed {
    const KIND: &'static str = "identity.mandate_confirmed";
    fn subject(&self) -> String {
        format!("mandate:{}", self.mandate)
    }
}

/// A mandate counts no longer, or never will: `state` says why.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MandateEnded {
    pub mandate: Id,
    pub state: MandateState,
    pub agent: Option<Id>,
    pub grantor: Option<Id>,
    pub party: Option<Id>,
}

impl Event for MandateEnded {
    const KIND: &'static str = "identity.mandate_ended";
    fn subject(&self) -> String {
        format!("mandate:{}", self.mandate)
    }
}

/// Someone signs, or works, in another's place at a unit (from the first day on).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DelegationGiven {
    pub delegation: Id,
    pub kind: DelegationKind,
    pub unit: String,
    pub giver: Id,
    pub receiver: Id,
}

impl Event for DelegationGiven {
    const KIND: &'static str = "identity.delegation_given";
    fn subject(&self) -> String {
        format!("delegation:{}", self.delegation)
    }
}

/// That was ended by someone; one that merely runs out is not told.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DelegationEnded {
    pub delegation: Id,
    pub kind: DelegationKind,
    pub unit: String,
    pub giver: Id,
    pub receiver: Id,
}

impl Event for DelegationEnded {
    const KIND: &'static str = "identity.delegation_ended";
    fn subject(&self) -> String {
        format!("delegation:{}", self.delegation)
    }
}

/// A person's data is erased: the account is nobody's from now on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PersonErased {
    pub account: Id,
}

impl Event for PersonErased {
    const KIND: &'static str = "identity.person_erased";
    fn subject(&self) -> String {
        format!("account:{}", self.account)
    }
}
