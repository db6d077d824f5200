//! What an archive draws up: the list of dossiers that were handed in, and the list of those to be destroyed.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Signatory;

/// Biên bản giao nhận with its mục lục hồ sơ, danh mục hồ sơ hết giá trị: A4 across, as many pages as it takes.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ArchiveList {
    /// Its name, such as `Biên bản giao nhận hồ sơ`.
    pub title: String,
    /// Cơ quan.
    pub agency: String,
    /// Cơ quan chủ quản trực tiếp.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Số, ký hiệu.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Địa danh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Day on which it was drawn up.
    pub date: Date,
    /// What it says before the list: a paragraph each.
    #[serde(default)]
    pub body: Vec<String>,
    /// Title of the list, such as `Mục lục hồ sơ nộp lưu`.
    pub heading: String,
    /// In the order in which they ended.
    #[serde(default)]
    pub entries: Vec<ArchiveEntry>,
    /// Who answers for it.
    pub signer: Signatory,
    /// Address of its verify page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qr: Option<String>,
    /// Mã kiểm tra.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verify_code: Option<String>,
    /// Faint words across the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub watermark: Option<String>,
}

/// A dossier's line in the list.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ArchiveEntry {
    /// Mã hồ sơ.
    pub dossier: String,
    /// Tiêu đề hồ sơ.
    pub title: String,
    /// Ngày kết thúc.
    pub ended: Date,
    /// Số tài liệu.
    pub papers: i64,
    /// Thời hạn bảo quản: `Vĩnh viễn`, `20 năm`.
    pub term: String,
    /// Ghi chú.
    #[serde(default)]
    pub note: String,
}
