//! Form 06: the book in which a one-stop office follows its dossiers.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::{Head, one};

/// Sổ theo dõi hồ sơ: A4 across, as many pages as it takes.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct TrackingBook {
    #[serde(flatten)]
    pub head: Head,
    /// Bộ phận tiếp nhận và trả kết quả.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub office: Option<String>,
    /// First day of the dossiers in it.
    pub from: Date,
    /// Last day.
    pub until: Date,
    /// In the order in which they came.
    #[serde(default)]
    pub entries: Vec<BookEntry>,
}

/// A dossier's line in the book.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct BookEntry {
    /// Mã hồ sơ.
    pub dossier: String,
    /// Tên thủ tục hành chính.
    pub procedure: String,
    /// Số lượng hồ sơ (bộ).
    #[serde(default = "one")]
    pub copies: u32,
    /// Tên cá nhân, tổ chức.
    pub applicant: String,
    /// Địa chỉ, số điện thoại.
    #[serde(default)]
    pub contact: String,
    /// Cơ quan chủ trì giải quyết.
    #[serde(default)]
    pub agency: String,
    /// Ngày nhận hồ sơ.
    pub received: DateTime,
    /// Ngày hẹn trả kết quả.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<DateTime>,
    /// Ngày trả kết quả.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returned: Option<DateTime>,
    /// Phương thức nhận kết quả.
    #[serde(default)]
    pub delivery: String,
    /// Ghi chú.
    #[serde(default)]
    pub note: String,
}
