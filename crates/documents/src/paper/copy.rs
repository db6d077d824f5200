//! Copies of civil-status records.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Entry, Head, Signatory, Verification};

/// Entries of a certified copy that belong together.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Section {
    /// Heading, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Lines of one to three entries.
    pub rows: Vec<Vec<Entry>>,
}

/// Where and when the event was registered.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Registered {
    /// `Đăng ký khai sinh tại`.
    pub label: String,
    /// The registering authority.
    pub at: String,
    /// Number in the register.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Day of registration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
}

/// A certified copy of a civil-status record.
///
/// Trích lục hộ tịch (bản sao).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct CertifiedCopy {
    #[serde(flatten)]
    pub head: Head,
    #[serde(flatten)]
    pub verify: Verification,
    /// `Trích lục khai sinh`, `Trích lục kết hôn`, `Trích lục khai tử` …
    pub title: String,
    /// Such as `0154/TLKS-BS`.
    pub number: String,
    /// What the register says.
    pub sections: Vec<Section>,
    /// Where it was registered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registered: Option<Registered>,
    /// Ghi chú.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
    /// Sentence that says where the copy was taken from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certified: Option<String>,
    /// Người ký trích lục.
    pub signer: Signatory,
}
