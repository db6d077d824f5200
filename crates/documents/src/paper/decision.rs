//! Decisions, licences, certificates, letters.

use serde::{Deserialize, Serialize};

use super::{Entry, Head, Signatory, Verification};

/// A decision, licence, certificate or letter.
///
/// Quyết định, giấy phép, giấy xác nhận; without `kind` a công văn.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Decision {
    #[serde(flatten)]
    pub head: Head,
    #[serde(flatten)]
    pub verify: Verification,
    /// Tên loại văn bản; absent in a letter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Trích yếu.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Số, ký hiệu: `12/QĐ-UBND`.
    pub number: String,
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
}
