//! For whom someone applies: whom their mandates let them act for in a procedure, and what forms may know of those.
//!
//! Who may act for whom is for `identity` to say; here stands which of that a procedure takes (its `on_behalf` and
//! `applicants`), and what a dossier keeps of it.

use serde::Serialize;
use songhan_app::Cx;
use songhan_base::{Id, Internal};
use songhan_forms::Profile;
use songhan_identity::{Acting, MandateKind, MayNot as IdentityMayNot, OrganisationForm, PartyKind, WhyNot};
use songhan_procedures::{OnBehalf, Procedure};

/// Loại chủ hồ sơ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PrincipalKind {
    /// Con chưa thành niên.
    Child,
    /// Người được giám hộ.
    Ward,
    /// Người ủy quyền.
    Person,
    /// Hộ gia đình.
    Household,
    /// Doanh nghiệp.
    Business,
    /// Hộ kinh doanh.
    HouseholdBusiness,
    /// Tổ chức, đơn vị sự nghiệp.
    Organisation,
}

impl PrincipalKind {
    pub const ALL: [Self; 7] = [
        Self::Child,
        Self::Ward,
        Self::Person,
        Self::Household,
        Self::Business,
        Self::HouseholdBusiness,
        Self::Organisation,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Child => "child",
            Self::Ward => "ward",
            Self::Person => "person",
            Self::Household => "household",
            Self::Business => "business",
            Self::HouseholdBusiness => "household_business",
            Self::Organisation => "organisation",
        }
    }

    pub fn of(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Whether a dossier of this procedure can be somebody else's who is of this kind.
    pub fn is_taken_by(self, procedure: &Procedure) -> bool {
        let on_behalf = |who| procedure.on_behalf.contains(&who);
        let applicant = |words: &[&str]| procedure.applicants.iter().any(|one| words.contains(&one.as_str()));
        match self {
            Self::Child => on_behalf(OnBehalf::Child),
            Self::Ward => on_behalf(OnBehalf::Ward),
            Self::Person => on_behalf(OnBehalf::Authorised),
            Self::Household => on_behalf(OnBehalf::Household),
            Self::Business => applicant(&["business", "enterprise", "household_business"]),
            Self::HouseholdBusiness => applicant(&["household_business"]),
            Self::Organisation => applicant(&["organisation"]),
        }
    }

    /// In words, in the language of the request.
    pub fn in_words(self, cx: &Cx) -> String {
        cx.t(&format!("services-principal-{}", self.as_str()))
    }
}

/// Chủ hồ sơ: for whom a dossier was handed in, as the dossier keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    pub kind: PrincipalKind,
    pub name: String,
    /// Số định danh, or mã số thuế.
    pub number: Option<String>,
    /// Their account, where they have one.
    pub account: Option<Id>,
    /// The party in `identity` that has none.
    pub party: Option<Id>,
    /// The mandate it was handed in by; at the counter papers may take its place.
    pub mandate: Option<Id>,
    /// No office has confirmed yet that the applicant may act for them: the officer looks at the papers.
    pub unproven: bool,
}

/// Someone for whom the applicant may hand in a dossier of one procedure.
#[derive(Clone, Debug)]
pub struct Represented {
    pub principal: Principal,
    key: String,
    acting: Acting,
}

/// Why a mandate does not let someone hand in a dossier.
#[derive(Debug, thiserror::Error)]
pub enum MayNot {
    #[error(transparent)]
    Why(WhyNot),
    #[error("this procedure is not handed in for {}; its page says for whom it can be", .0.as_str())]
    NotTaken(PrincipalKind),
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl MayNot {
    /// A word for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Why(WhyNot::None) => "unknown",
            Self::Why(WhyNot::Claimed(_)) => "unconfirmed",
            Self::Why(WhyNot::Offered) => "not_accepted",
            Self::Why(WhyNot::Ended | WhyNot::Expired(_)) => "ended",
            Self::Why(WhyNot::NotYet(_)) => "not_yet",
            Self::Why(WhyNot::Scope) => "scope",
            Self::NotTaken(_) => "not_taken",
            Self::Internal(_) => "internal",
        }
    }
}

impl Represented {
    fn of(acting: Acting, unproven: bool) -> Self {
        let (party, mandate) = (&acting.party, &acting.mandate);
        let is_person = matches!(party.kind, PartyKind::Person { .. });
        let principal = Principal {
            kind: kind_of(&acting),
            name: party.name.clone(),
            number: number_of(&party.kind),
            account: is_person.then_some(party.id),
            party: (!is_person).then_some(party.id),
            mandate: Some(mandate.id),
            unproven,
        };
        Self { key: mandate.id.to_string(), principal, acting }
    }

    /// The id of the mandate, as pages and programs name it.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// "con chưa thành niên", "người ủy quyền, đến hết ngày 31/12/2026".
    pub fn in_words(&self, cx: &Cx) -> String {
        let kind = self.principal.kind.in_words(cx);
        match self.acting.mandate.until {
            Some(until) if self.acting.mandate.kind == MandateKind::WrittenAuthority => {
                let day = until.strftime("%d/%m/%Y").to_string();
                cx.text(cx.lang, "services-for-whom-until", &[("kind", &kind), ("day", &day)])
            }
            _ => kind,
        }
    }

    /// What forms may take beforehand, of what the account of the applicant gives (`own`): who is acted for, and the
    /// applicant where one has to be reached. For an organisation forms ask who represents it: the applicant.
    pub fn profile(&self, own: Profile) -> Profile {
        let party = &self.acting.party;
        let (citizen_id, born) = match &party.kind {
            PartyKind::Organisation { .. } => return own,
            PartyKind::Dependant { born, citizen_id, .. } => (citizen_id.clone(), Some(*born)),
            PartyKind::Household { citizen_id } => (citizen_id.clone(), None),
            PartyKind::Person { citizen_id, born } => (citizen_id.clone(), *born),
        };
        Profile {
            name: Some(party.name.clone()),
            citizen_id: citizen_id.map(String::from),
            date_of_birth: born.and_then(songhan_identity::Born::day).map(|day| day.to_string()),
            address: party.address.clone().or(own.address),
            area: party.area.clone().or(own.area),
            phone: own.phone,
            email: own.email,
        }
    }
}

fn kind_of(acting: &Acting) -> PrincipalKind {
    match (&acting.party.kind, acting.mandate.kind) {
        (PartyKind::Organisation { form: OrganisationForm::Enterprise, .. }, _) => PrincipalKind::Business,
        (PartyKind::Organisation { .. }, _) => PrincipalKind::Organisation,
        (PartyKind::Dependant { .. }, MandateKind::Guardian) => PrincipalKind::Ward,
        (PartyKind::Dependant { .. }, _) => PrincipalKind::Child,
        (PartyKind::Household { .. }, _) => PrincipalKind::Household,
        (PartyKind::Person { .. }, _) => PrincipalKind::Person,
    }
}

fn number_of(kind: &PartyKind) -> Option<String> {
    match kind {
        PartyKind::Organisation { tax_code, .. } => Some(tax_code.clone()),
        PartyKind::Dependant { citizen_id, birth_certificate, .. } => {
            citizen_id.clone().map(String::from).or_else(|| birth_certificate.clone())
        }
        PartyKind::Household { citizen_id } | PartyKind::Person { citizen_id, .. } => {
            citizen_id.clone().map(String::from)
        }
    }
}

/// Whether a dossier of this procedure can be somebody else's at all.
pub fn may_be_for_others(procedure: &Procedure) -> bool {
    PrincipalKind::ALL.into_iter().any(|kind| kind.is_taken_by(procedure))
}

/// Whether the procedure takes it by this right: who has authority of a parent for their child acts as authorised.
fn is_taken(procedure: &Procedure, acting: &Acting) -> bool {
    let kind = kind_of(acting);
    let is_family = matches!(kind, PrincipalKind::Child | PrincipalKind::Ward | PrincipalKind::Household);
    if is_family && acting.mandate.kind == MandateKind::WrittenAuthority {
        return procedure.on_behalf.contains(&OnBehalf::Authorised);
    }
    kind.is_taken_by(procedure)
}

/// What someone says of their own family passes, marked, since an officer looks at the papers of every dossier; to speak
/// for an organisation or another grown person it must have been confirmed.
fn lets_pass(claimed: &Acting) -> bool {
    matches!(claimed.party.kind, PartyKind::Dependant { .. } | PartyKind::Household { .. })
        && claimed.mandate.kind.is_own()
}

/// Those for whom this account may hand in a dossier of the procedure today, by name.
pub async fn represented(cx: &Cx, account: Id, procedure: &Procedure) -> Result<Vec<Represented>, Internal> {
    if !may_be_for_others(procedure) {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for mandate in songhan_identity::mandates_of(&cx.db, account).await? {
        if mandate.agent != Some(account) || !mandate.state.is_open() || !mandate.is_within(cx.today()) {
            continue;
        }
        match may_apply(cx, account, mandate.id, procedure).await {
            Ok(represented) => found.push(represented),
            Err(MayNot::Internal(error)) => return Err(error),
            Err(_) => {}
        }
    }
    found.sort_by_cached_key(|one| songhan_base::fold(&one.principal.name));
    Ok(found)
}

/// For whom this mandate lets the account hand in a dossier of the procedure today.
pub async fn check(cx: &Cx, account: Id, mandate: &str, procedure: &Procedure) -> Result<Principal, MayNot> {
    let mandate: Id = mandate.parse().map_err(|_| MayNot::Why(WhyNot::None))?;
    may_apply(cx, account, mandate, procedure).await.map(|represented| represented.principal)
}

async fn may_apply(cx: &Cx, account: Id, mandate: Id, procedure: &Procedure) -> Result<Represented, MayNot> {
    let (code, field, today) = (&procedure.code, &procedure.field, cx.today());
    let represented = match songhan_identity::may_act(&cx.db, account, mandate, code, field, today).await {
        Ok(acting) => Represented::of(acting, false),
        Err(IdentityMayNot::Why(WhyNot::Claimed(acting))) if lets_pass(&acting) => Represented::of(*acting, true),
        Err(IdentityMayNot::Why(why)) => return Err(MayNot::Why(why)),
        Err(IdentityMayNot::Internal(error)) => return Err(error.into()),
    };
    if is_taken(procedure, &represented.acting) {
        Ok(represented)
    } else {
        Err(MayNot::NotTaken(represented.principal.kind))
    }
}
