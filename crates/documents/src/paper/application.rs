//! An application as its applicant signs it: the filled form, typeset.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Section, Verification};

/// Đơn, tờ khai: a form with its answers.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Application {
    #[serde(flatten)]
    pub verify: Verification,
    /// The form's title: `Giấy đề nghị đăng ký hộ kinh doanh`.
    pub title: String,
    /// Kính gửi: the unit that shall handle it.
    pub addressee: String,
    /// Thủ tục.
    pub procedure: String,
    /// Who signs and hands it in.
    pub applicant: String,
    /// Whose matter it is, if somebody else's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_behalf: Option<String>,
    /// Địa danh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    pub date: Date,
    /// The answers.
    pub sections: Vec<Section>,
    /// Giấy tờ kèm theo: names of the files.
    #[serde(default)]
    pub papers: Vec<String>,
    /// Faint words across the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub watermark: Option<String>,
}
