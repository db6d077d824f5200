//! Phân quyền: roles given for a time, for the city or for a unit, narrowed to an area where need be.

use jiff::civil::Date;
use serde::Serialize;
use songhan_app::Cx;
use songhan_base::{Actor, FieldError, Id, Role};
use songhan_db::At;

use crate::account::wrong;

/// A grant as it was given.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Grant)]
pub struct GrantRow {
    #[schema(value_type = String, format = Uuid)]
    pub id: Id,
    #[schema(value_type = String, format = Uuid)]
    pub account: Id,
    #[schema(value_type = String, example = "officer")]
    pub role: Role,
    /// Cấp phó: a leader who signs only what the register of delegations lets them sign.
    pub deputy: bool,
    /// Code of the unit; missing: the whole city.
    pub unit: Option<String>,
    /// Code of the area within the unit's; missing: all of it.
    pub area: Option<String>,
    /// The first day.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// The last day; missing: until it is ended.
    #[schema(value_type = Option<String>, format = Date)]
    pub until: Option<Date>,
    #[schema(value_type = String, format = DateTime)]
    pub given_at: At,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<At>,
}

impl GrantRow {
    /// Whether it counts on this day.
    pub fn is_in_force(&self, day: Date) -> bool {
        self.ended_at.is_none() && self.from <= day && self.until.is_none_or(|last| day <= last)
    }
}

/// A grant to be given.
#[derive(Clone, Debug)]
pub struct NewGrant {
    pub account: Id,
    pub role: Role,
    /// Cấp phó, of leaders alone.
    pub deputy: bool,
    pub unit: Option<String>,
    pub area: Option<String>,
    pub from: Date,
    pub until: Option<Date>,
}

impl NewGrant {
    /// From today on, without an end.
    pub fn today(cx: &Cx, account: Id, role: Role, unit: Option<String>) -> Self {
        Self { account, role, deputy: false, unit, area: None, from: cx.today(), until: None }
    }

    /// What does not fit the city or itself.
    pub fn check(&self, cx: &Cx) -> Result<(), Vec<FieldError>> {
        let mut errors = Vec::new();
        if self.role == Role::Resident {
            errors.push(wrong(cx, "role", "role_resident"));
        }
        if self.deputy && self.role != Role::Leader {
            errors.push(wrong(cx, "deputy", "deputy_leader"));
        }
        match &self.unit {
            Some(unit) if cx.city.agencies().get(unit).is_none() => errors.push(wrong(cx, "unit", "unit_unknown")),
            _ => {}
        }
        if self.area.as_ref().is_some_and(|area| cx.city.areas().at(area, cx.today()).is_none()) {
            errors.push(wrong(cx, "area", "area_unknown"));
        }
        if self.until.is_some_and(|until| until < self.from) {
            errors.push(wrong(cx, "until", "until_before_from"));
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// The same for a grant to a person: officers and leaders have a desk somewhere; only programs serve the whole city.
    pub fn check_person(&self, cx: &Cx) -> Result<(), Vec<FieldError>> {
        let mut errors = self.check(cx).err().unwrap_or_default();
        if self.unit.is_none() && matches!(self.role, Role::Officer | Role::Leader) {
            errors.push(wrong(cx, "unit", "unit_needed"));
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

/// Whether the actor may give and end grants at this unit: an administrator of the unit, or of the whole city.
pub fn may_administer(actor: &Actor, unit: Option<&str>) -> bool {
    match (actor, unit) {
        (Actor::System(_), _) => true,
        (actor, Some(unit)) => actor.has_at(Role::Administrator, unit),
        (actor, None) => actor.units(&[Role::Administrator]).contains(&None),
    }
}

#[cfg(test)]
mod tests {
    use songhan_base::{Env, Grant, HeldClock, Person};

    use super::*;

    #[test]
    fn administrators_stay_within_their_unit() {
        let env = Env::held(HeldClock::at(jiff::Timestamp::UNIX_EPOCH), 1);
        let with = |unit: Option<&str>| {
            let grants = vec![Grant { role: Role::Administrator, unit: unit.map(str::to_owned) }];
            Actor::Person(Person { account: env.id(), session: env.id(), name: "A".into(), grants })
        };
        assert!(may_administer(&with(None), None) && may_administer(&with(None), Some("a")));
        assert!(may_administer(&with(Some("a")), Some("a")));
        assert!(!may_administer(&with(Some("a")), Some("b")) && !may_administer(&with(Some("a")), None));
        assert!(!may_administer(&Actor::Anonymous, Some("a")));
    }
}
