//! Ủy quyền ký, ký thay, ký thừa lệnh, phân công người thay: a register of who signs for whom, and who does whose work.
//!
//! Decree 30/2020/NĐ-CP, article 13: a head lets deputies sign in their place (KT.); lets heads of units below sign by
//! authority (TUQ.), in writing, for a time and for named things, and not to be handed on; lets heads of offices sign by
//! order (TL.), as the rules of work say.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use songhan_app::Cx;
use songhan_base::{Id, Internal, Role};
use songhan_city::UnitKind;
use songhan_db::{At, On};

use crate::mandate::Scope;
use crate::store;

/// Hình thức.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DelegationKind {
    /// Ký thay: a deputy for the head.
    Kt,
    /// Ký thừa ủy quyền.
    Tuq,
    /// Ký thừa lệnh.
    Tl,
    /// Phân công người thay: a colleague does the work, and signs nothing by it.
    Substitute,
}

impl DelegationKind {
    pub const ALL: [Self; 4] = [Self::Kt, Self::Tuq, Self::Tl, Self::Substitute];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kt => "kt",
            Self::Tuq => "tuq",
            Self::Tl => "tl",
            Self::Substitute => "substitute",
        }
    }

    pub fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    const fn form(self) -> Option<SigningForm> {
        match self {
            Self::Kt => Some(SigningForm::Kt),
            Self::Tuq => Some(SigningForm::Tuq),
            Self::Tl => Some(SigningForm::Tl),
            Self::Substitute => None,
        }
    }
}

/// An entry of the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Delegation {
    #[schema(value_type = String, format = Uuid)]
    pub id: Id,
    pub kind: DelegationKind,
    /// Code of the unit.
    #[schema(example = "ubnd-hai-chau")]
    pub unit: String,
    #[schema(value_type = String, format = Uuid)]
    pub giver: Id,
    pub giver_name: String,
    #[schema(value_type = String, format = Uuid)]
    pub receiver: Id,
    pub receiver_name: String,
    pub scope: Scope,
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// The last day; missing: until it is ended.
    #[schema(value_type = Option<String>, format = Date)]
    pub until: Option<Date>,
    /// Số văn bản giao.
    #[schema(example = "12/QĐ-UBND")]
    pub document: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub given_at: At,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<At>,
}

impl Delegation {
    pub fn is_in_force(&self, day: Date) -> bool {
        self.ended_at.is_none() && self.from <= day && self.until.is_none_or(|last| day <= last)
    }
}

/// What stands before the signer's title.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SigningForm {
    /// Nothing: the head of an office signs as such.
    Head,
    /// TM.: the head of a collective body signs for it.
    Tm,
    Kt,
    Tuq,
    Tl,
}

impl SigningForm {
    /// `TM.`, `KT.`, `TUQ.`, `TL.` or nothing.
    pub const fn abbreviation(self) -> &'static str {
        match self {
            Self::Head => "",
            Self::Tm => "TM.",
            Self::Kt => "KT.",
            Self::Tuq => "TUQ.",
            Self::Tl => "TL.",
        }
    }
}

/// By which right someone signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    pub form: SigningForm,
    /// The head whose signature it stands for: account and name. Missing where the head signs.
    pub on_behalf_of: Option<(Id, String)>,
    /// The entry of the register. Missing where the head signs.
    pub basis: Option<Delegation>,
}

/// By which right `account` may sign for `unit` in a procedure of a field today; `None`: they may not. What the register
/// says goes before the person's own office, so that a deputy who is a leader too signs as a deputy. An entry counts only
/// while its giver leads the unit.
pub async fn signing_authority<'a>(
    on: impl Into<On<'a>>,
    cx: &Cx,
    account: Id,
    unit: &str,
    (procedure, field): (&str, &str),
    today: Date,
) -> Result<Option<Authority>, Internal> {
    let mut on = on.into();
    for entry in store::delegations_to(on.again(), account, unit, today).await? {
        let Some(form) = entry.kind.form() else { continue };
        if entry.scope.covers(procedure, field)
            && store::holds(on.again(), entry.giver, Role::Leader, unit, today).await?
        {
            let on_behalf_of = Some((entry.giver, entry.giver_name.clone()));
            return Ok(Some(Authority { form, on_behalf_of, basis: Some(entry) }));
        }
    }
    if !store::holds(on, account, Role::Leader, unit, today).await? {
        return Ok(None);
    }
    let collective = cx.city.agencies().get(unit).is_some_and(|unit| {
        matches!(unit.kind, UnitKind::City | UnitKind::Commune | UnitKind::Ward | UnitKind::SpecialZone)
    });
    let form = if collective { SigningForm::Tm } else { SigningForm::Head };
    Ok(Some(Authority { form, on_behalf_of: None, basis: None }))
}

/// Whose work `account` does at a unit today besides their own.
pub async fn stands_in_for<'a>(
    on: impl Into<On<'a>>,
    account: Id,
    unit: &str,
    today: Date,
) -> Result<Vec<(Id, String)>, Internal> {
    let entries = store::delegations_to(on, account, unit, today).await?.into_iter();
    let entries = entries.filter(|entry| entry.kind == DelegationKind::Substitute);
    Ok(entries.map(|entry| (entry.giver, entry.giver_name)).collect())
}

/// Who does the work of `account` at a unit today.
pub async fn stand_ins<'a>(
    on: impl Into<On<'a>>,
    account: Id,
    unit: &str,
    today: Date,
) -> Result<Vec<(Id, String)>, Internal> {
    let entries = store::delegations_from(on, account, unit, today).await?.into_iter();
    let entries = entries.filter(|entry| entry.kind == DelegationKind::Substitute);
    Ok(entries.map(|entry| (entry.receiver, entry.receiver_name)).collect())
}
