//! Form 01: a dossier was taken in, and when its result is due.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::{Applicant, Head, one};

/// Form 01 of the one-stop rules: a dossier was taken in and when its result is due.
///
/// Mẫu số 01: giấy tiếp nhận hồ sơ và hẹn trả kết quả.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Receipt {
    #[serde(flatten)]
    pub head: Head,
    /// Mã hồ sơ, such as `000.00.15.H17-261121-0001`.
    pub dossier: String,
    /// Number of the receipt, such as `0001/TNHS`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Bộ phận tiếp nhận và trả kết quả.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub office: Option<String>,
    /// Who applies.
    pub applicant: Applicant,
    /// Nội dung yêu cầu giải quyết: the procedure's title.
    pub procedure: String,
    /// Thành phần hồ sơ.
    #[serde(default)]
    pub papers: Vec<String>,
    /// Số lượng hồ sơ.
    #[serde(default = "one")]
    pub copies: u32,
    /// Thời gian giải quyết theo quy định, in words: `03 ngày làm việc`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<String>,
    /// When it was received.
    pub received: DateTime,
    /// When the result is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<DateTime>,
    /// Đăng ký nhận kết quả tại.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery: Option<String>,
    /// Phí, lệ phí in đồng.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fee: Option<i64>,
    /// Is it paid?
    #[serde(default)]
    pub fee_paid: bool,
    /// `online`, `counter` or `post`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// Officer who took it in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub officer: Option<String>,
    /// The receipt's secret, which opens more than status and dates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// Telephone number for questions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hotline: Option<String>,
    /// Address of the tracking page, printed as a QR code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qr: Option<String>,
}
