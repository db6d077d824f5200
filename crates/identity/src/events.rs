//! What identity tells the rest of the house. No personal data: who hears one looks the account up.

use serde::{Deserialize, Serialize};
use songhan_base::{Id, Role};
use songhan_db::Event;

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
