//! Who acts: nobody known, a person with roles, or the system itself.

use serde::{Deserialize, Serialize};

use crate::Id;

/// Whoever is behind an operation; it stands in the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    Anonymous,
    Person(Person),
    /// A job or the command line, by name.
    System(&'static str),
}

/// Someone signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub account: Id,
    pub session: Id,
    pub name: String,
    pub grants: Vec<Grant>,
}

/// What an account may do where. A resident needs none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    pub role: Role,
    /// Code of the unit whose work this is; `None` for the whole city.
    pub unit: Option<String>,
}

/// The roles of the house. What each may do is said at each route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Công dân.
    Resident,
    /// Cán bộ, công chức.
    Officer,
    /// Lãnh đạo: signs.
    Leader,
    /// Kế toán: money only, nobody's dossiers.
    Accountant,
    /// Quản trị viên.
    Administrator,
}

impl Role {
    pub const ALL: [Self; 5] = [Self::Resident, Self::Officer, Self::Leader, Self::Accountant, Self::Administrator];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Resident => "resident",
            Self::Officer => "officer",
            Self::Leader => "leader",
            Self::Accountant => "accountant",
            Self::Administrator => "administrator",
        }
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Role {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|r| r.as_str() == s)
            .ok_or_else(|| format!("{s:?} is no role; use resident, officer, leader, accountant or administrator"))
    }
}

impl Actor {
    pub const fn person(&self) -> Option<&Person> {
        match self {
            Self::Person(person) => Some(person),
            _ => None,
        }
    }

    pub const fn account(&self) -> Option<Id> {
        match self {
            Self::Person(person) => Some(person.account),
            _ => None,
        }
    }

    /// Whether the actor holds `role` anywhere. Everyone signed in is a resident.
    pub fn has(&self, role: Role) -> bool {
        self.person().is_some_and(|p| role == Role::Resident || p.grants.iter().any(|g| g.role == role))
    }

    /// Whether the actor holds `role` for `unit` (a grant without a unit is for the whole city).
    pub fn has_at(&self, role: Role, unit: &str) -> bool {
        self.person()
            .is_some_and(|p| p.grants.iter().any(|g| g.role == role && g.unit.as_deref().is_none_or(|u| u == unit)))
    }

    /// The units where the actor holds one of `roles`; `None` stands for the whole city.
    pub fn units(&self, roles: &[Role]) -> Vec<Option<&str>> {
        self.person().map_or_else(Vec::new, |p| {
            p.grants.iter().filter(|g| roles.contains(&g.role)).map(|g| g.unit.as_deref()).collect()
        })
    }

    /// For the audit log: `account:ID`, `system:NAME` or `anonymous`.
    pub fn label(&self) -> String {
        match self {
            Self::Anonymous => "anonymous".to_owned(),
            Self::Person(p) => format!("account:{}", p.account),
            Self::System(name) => format!("system:{name}"),
        }
    }
}
