//! Decisions, licences, certificates, letters.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Entry, Signatory};

/// A decision, licence, certificate or letter.
///
/// Quyết định, giấy phép, giấy xác nhận; without `kind` a công văn.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Decision {
    /// Tên loại văn bản; absent in a letter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Trích yếu.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Cơ quan ban hành.
    pub agency: String,
    /// Cơ quan chủ quản trực tiếp.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Số, ký hiệu: `12/QĐ-UBND`.
    pub number: String,
    /// Địa danh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Day of issue.
    pub date: Date,
    /// Thẩm quyền ban hành, above the grounds: `Chủ tịch Ủy ban nhân dân phường Hải Châu`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
    /// Kính gửi.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub addressee: Option<String>,
    /// Căn cứ.
    #[serde(default)]
    pub basis: Vec<String>,
    /// `Quyết định:`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enacts: Option<String>,
    /// Điều 1, Điều 2 …
    #[serde(default)]
    pub articles: Vec<String>,
    /// Paragraphs without number.
    #[serde(default)]
    pub body: Vec<String>,
    /// A table of labels and values after the text.
    #[serde(default)]
    pub entries: Vec<Entry>,
    /// Nơi nhận.
    #[serde(default)]
    pub recipients: Vec<String>,
    /// Người ký.
    pub signer: Signatory,
    /// Address of the verify page, printed as a QR code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qr: Option<String>,
    /// What to type on the verify page without a camera.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verify_code: Option<String>,
    /// Faint words across the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub watermark: Option<String>,
}
