//! What happens to cases, as others hear it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use songhan_base::Id;
use songhan_db::Event;

use crate::{Case, Clock, National, case};

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
    /// The case because of which it was opened, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Id>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
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
            parent: case.parent,
            link: case.link.clone(),
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
    /// The clock before and after; missing in events of before November 2026.
    #[serde(default)]
    pub clock_before: Option<Clock>,
    #[serde(default)]
    pub clock: Option<Clock>,
    /// It counts as late now.
    #[serde(default)]
    pub late: bool,
    /// Whether it was finished in time, where it is finished and something was promised.
    #[serde(default)]
    pub in_time: Option<bool>,
    /// The working time that its clock has run, in microseconds.
    #[serde(default)]
    pub worked_us: i64,
    /// The action that was undone, where `action` is `undo`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone: Option<String>,
}

/// A case was given a later due time. Comes with the [`CaseActed`] of the same step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseExtended {
    #[serde(flatten)]
    pub about: CaseRef,
    pub due_before: Timestamp,
    pub due_at: Timestamp,
    /// How often it has been extended now.
    pub times: i64,
    /// It had been told as overdue and is no more.
    pub was_late: bool,
    pub version: i64,
}

/// Another case was opened because of this one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseLinked {
    /// The parent.
    #[serde(flatten)]
    pub about: CaseRef,
    pub child: Id,
    pub child_code: String,
    pub child_kind: String,
    pub child_unit: String,
    /// Why: `opinion`, `starts`.
    pub why: String,
}

/// Someone was put in charge, or nobody is any more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseAssigned {
    #[serde(flatten)]
    pub about: CaseRef,
    pub before: Option<Id>,
}

/// Another system told something of it, which stands in the timeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseRemarked {
    #[serde(flatten)]
    pub about: CaseRef,
    pub version: i64,
}

/// A running case will be due within a working day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseDueSoon {
    #[serde(flatten)]
    pub about: CaseRef,
    pub due_at: Timestamp,
}

/// A running case is past its due time. Told once for each due time that was promised.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseOverdue {
    #[serde(flatten)]
    pub about: CaseRef,
    pub due_at: Timestamp,
}

/// The present state of a case has to be left within a working day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StageDueSoon {
    #[serde(flatten)]
    pub about: CaseRef,
    pub state: String,
    pub due_at: Timestamp,
}

/// The present state of a case should have been left. Told once a visit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StageOverdue {
    #[serde(flatten)]
    pub about: CaseRef,
    pub state: String,
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
event!(CaseExtended, "cases.case_extended");
event!(CaseLinked, "cases.case_linked");
event!(CaseRemarked, "cases.case_remarked");
event!(StageDueSoon, "cases.stage_due_soon");
event!(StageOverdue, "cases.stage_overdue");
