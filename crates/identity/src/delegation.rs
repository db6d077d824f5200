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
    /// Chức vụ của người ký, as it is printed; missing: that of a deputy.
    #[schema(example = "Trưởng phòng Tư pháp")]
    pub title: Option<String>,
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

/// Why someone may not sign for a unit. What is nearest to a right is told, so that they know what is missing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoAuthority {
    #[error("you do not head {unit} and its register has no entry that lets you sign; ask the head to enter one")]
    NotInRegister { unit: String },
    #[error("a deputy of {unit} signs only by an entry in its register; ask the head to enter one (kt)")]
    Deputy { unit: String },
    #[error("the entry that lets you sign begins on {0}; sign from that day on or leave it to the head")]
    NotYet(Date),
    #[error("the entry that let you sign ran out after {0}; ask the head for a new one")]
    RanOut(Date),
    #[error("the entry that let you sign was ended on {0}; ask the head for a new one")]
    Revoked(Date),
    #[error("this procedure is outside of what you were given to sign; ask the head to widen it")]
    OutsideScope,
    #[error("you were given signatures at {given}, not at {unit}; leave it to those who sign for {unit}")]
    OtherUnit { given: String, unit: String },
    #[error("{giver}, who let you sign, no longer heads {unit}; ask the present head for a new entry")]
    GiverLeft { giver: String, unit: String },
}

impl NoAuthority {
    /// A stable word for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotInRegister { .. } => "signing_not_in_register",
            Self::Deputy { .. } => "signing_deputy",
            Self::NotYet(_) => "signing_not_yet",
            Self::RanOut(_) => "signing_ran_out",
            Self::Revoked(_) => "signing_revoked",
            Self::OutsideScope => "signing_outside_scope",
            Self::OtherUnit { .. } => "signing_other_unit",
            Self::GiverLeft { .. } => "signing_giver_left",
        }
    }

    /// Whether the register has never known this person: then they are like everyone else who may not do it.
    pub const fn is_stranger(&self) -> bool {
        matches!(self, Self::NotInRegister { .. })
    }

    /// The same in the reader's language, with what to do.
    pub fn in_words(&self, cx: &Cx) -> String {
        let key = format!("identity-{}", self.code().replace('_', "-"));
        let day = |day: &Date| day.strftime("%d/%m/%Y").to_string();
        let said = |args: &[(&'static str, &str)]| cx.text(cx.lang, &key, args);
        match self {
            Self::NotInRegister { unit } | Self::Deputy { unit } => said(&[("unit", unit)]),
            Self::NotYet(on) | Self::RanOut(on) | Self::Revoked(on) => said(&[("day", &day(on))]),
            Self::OutsideScope => said(&[]),
            Self::OtherUnit { given, unit } => said(&[("given", given), ("unit", unit)]),
            Self::GiverLeft { giver, unit } => said(&[("giver", giver), ("unit", unit)]),
        }
    }
}

/// By which right `account` may sign for `unit` in a procedure of a field today, or why they may not. What the register
/// says goes before the person's own office, so that a leader who was let sign as a deputy does so. An entry counts only
/// while its giver heads the unit; a deputy has no right of their own.
pub async fn signing_authority<'a>(
    on: impl Into<On<'a>>,
    cx: &Cx,
    account: Id,
    unit: &str,
    (procedure, field): (&str, &str),
    today: Date,
) -> Result<Result<Authority, NoAuthority>, Internal> {
    let mut on = on.into();
    for entry in store::delegations_to(on.again(), account, unit, today).await? {
        let Some(form) = entry.kind.form() else { continue };
        if entry.scope.covers(procedure, field) && store::heads(on.again(), entry.giver, unit, today).await? {
            let on_behalf_of = Some((entry.giver, entry.giver_name.clone()));
            return Ok(Ok(Authority { form, on_behalf_of, basis: Some(entry) }));
        }
    }
    if !is_head(on.again(), cx, account, unit, today).await? {
        return why_not(on, cx, account, unit, (procedure, field), today).await.map(Err);
    }
    let collective = cx.city.agencies().get(unit).is_some_and(|unit| {
        matches!(unit.kind, UnitKind::City | UnitKind::Commune | UnitKind::Ward | UnitKind::SpecialZone)
    });
    let form = if collective { SigningForm::Tm } else { SigningForm::Head };
    Ok(Ok(Authority { form, on_behalf_of: None, basis: None }))
}

/// Whether someone leads a unit in their own right. Of who acts now their session knows the roles.
async fn is_head(mut on: On<'_>, cx: &Cx, account: Id, unit: &str, today: Date) -> Result<bool, Internal> {
    if cx.actor.account() != Some(account) {
        return store::heads(on, account, unit, today).await;
    }
    Ok(cx.actor.has_at(Role::Leader, unit)
        && (!store::deputises(on.again(), account, unit, today).await?
            || store::heads(on, account, unit, today).await?))
}

/// What is nearest to a right: an entry of this unit, the latest first and those in force before the others; then an
/// entry of another unit; then the office of a deputy.
async fn why_not(
    mut on: On<'_>,
    cx: &Cx,
    account: Id,
    unit: &str,
    (procedure, field): (&str, &str),
    today: Date,
) -> Result<NoAuthority, Internal> {
    let named = |code: &str| cx.city.agencies().get(code).map_or(code, |unit| unit.name.get(cx.lang)).to_owned();
    let entries = store::signatures_given_to(on.again(), account).await?;
    let (here, elsewhere): (Vec<_>, Vec<_>) = entries.into_iter().partition(|entry| entry.unit == unit);
    let covering = |entry: &&Delegation| entry.scope.covers(procedure, field);
    if let Some(entry) = here.iter().filter(covering).find(|entry| entry.is_in_force(today)) {
        return Ok(NoAuthority::GiverLeft { giver: entry.giver_name.clone(), unit: named(unit) });
    }
    if let Some(entry) = here.iter().filter(covering).find(|entry| entry.ended_at.is_none() && entry.from > today) {
        return Ok(NoAuthority::NotYet(entry.from));
    }
    if here.iter().any(|entry| entry.is_in_force(today)) {
        return Ok(NoAuthority::OutsideScope);
    }
    if let Some(entry) = here.iter().find(covering) {
        if let Some(ended) = entry.ended_at {
            return Ok(NoAuthority::Revoked(ended.0.to_zoned(cx.zone.clone()).date()));
        }
        return Ok(NoAuthority::RanOut(entry.until.unwrap_or(today)));
    }
    if let Some(entry) = elsewhere.iter().find(|entry| entry.is_in_force(today)) {
        return Ok(NoAuthority::OtherUnit { given: named(&entry.unit), unit: named(unit) });
    }
    let unit_name = named(unit);
    Ok(match store::deputises(on, account, unit, today).await? {
        true => NoAuthority::Deputy { unit: unit_name },
        false => NoAuthority::NotInRegister { unit: unit_name },
    })
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
