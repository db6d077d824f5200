//! A dossier that has ended, as the archive keeps it; and those that were handed in together.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use songhan_base::Id;
use songhan_cases::Case;
use songhan_db::{At, Event};

use crate::retention::Kept;

/// Hồ sơ trong lưu trữ.
#[derive(Clone, Debug, PartialEq, Serialize, sqlx::FromRow, utoipa::ToSchema)]
#[schema(as = ArchiveEntry)]
pub struct Entry {
    #[serde(skip)]
    pub case_id: Id,
    #[schema(example = "000.00.15.H17-241121-0001")]
    pub code: String,
    /// Code of the procedure.
    #[schema(example = "1.001939")]
    pub topic: String,
    #[schema(example = "Cấp thẻ bảo hiểm y tế cho trẻ em dưới 6 tuổi")]
    pub title: String,
    #[schema(example = "ubnd-hai-chau")]
    pub unit: String,
    /// When it ended.
    #[schema(value_type = String, format = "date-time")]
    pub ended_at: At,
    /// The year of its end.
    #[schema(example = 2024)]
    pub year: i64,
    /// Hạn nộp lưu.
    #[schema(example = "2025-11-25")]
    pub hand_in_by: String,
    /// Nhóm thời hạn bảo quản.
    #[schema(example = "default")]
    pub retention: String,
    /// How many years it is kept; none is for ever.
    #[schema(example = 20)]
    pub years: Option<i64>,
    /// The last day of its term.
    #[schema(example = "2044-12-31")]
    pub keep_until: Option<String>,
    #[sqlx(try_from = "String")]
    pub state: EntryState,
    /// Số tài liệu, counted when it was handed in.
    #[schema(example = 3)]
    pub papers: i64,
    /// The batch in which it was handed in.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub batch: Option<Id>,
    #[schema(value_type = Option<String>, format = "date-time")]
    pub handed_in_at: Option<At>,
    /// The list for destruction on which it stands.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub disposal: Option<Id>,
    /// Giữ lại: since when it is held back, by whom, why.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub held_at: Option<At>,
    pub held_by: Option<String>,
    pub held_reason: Option<String>,
    #[schema(value_type = Option<String>, format = "date-time")]
    pub destroyed_at: Option<At>,
}

/// Where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ArchiveEntryState)]
pub enum EntryState {
    /// Chờ nộp lưu.
    Due,
    /// Đang lưu trữ.
    Kept,
    /// Đã tiêu hủy.
    Destroyed,
}

impl EntryState {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Kept => "kept",
            Self::Destroyed => "destroyed",
        }
    }
}

impl TryFrom<String> for EntryState {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let found = [Self::Due, Self::Kept, Self::Destroyed].into_iter().find(|state| state.as_str() == text);
        found.ok_or_else(|| format!("{text:?} is no state of an entry"))
    }
}

impl Entry {
    /// The entry of a case that ended on this day.
    pub fn of(case: &Case, ended_at: At, ended: Date, hand_in_by: Date, kept: Kept) -> Self {
        Self {
            case_id: case.id,
            code: case.code.clone(),
            topic: case.topic.clone(),
            title: case.title.clone(),
            unit: case.unit.clone(),
            ended_at,
            year: i64::from(ended.year()),
            hand_in_by: hand_in_by.to_string(),
            retention: kept.group,
            years: kept.years.map(i64::from),
            keep_until: kept.until.map(|day| day.to_string()),
            state: EntryState::Due,
            papers: 0,
            batch: None,
            handed_in_at: None,
            disposal: None,
            held_at: None,
            held_by: None,
            held_reason: None,
            destroyed_at: None,
        }
    }

    /// Whether its term is over on this day.
    pub fn is_over(&self, today: Date) -> bool {
        self.keep_until.as_ref().is_some_and(|until| *until < today.to_string())
    }

    /// Whether it should have been handed in by this day.
    pub fn is_late(&self, today: Date) -> bool {
        self.state == EntryState::Due && self.hand_in_by < today.to_string()
    }
}

/// Biên bản giao nhận hồ sơ.
#[derive(Clone, Debug, PartialEq, Serialize, sqlx::FromRow, utoipa::ToSchema)]
#[schema(as = ArchiveBatch)]
pub struct Batch {
    #[schema(value_type = String, format = "uuid")]
    pub id: Id,
    #[schema(example = "1/BBGN-UBND")]
    pub number: String,
    #[schema(example = "ubnd-hai-chau")]
    pub unit: String,
    #[schema(example = 2024)]
    pub year: i64,
    /// How many dossiers.
    #[schema(example = 12)]
    pub entries: i64,
    #[serde(skip)]
    pub handed_by: Id,
    #[schema(example = "Lê Văn Bình")]
    pub handed_by_name: String,
    #[schema(value_type = String, format = "date-time")]
    pub handed_at: At,
    /// The record under the unit's seal; it is made a moment later.
    #[schema(value_type = String, format = "uuid")]
    pub document: Id,
}

/// `archive:UNIT`, for events and the audit log.
pub fn subject(unit: &str) -> String {
    format!("archive:{unit}")
}

/// Dossiers were handed in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HandedIn {
    pub batch: Id,
    pub unit: String,
    pub year: i64,
    pub entries: i64,
}

impl Event for HandedIn {
    const KIND: &'static str = "archive.handed_in";
    fn subject(&self) -> String {
        subject(&self.unit)
    }
}

/// A dossier was destroyed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Destroyed {
    pub case: Id,
    pub code: String,
    pub unit: String,
    pub disposal: Id,
}

impl Event for Destroyed {
    const KIND: &'static str = "archive.destroyed";
    fn subject(&self) -> String {
        format!("case:{}", self.case)
    }
}
