//! Dossiers: what someone handed in, beside the case that says where it stands.

use serde::{Deserialize, Serialize};
use songhan_base::{Actor, Id, Role};
use songhan_cases::Case;
use songhan_db::{At, Event};

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
}

/// Hình thức nộp: how a dossier is handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// Trực tiếp tại Bộ phận Một cửa.
    Counter,
    /// Trực tuyến.
    Online,
    /// Qua bưu chính công ích.
    Post,
}

impl Channel {
    pub const ALL: [Self; 3] = [Self::Counter, Self::Online, Self::Post];

    /// The national code.
    pub const fn number(self) -> i64 {
        match self {
            Self::Counter => 1,
            Self::Online => 2,
            Self::Post => 3,
        }
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Online => "online",
            Self::Post => "post",
        }
    }

    pub fn of(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.number() == number)
    }
}

/// A paper of a dossier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct Paper {
    #[schema(value_type = String, format = "uuid")]
    pub upload: Id,
    /// The question it answers; `supplement` when it came later.
    pub question: String,
    pub name: String,
}

impl Dossier {
    /// The actor's part in it; `None` sees nothing of it.
    pub fn part(&self, case: &Case, actor: &Actor) -> Option<Part> {
        if actor.account() == Some(self.applicant) {
            return Some(Part::Applicant);
        }
        // Administrators run the system; they do not read people's papers.
        let office = [Role::Officer, Role::Leader].into_iter().any(|role| case.is_handled_by(actor, role));
        office.then_some(Part::Office)
    }

    /// `dossier:CODE`, for charges, documents and events.
    pub fn subject(&self) -> String {
        subject(&self.code)
    }
}

pub fn subject(code: &str) -> String {
    format!("dossier:{code}")
}

/// Whose eyes a dossier is seen with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Applicant,
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
}

impl Event for DossierSubmitted {
    const KIND: &'static str = "services.dossier_submitted";
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
