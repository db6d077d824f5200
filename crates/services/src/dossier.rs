//! Dossiers: what someone handed in, beside the case that says where it stands.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use songhan_base::{Actor, Id, Role};
use songhan_cases::Case;
use songhan_db::{At, Event};

use crate::principal::{Principal, PrincipalKind};

/// Hồ sơ thủ tục hành chính, as its row holds it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Dossier {
    pub case_id: Id,
    pub code: String,
    pub procedure: String,
    pub procedure_version: String,
    /// The title it was handed in under, in Vietnamese.
    pub procedure_title: String,
    pub unit: String,
    /// Người nộp: the account that handed it in, acts in it and is told of it.
    pub applicant: Id,
    pub applicant_name: String,
    pub channel: i64,
    pub answers: String,
    pub form: String,
    /// The group by which the applicant claims to be exempt from fees.
    pub exemption: Option<String>,
    pub receipt_hash: String,
    pub charge: Option<Id>,
    pub receipt_document: Option<Id>,
    pub result_document: Option<Id>,
    pub result_number: Option<String>,
    pub created_at: At,
    /// For whom it was handed in, where that is somebody else: see [`Dossier::principal`].
    #[sqlx(flatten)]
    pub behalf: Behalf,
    /// How the counter took it in; empty for what came online.
    #[sqlx(flatten)]
    pub reception: Reception,
}

/// The columns of a [`Principal`], all empty where the applicant acts for themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Behalf {
    principal_kind: Option<String>,
    principal_name: Option<String>,
    principal_number: Option<String>,
    principal_account: Option<Id>,
    principal_party: Option<Id>,
    principal_unproven: bool,
    mandate: Option<Id>,
}

/// Nơi tiếp nhận: the counter that took a dossier in.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Reception {
    /// Code of the unit, which need not be the one that handles it.
    pub received_by_unit: Option<String>,
    /// Account of the officer.
    pub received_by: Option<Id>,
    /// Ngày gửi theo dấu bưu điện.
    pub postmarked_on: Option<String>,
}

/// A paper of a dossier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct Paper {
    #[schema(value_type = String, format = "uuid")]
    pub upload: Id,
    /// The question it answers; `supplement` when it came later, `other` when no question asks for it.
    pub question: String,
    pub name: String,
    /// What the counter saw: `original`, `certified` or `copy`; nothing where it came online.
    pub seen: Option<String>,
    /// The national code of its digitisation: 0 none, 1 digitised, 2 reused, 3 reused result of another dossier.
    #[schema(example = 0)]
    pub digitisation: i64,
}

impl Paper {
    /// As its owner sent it online.
    pub fn sent(upload: Id, question: impl Into<String>, name: impl Into<String>) -> Self {
        Self { upload, question: question.into(), name: name.into(), seen: None, digitisation: 0 }
    }

    /// Whether it was handed over on paper and never scanned: there is no file behind it.
    pub fn is_paper_only(&self) -> bool {
        self.seen.is_some() && self.digitisation == 0
    }
}

impl Dossier {
    /// The actor's part in it; `None` sees nothing of it.
    pub fn part(&self, case: &Case, actor: &Actor) -> Option<Part> {
        if actor.account() == Some(self.applicant) {
            return Some(Part::Applicant);
        }
        if self.behalf.principal_account.is_some() && actor.account() == self.behalf.principal_account {
            return Some(Part::Principal);
        }
        // Administrators run the system; they do not read people's papers.
        let office = [Role::Officer, Role::Leader].into_iter().any(|role| case.is_handled_by(actor, role));
        office.then_some(Part::Office)
    }

    /// `dossier:CODE`, for charges, documents and events.
    pub fn subject(&self) -> String {
        subject(&self.code)
    }

    /// For whom it was handed in; `None` is the applicant themselves.
    pub fn principal(&self) -> Option<Principal> {
        let behalf = &self.behalf;
        Some(Principal {
            kind: PrincipalKind::of(behalf.principal_kind.as_deref()?)?,
            name: behalf.principal_name.clone()?,
            number: behalf.principal_number.clone(),
            account: behalf.principal_account,
            party: behalf.principal_party,
            mandate: behalf.mandate,
            unproven: behalf.principal_unproven,
        })
    }

    /// Whose the dossier and its result are (chủ hồ sơ): name of the principal, or of the applicant.
    pub fn holder_name(&self) -> &str {
        self.behalf.principal_name.as_deref().unwrap_or(&self.applicant_name)
    }

    /// Whether it is a matter of this account: its applicant's, or whom it was handed in for.
    pub fn is_of(&self, account: Id) -> bool {
        account == self.applicant || Some(account) == self.behalf.principal_account
    }

    /// The account of the holder; whoever acts for one without an account holds it for them.
    pub fn holder(&self) -> Id {
        self.behalf.principal_account.unwrap_or(self.applicant)
    }
}

impl Behalf {
    pub fn of(principal: Option<&Principal>) -> Self {
        let Some(principal) = principal else { return Self::default() };
        Self {
            principal_kind: Some(principal.kind.as_str().to_owned()),
            principal_name: Some(principal.name.clone()),
            principal_number: principal.number.clone(),
            principal_account: principal.account,
            principal_party: principal.party,
            principal_unproven: principal.unproven,
            mandate: principal.mandate,
        }
    }
}

pub fn subject(code: &str) -> String {
    format!("dossier:{code}")
}

/// Whose eyes a dossier is seen with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Applicant,
    /// For whom somebody else handed it in: sees it, and leaves acting to that one.
    Principal,
    Office,
}

/// A dossier was handed in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DossierSubmitted {
    pub case: Id,
    pub code: String,
    pub procedure: String,
    pub unit: String,
    pub channel: i64,
    /// Papers handed in with it, and how many of them lay here already.
    #[serde(default)]
    pub papers: i64,
    #[serde(default)]
    pub reused: i64,
}

impl Event for DossierSubmitted {
    const KIND: &'static str = "services.dossier_submitted";
    fn subject(&self) -> String {
        subject(&self.code)
    }
}

/// The applicant said how content they are with how a dossier was handled.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DossierRated {
    pub case: Id,
    pub code: String,
    pub procedure: String,
    pub unit: String,
    /// 1 very discontent to 5 very content.
    pub score: i64,
    /// What they had said before.
    pub before: Option<i64>,
    /// When they said it for the first time; missing in events of long ago.
    #[serde(default)]
    pub first_at: Option<Timestamp>,
}

impl Event for DossierRated {
    const KIND: &'static str = "services.dossier_rated";
    fn subject(&self) -> String {
        subject(&self.code)
    }
}

/// A result was issued.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ResultIssued {
    pub case: Id,
    pub code: String,
    pub document: Id,
}

impl Event for ResultIssued {
    const KIND: &'static str = "services.result_issued";
    fn subject(&self) -> String {
        subject(&self.code)
    }
}
