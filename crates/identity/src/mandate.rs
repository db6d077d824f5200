//! Quyền đại diện, ủy quyền: who may act for whom, for what and until when.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use songhan_base::{FieldError, Id};
use songhan_db::At;

use crate::party::{Party, PartyKind};

/// On what the right rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MandateKind {
    /// Người đại diện theo pháp luật của tổ chức.
    LegalRepresentative,
    /// Cha, mẹ.
    Parent,
    /// Người giám hộ.
    Guardian,
    /// Chủ hộ.
    HouseholdHead,
    /// Theo văn bản ủy quyền, or given online.
    WrittenAuthority,
}

impl MandateKind {
    pub const ALL: [Self; 5] =
        [Self::LegalRepresentative, Self::Parent, Self::Guardian, Self::HouseholdHead, Self::WrittenAuthority];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LegalRepresentative => "legal_representative",
            Self::Parent => "parent",
            Self::Guardian => "guardian",
            Self::HouseholdHead => "household_head",
            Self::WrittenAuthority => "written_authority",
        }
    }

    pub fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Whether one may say of oneself to be this for such a party.
    pub const fn fits(self, party: &PartyKind) -> bool {
        match party {
            PartyKind::Organisation { .. } => matches!(self, Self::LegalRepresentative | Self::WrittenAuthority),
            PartyKind::Dependant { .. } => matches!(self, Self::Parent | Self::Guardian | Self::WrittenAuthority),
            PartyKind::Household { .. } => matches!(self, Self::HouseholdHead | Self::WrittenAuthority),
            PartyKind::Person { .. } => matches!(self, Self::WrittenAuthority),
        }
    }

    /// Whether it makes its holder speak for the party, and so lets them give authority for it to others.
    pub const fn is_own(self) -> bool {
        !matches!(self, Self::WrittenAuthority)
    }
}

/// Where a mandate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MandateState {
    /// Given; whoever it is for has not accepted it yet.
    Offered,
    /// Its holder says so; an office has not confirmed it yet.
    Claimed,
    /// It counts, between its days.
    Confirmed,
    /// Whoever it was offered to did not want it.
    Declined,
    /// Its holder gave it up, or an office did not confirm it.
    Ended,
    /// Whoever gave it took it back.
    Revoked,
}

impl MandateState {
    pub const ALL: [Self; 6] =
        [Self::Offered, Self::Claimed, Self::Confirmed, Self::Declined, Self::Ended, Self::Revoked];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::Claimed => "claimed",
            Self::Confirmed => "confirmed",
            Self::Declined => "declined",
            Self::Ended => "ended",
            Self::Revoked => "revoked",
        }
    }

    pub fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether anything can still come of it.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Offered | Self::Claimed | Self::Confirmed)
    }
}

/// Phạm vi: procedures by code and whole fields. Empty is everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({"procedures": ["2.000635"], "fields": ["land"]}))]
pub struct Scope {
    pub procedures: Vec<String>,
    /// Ids of the city's fields of services.
    pub fields: Vec<String>,
}

/// Things in one scope: more is everything, said the long way.
const SCOPE_MAX: usize = 50;

impl Scope {
    pub const fn is_everything(&self) -> bool {
        self.procedures.is_empty() && self.fields.is_empty()
    }

    pub fn covers(&self, procedure: &str, field: &str) -> bool {
        self.is_everything()
            || self.procedures.iter().any(|code| code == procedure)
            || self.fields.iter().any(|id| id == field)
    }

    /// Cleans it, and checks what can be known here: a procedure's code is a word, a field is one of the city's.
    pub fn check(mut self, cx: &songhan_app::Cx) -> Result<Self, FieldError> {
        for list in [&mut self.procedures, &mut self.fields] {
            for id in list.iter_mut() {
                *id = id.trim().to_owned();
            }
            list.retain(|id| !id.is_empty());
            list.sort();
            list.dedup();
        }
        let word = |code: &String| {
            code.len() <= 40 && code.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
        };
        let fields = cx.city.get::<songhan_city::Fields>();
        if self.procedures.len() + self.fields.len() > SCOPE_MAX {
            return Err(crate::account::wrong(cx, "scope", "scope_long"));
        }
        if !self.procedures.iter().all(word) {
            return Err(crate::account::wrong(cx, "procedures", "procedure_form"));
        }
        if !self.fields.iter().all(|id| fields.get(id).is_some()) {
            return Err(crate::account::wrong(cx, "fields", "field_unknown"));
        }
        Ok(self)
    }
}

/// A mandate with the names that show whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Mandate {
    #[schema(value_type = String, format = Uuid)]
    pub id: Id,
    pub kind: MandateKind,
    pub state: MandateState,
    /// Who may act; missing until an offer is accepted.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub agent: Option<Id>,
    pub agent_name: Option<String>,
    /// To whom it was offered, masked.
    #[schema(example = "048•••••1234")]
    pub offered_to: Option<String>,
    /// For this party; missing: for the person `grantor`.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub party: Option<Id>,
    /// Who gave it; missing where its holder claims it of themselves.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub grantor: Option<Id>,
    pub grantor_name: Option<String>,
    /// The name of whoever is acted for.
    pub principal: String,
    pub scope: Scope,
    /// The first day.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// The last day; missing: until it is ended.
    #[schema(value_type = Option<String>, format = Date)]
    pub until: Option<Date>,
    /// Upload that shows it.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub evidence: Option<Id>,
    #[schema(value_type = String, format = DateTime)]
    pub made_at: At,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub confirmed_at: Option<At>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<At>,
}

impl Mandate {
    /// Whether it counts on this day.
    pub fn is_in_force(&self, day: Date) -> bool {
        self.state == MandateState::Confirmed && self.is_within(day)
    }

    pub fn is_within(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|last| day <= last)
    }
}

/// Someone acting for someone else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acting {
    /// For whom.
    pub party: Party,
    /// By which right.
    pub mandate: Mandate,
}

/// Why someone may not act for someone else.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WhyNot {
    #[error("there is no such mandate, or it is not yours; choose whom you act for again")]
    None,
    /// Everything fits, but no office has confirmed it. A procedure that has an officer look at the papers anyway may let
    /// it pass and have it confirmed then.
    #[error("that you may act for {} is not confirmed yet; take the papers to a one-stop counter", .0.party.name)]
    Claimed(Box<Acting>),
    #[error("you have not accepted this authority yet; accept it in your account first")]
    Offered,
    #[error("this authority has ended; ask for a new one")]
    Ended,
    #[error("this authority begins on {0}")]
    NotYet(Date),
    #[error("this authority ran out on {0}; ask for a new one")]
    Expired(Date),
    #[error("this authority is not for this procedure; ask for one that is")]
    Scope,
}

/// Whether a mandate lets its holder act; the party is joined by the caller.
pub fn judge(acting: Acting, procedure: &str, field: &str, today: Date) -> Result<Acting, WhyNot> {
    let mandate = &acting.mandate;
    match mandate.state {
        MandateState::Offered => return Err(WhyNot::Offered),
        MandateState::Declined | MandateState::Ended | MandateState::Revoked => return Err(WhyNot::Ended),
        MandateState::Claimed | MandateState::Confirmed => {}
    }
    if today < mandate.from {
        return Err(WhyNot::NotYet(mandate.from));
    }
    if let Some(until) = mandate.until.filter(|until| *until < today) {
        return Err(WhyNot::Expired(until));
    }
    if !mandate.scope.covers(procedure, field) {
        return Err(WhyNot::Scope);
    }
    if mandate.state == MandateState::Claimed { Err(WhyNot::Claimed(Box::new(acting))) } else { Ok(acting) }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use songhan_base::{Env, HeldClock};

    use super::*;

    fn acting(state: MandateState, scope: Scope) -> Acting {
        let env = Env::held(HeldClock::at(jiff::Timestamp::UNIX_EPOCH), 1);
        let id = env.id();
        let kind = PartyKind::Person { citizen_id: None, born: None };
        let party = Party { id, kind, name: "A".into(), address: None, area: None, confirmed_at: None };
        let mandate = Mandate {
            id,
            kind: MandateKind::WrittenAuthority,
            state,
            agent: Some(id),
            agent_name: None,
            offered_to: None,
            party: None,
            grantor: Some(id),
            grantor_name: None,
            principal: "A".into(),
            scope,
            from: date(2026, 11, 20),
            until: Some(date(2026, 11, 25)),
            evidence: None,
            made_at: At(env.now()),
            confirmed_at: None,
            ended_at: None,
        };
        Acting { party, mandate }
    }

    #[test]
    fn a_right_counts_between_its_days_and_for_its_things() {
        use MandateState as S;
        let scope = Scope { procedures: vec!["2.000635".into()], fields: vec!["land".into()] };
        let judged = |state, day, procedure: &str, field: &str| {
            judge(acting(state, scope.clone()), procedure, field, date(2026, 11, day)).map(|_| ())
        };
        assert_eq!(judged(S::Confirmed, 20, "2.000635", "civil-status"), Ok(()));
        assert_eq!(judged(S::Confirmed, 25, "1.1", "land"), Ok(()));
        assert_eq!(judged(S::Confirmed, 25, "1.1", "health"), Err(WhyNot::Scope));
        assert_eq!(judged(S::Confirmed, 19, "1.1", "land"), Err(WhyNot::NotYet(date(2026, 11, 20))));
        assert_eq!(judged(S::Confirmed, 26, "1.1", "land"), Err(WhyNot::Expired(date(2026, 11, 25))));
        assert_eq!(judged(S::Offered, 20, "1.1", "land"), Err(WhyNot::Offered));
        assert!(matches!(judged(S::Claimed, 20, "1.1", "land"), Err(WhyNot::Claimed(_))));
        for state in [S::Declined, S::Ended, S::Revoked] {
            assert_eq!(judged(state, 20, "1.1", "land"), Err(WhyNot::Ended));
        }
        assert!(judge(acting(S::Confirmed, Scope::default()), "any", "thing", date(2026, 11, 20)).is_ok());
    }

    #[test]
    fn words_come_back() {
        assert!(MandateKind::ALL.into_iter().all(|kind| MandateKind::read(kind.as_str()) == Some(kind)));
        assert!(MandateState::ALL.into_iter().all(|state| MandateState::read(state.as_str()) == Some(state)));
    }
}
