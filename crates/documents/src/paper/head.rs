//! What papers have in common: who speaks, where and when; and how a paper is verified.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Phần đầu văn bản (Decree 30/2020, Appendix I, II).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Head {
    /// Cơ quan ban hành: the People's Committee or department that answers.
    pub agency: String,
    /// Cơ quan chủ quản trực tiếp, if the paper names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Địa danh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Day of the paper.
    pub date: Date,
    /// Faint words across the page, such as `Bản trình diễn`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub watermark: Option<String>,
}

/// How whoever holds a paper finds out whether it is true.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Verification {
    /// Address of the verify page, printed as a QR code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qr: Option<String>,
    /// Mã kiểm tra: what to type on the verify page without a camera.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verify_code: Option<String>,
}
