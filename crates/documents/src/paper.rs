//! The four kinds of paper the city hands out, as typed data for their templates.
//!
//! Moments are written in the city's own zone without an offset (`2026-11-21T09:30`), days as `2026-11-21`;
//! money is whole đồng. Optional fields may stay out: the templates leave a dotted line or nothing.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

/// A paper that can be set: its kind names the template.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum Paper {
    /// Giấy tiếp nhận hồ sơ và hẹn trả kết quả.
    Receipt(Box<Receipt>),
    /// Trích lục bản sao.
    CertifiedCopy(Box<CertifiedCopy>),
    /// Quyết định, giấy phép, công văn.
    Decision(Box<Decision>),
    /// Biên lai thu phí, lệ phí.
    PaymentReceipt(Box<PaymentReceipt>),
}

impl Paper {
    /// Name of its template.
    pub fn template(&self) -> &'static str {
        match self {
            Self::Receipt(_) => "receipt",
            Self::CertifiedCopy(_) => "certified-copy",
            Self::Decision(_) => "decision",
            Self::PaymentReceipt(_) => "payment-receipt",
        }
    }
}

/// Form 01 of the one-stop rules: a dossier was taken in and when its result is due.
///
/// Mẫu số 01: giấy tiếp nhận hồ sơ và hẹn trả kết quả.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Receipt {
    /// Mã hồ sơ, such as `000.00.15.H17-261121-0001`.
    pub dossier: String,
    /// Number of the receipt, such as `0001/TNHS`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Cơ quan: the People's Committee or department that answers.
    pub agency: String,
    /// Bộ phận tiếp nhận và trả kết quả.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub office: Option<String>,
    /// Địa danh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Day of the paper.
    pub date: Date,
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
    /// Faint words across the page, such as `Bản trình diễn`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub watermark: Option<String>,
}

fn one() -> u32 {
    1
}

/// Người nộp hồ sơ.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Applicant {
    /// Họ và tên, or the organisation's name.
    pub name: String,
    /// Who handed it in for them, if somebody else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submitted_by: Option<String>,
    /// Địa chỉ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Số điện thoại.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// E-mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Số định danh cá nhân.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub citizen_id: Option<String>,
}

/// Who signs a paper (Decree 30/2020, Appendix I, II.7).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Signatory {
    /// On whose behalf: `TM. Ủy ban nhân dân`; for a deputy `KT. Chủ tịch`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
    /// Chức vụ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Họ và tên.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A label and what stands behind it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Entry {
    /// Label without colon.
    pub label: String,
    /// Empty prints a dotted line.
    #[serde(default)]
    pub value: String,
    /// Relative width in its line.
    #[serde(default = "one")]
    pub share: u32,
    /// In bold capitals, as the name of the person registered.
    #[serde(default)]
    pub strong: bool,
}

impl Entry {
    /// An entry that takes its line alone.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into(), share: 1, strong: false }
    }
}

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
    /// `Trích lục khai sinh`, `Trích lục kết hôn`, `Trích lục khai tử` …
    pub title: String,
    /// Cơ quan cấp bản sao.
    pub agency: String,
    /// Its superior, if the paper names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Such as `0154/TLKS-BS`.
    pub number: String,
    /// Địa danh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Day of issue.
    pub date: Date,
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

/// One line of a payment receipt.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct PaidItem {
    /// Tên loại phí, lệ phí.
    pub name: String,
    /// Mức thu, đồng.
    pub price: i64,
    /// Số lượng.
    #[serde(default = "one")]
    pub quantity: u32,
}

/// A receipt for fees and charges.
///
/// Biên lai thu phí, lệ phí.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct PaymentReceipt {
    /// Số biên lai.
    pub number: String,
    /// Mẫu số and ký hiệu.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// Ký hiệu biên lai.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub series: Option<String>,
    /// Đơn vị thu.
    pub agency: String,
    /// Its address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Mã số thuế.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_code: Option<String>,
    /// Day of the receipt.
    pub date: Date,
    /// Người nộp tiền.
    pub payer: Applicant,
    /// Mã hồ sơ.
    pub dossier: String,
    /// Title of the procedure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub procedure: Option<String>,
    /// What was paid for.
    pub items: Vec<PaidItem>,
    /// Tổng cộng, đồng; what was really paid, reductions included.
    pub total: i64,
    /// Số tiền bằng chữ: [`crate::words::dong`].
    pub total_words: String,
    /// Hình thức thanh toán.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Mã giao dịch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// When it was paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paid: Option<DateTime>,
    /// Người thu tiền.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collector: Option<String>,
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

#[cfg(test)]
mod tests;
