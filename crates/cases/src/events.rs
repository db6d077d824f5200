//! What happens to cases, as others hear it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use songhan_base::Id;
use songhan_db::Event;

use crate::{Case, National, case};

/// What every event says of its case, so that hearers need not look it up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseRef {
    pub case: Id,
    pub code: String,
    pub kind: String,
    pub topic: String,
    pub unit: String,
    pub applicant: Option<Id>,
    pub assignee: Option<Id>,
}

impl From<&Case> for CaseRef {
    fn from(case: &Case) -> Self {
        Self {
            case: case.id,
            code: case.code.clone(),
            kind: case.kind.clone(),
            topic: case.topic.clone(),
            unit: case.unit.clone(),
            applicant: case.applicant,
            assignee: case.assignee,
        }
    }
}

/// A case was opened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseOpened {
    #[serde(flatten)]
    pub about: CaseRef,
    pub state: String,
    pub national: National,
    pub due_at: Option<Timestamp>,
}

/// An action was done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseActed {
    #[serde(flatten)]
    pub about: CaseRef,
    pub action: String,
    pub from: String,
    pub to: String,
    pub national_before: National,
    pub national: National,
    pub due_at: Option<Timestamp>,
    pub version: i64,
    /// The case has come to its end.
    pub closed: bool,
    /// The actor wrote a note for the applicant; it stands in the timeline.
    pub has_public_note: bool,
}

/// Someone was put in charge, or nobody is any more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseAssigned {
    #[serde(flatten)]
    pub about: CaseRef,
    pub before: Option<Id>,
}

/// A running case will be due within a working day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseDueSoon {
    #[serde(flatten)]
    pub about: CaseRef,
    pub due_at: Timestamp,
}

/// A running case is past its due time. Told once a case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseOverdue {
    #[serde(flatten)]
    pub about: CaseRef,
    pub due_at: Timestamp,
}

macro_rules! event {
    ($type:ty, $kind:literal) => {
        impl Event for $type {
            const KIND: &'static str = $kind;

            fn subject(&self) -> String {
                case::subject(self.about.case)
            }
        }
    };
}

event!(CaseOpened, "cases.case_opened");
event!(CaseActed, "cases.case_acted");
event!(CaseAssigned, "cases.case_assigned");
event!(CaseDueSoon, "cases.case_due_soon");
event!(CaseOverdue, "cases.case_overdue");
