//! Quyền trên một lớp: who may read it, who may change it, and whether only what lies in their own area.

use serde::{Deserialize, Serialize};
use songhan_app::Cx;
use songhan_base::{Actor, Role};
use songhan_city::City;

/// Quyền đọc, quyền sửa.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rights {
    pub read: Readers,
    pub edit: Vec<Role>,
    /// Who is of one unit reads and changes only what lies in its area: the attribute that names the area of a feature.
    pub area: Option<String>,
}

/// Ai được đọc.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", untagged)]
pub enum Readers {
    Public(Everyone),
    Roles(Vec<Role>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Everyone {
    Public,
}

/// What of a layer somebody reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    Nothing,
    /// What lies in these areas.
    Areas(Vec<String>),
    Everything,
}

impl Reach {
    pub fn holds(&self, area: Option<&str>) -> bool {
        match self {
            Self::Nothing => false,
            Self::Everything => true,
            Self::Areas(areas) => area.is_some_and(|area| areas.iter().any(|one| one == area)),
        }
    }

    pub fn is_nothing(&self) -> bool {
        *self == Self::Nothing
    }
}

impl Rights {
    pub fn is_public(&self) -> bool {
        matches!(self.read, Readers::Public(_))
    }

    pub fn reads(&self, cx: &Cx) -> Reach {
        match &self.read {
            Readers::Public(_) => Reach::Everything,
            Readers::Roles(roles) => self.reach(&cx.actor, &cx.city, roles),
        }
    }

    pub fn edits(&self, cx: &Cx) -> Reach {
        self.reach(&cx.actor, &cx.city, &self.edit)
    }

    /// A grant without a unit, or at a unit that works for the whole city, reaches everything.
    fn reach(&self, actor: &Actor, city: &City, roles: &[Role]) -> Reach {
        if matches!(actor, Actor::System(_)) {
            return Reach::Everything;
        }
        let units = actor.units(roles);
        if units.is_empty() {
            return Reach::Nothing;
        }
        if self.area.is_none() {
            return Reach::Everything;
        }
        let mut areas = Vec::new();
        for unit in units {
            let area = unit.and_then(|code| city.agencies().get(code)).and_then(|unit| unit.area.as_ref());
            match (unit, area) {
                (Some(_), Some(area)) => areas.push(area.to_string()),
                (Some(code), None) if city.agencies().get(code).is_none() => {}
                _ => return Reach::Everything,
            }
        }
        if areas.is_empty() { Reach::Nothing } else { Reach::Areas(areas) }
    }
}
