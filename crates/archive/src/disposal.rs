//! Danh mục hồ sơ hết giá trị: a list of dossiers whose term is over, from its proposal to its end.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use songhan_app::Cx;
use songhan_base::Id;
use songhan_db::{At, Event};

/// A list.
#[derive(Clone, Debug, PartialEq, Serialize, sqlx::FromRow, utoipa::ToSchema)]
#[schema(as = ArchiveDisposal)]
pub struct Disposal {
    #[schema(value_type = String, format = "uuid")]
    pub id: Id,
    #[schema(example = "ubnd-hai-chau")]
    pub unit: String,
    #[sqlx(try_from = "String")]
    pub state: DisposalState,
    pub note: Option<String>,
    #[serde(skip)]
    pub proposed_by: Id,
    #[schema(example = "Lê Văn Bình")]
    pub proposed_by_name: String,
    #[schema(value_type = String, format = "date-time")]
    pub proposed_at: At,
    /// Số, ký hiệu of the decision.
    #[schema(example = "1/QĐ-TH-UBND")]
    pub number: Option<String>,
    #[serde(skip)]
    pub decided_by: Option<Id>,
    pub decided_by_name: Option<String>,
    #[schema(value_type = Option<String>, format = "date-time")]
    pub decided_at: Option<At>,
    pub decided_note: Option<String>,
    /// Until then an approved list can be withdrawn; then its dossiers are destroyed.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub destroys_at: Option<At>,
    #[schema(value_type = Option<String>, format = "date-time")]
    pub begun_at: Option<At>,
    #[schema(value_type = Option<String>, format = "date-time")]
    pub ended_at: Option<At>,
    /// The list under the unit's seal; it is made after the approval.
    #[schema(value_type = String, format = "uuid")]
    pub document: Id,
}

/// Where a list stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ArchiveDisposalState)]
pub enum DisposalState {
    /// Chờ duyệt.
    Proposed,
    /// Đã duyệt: can still be withdrawn.
    Approved,
    /// Đang tiêu hủy.
    Running,
    /// Đã tiêu hủy.
    Done,
    /// Không duyệt.
    Refused,
    /// Đã rút.
    Withdrawn,
}

impl DisposalState {
    const ALL: [Self; 6] = [Self::Proposed, Self::Approved, Self::Running, Self::Done, Self::Refused, Self::Withdrawn];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Approved => "approved",
            Self::Running => "running",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl TryFrom<String> for DisposalState {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|state| state.as_str() == text);
        found.ok_or_else(|| format!("{text:?} is no state of a list"))
    }
}

impl Disposal {
    /// The decision, as it is cited on what is left of a dossier.
    pub fn cited(&self, cx: &Cx) -> String {
        let unit = cx.city.agencies().get(&self.unit).map_or(self.unit.as_str(), |unit| unit.name.vi.as_str());
        let day = self.decided_at.map_or_else(String::new, |at| shown_day(cx, at.0));
        format!("Quyết định số {} ngày {day} của {unit}", self.number.as_deref().unwrap_or_default())
    }

    /// `archive-disposal:ID`, for its paper and the audit log.
    pub fn subject(&self) -> String {
        format!("archive-disposal:{}", self.id)
    }
}

/// As papers write a day: `22/11/2026`.
pub fn shown_day(cx: &Cx, at: Timestamp) -> String {
    at.to_zoned(cx.zone.clone()).strftime("%d/%m/%Y").to_string()
}

/// A list was proposed, decided, begun or ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DisposalChanged {
    pub disposal: Id,
    pub unit: String,
    pub state: DisposalState,
}

impl Event for DisposalChanged {
    const KIND: &'static str = "archive.disposal_changed";
    fn subject(&self) -> String {
        crate::entry::subject(&self.unit)
    }
}
