//! Forms 02, 03 and 04: what the one-stop office tells an applicant about a dossier on half a sheet (phiếu).

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::{Applicant, Head, Signatory, Verification};

/// What every slip carries.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Slip {
    #[serde(flatten)]
    pub head: Head,
    #[serde(flatten)]
    pub verify: Verification,
    /// Mã hồ sơ.
    pub dossier: String,
    /// Số, ký hiệu, such as `12/HDHS-UBND`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Bộ phận tiếp nhận và trả kết quả; absent where the agency itself speaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub office: Option<String>,
    /// Whose dossier it is.
    pub applicant: Applicant,
    /// Nội dung yêu cầu giải quyết: the procedure's title.
    pub procedure: String,
    /// Nơi nhận.
    #[serde(default)]
    pub recipients: Vec<String>,
    /// Who answers for it, above the agency's seal.
    #[serde(default)]
    pub signer: Signatory,
    /// Telephone number for questions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hotline: Option<String>,
}

/// Form 02: what a dossier lacks.
///
/// Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct SupplementRequest {
    #[serde(flatten)]
    pub slip: Slip,
    /// What is to be supplied or put right, one thing a line.
    #[serde(default)]
    pub wanted: Vec<String>,
    /// Lý do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Until when, where there is a limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// Whether the time of handling stands still meanwhile.
    #[serde(default)]
    pub clock_stands: bool,
}

/// Form 03: a dossier is not taken in.
///
/// Phiếu từ chối tiếp nhận giải quyết hồ sơ.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Refusal {
    #[serde(flatten)]
    pub slip: Slip,
    /// Lý do, one a line.
    #[serde(default)]
    pub reasons: Vec<String>,
    /// When it had been handed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received: Option<DateTime>,
    /// What becomes of the fee, if one was paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fee_note: Option<String>,
}

/// Form 04: the result is late, and when it will be there.
///
/// Phiếu xin lỗi và hẹn lại ngày trả kết quả.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Apology {
    #[serde(flatten)]
    pub slip: Slip,
    /// When it had been handed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received: Option<DateTime>,
    /// What was promised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<DateTime>,
    /// Lý do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What is promised now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_due: Option<DateTime>,
}
