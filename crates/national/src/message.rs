//! Messages of the log, as their rows hold them and as programs and pages see them.

use serde::{Deserialize, Serialize};
use songhan_base::Id;
use songhan_db::At;

/// Trạng thái gửi.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = NationalMessageState)]
pub enum State {
    /// Chờ gửi: it will be sent, or tried again.
    Waiting,
    /// Đã gửi: the portal has taken it.
    Sent,
    /// Không đổi: the portal knew all of it, or had refused just this.
    Unchanged,
    /// Bị từ chối: not sent again before the dossier changes.
    Refused,
    /// There is no such dossier any more.
    Gone,
}

impl State {
    pub const ALL: [Self; 5] = [Self::Waiting, Self::Sent, Self::Unchanged, Self::Refused, Self::Gone];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Unchanged => "unchanged",
            Self::Refused => "refused",
            Self::Gone => "gone",
        }
    }
}

impl TryFrom<String> for State {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::ALL.into_iter().find(|state| state.as_str() == text).ok_or_else(|| format!("{text:?} is no state"))
    }
}

/// A row of `national_messages`.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Row {
    pub id: Id,
    pub case_id: Id,
    pub code: String,
    #[sqlx(try_from = "String")]
    pub state: State,
    pub pending: bool,
    pub revision: i64,
    pub forced: bool,
    pub attempts: i64,
    pub next_at: Option<At>,
    pub status: Option<i64>,
    pub steps: i64,
    pub answer_code: Option<String>,
    pub answer: Option<String>,
    pub created_at: At,
    pub tried_at: Option<At>,
    pub ended_at: Option<At>,
}

/// A time at which the portal was told of a dossier, or will be.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = NationalMessage)]
pub struct Message {
    #[schema(value_type = String, format = "uuid")]
    pub id: Id,
    /// Code of the dossier (MaHoSo).
    #[schema(example = "000.00.15.H17-261121-0001")]
    pub dossier: String,
    pub state: State,
    /// The national status that it told, 1 to 10.
    #[schema(example = 4)]
    pub status: Option<i64>,
    /// Steps of the processing that it told (CapNhatTienDoHoSoMC).
    #[schema(example = 2)]
    pub steps: i64,
    /// Changes of the dossier that it gathers.
    #[schema(example = 3)]
    pub changes: i64,
    #[schema(example = 1)]
    pub attempts: i64,
    /// The portal's code for its answer; missing where there was none.
    #[schema(example = "0")]
    pub answer_code: Option<String>,
    /// The portal's words, or why it was not reached; names and numbers of people are left out.
    pub answer: Option<String>,
    #[schema(value_type = String, format = "date-time")]
    pub created_at: At,
    #[schema(value_type = Option<String>, format = "date-time")]
    pub tried_at: Option<At>,
    /// When it is tried next, while it waits.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub next_at: Option<At>,
    #[schema(value_type = Option<String>, format = "date-time")]
    pub ended_at: Option<At>,
}

impl From<Row> for Message {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            dossier: row.code,
            state: row.state,
            status: row.status,
            steps: row.steps,
            changes: row.revision,
            attempts: row.attempts,
            answer_code: row.answer_code,
            answer: row.answer,
            created_at: row.created_at,
            tried_at: row.tried_at,
            next_at: row.next_at.filter(|_| row.pending),
            ended_at: row.ended_at,
        }
    }
}
