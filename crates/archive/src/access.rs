//! Who keeps the archive of a unit, and who answers for it.

use songhan_app::Cx;
use songhan_base::{Id, Role};

/// Whether the actor works in the archive of this unit.
pub fn keeps(cx: &Cx, unit: &str) -> bool {
    cx.city.agencies().get(unit).is_some()
        && [Role::Officer, Role::Leader].iter().any(|role| cx.actor.has_at(*role, unit))
}

/// Whether the actor decides what is destroyed there.
pub fn leads(cx: &Cx, unit: &str) -> bool {
    cx.actor.has_at(Role::Leader, unit)
}

/// Who acts, as the lists name them.
pub fn who(cx: &Cx) -> Option<(Id, String)> {
    cx.actor.person().map(|person| (person.account, person.name.clone()))
}
