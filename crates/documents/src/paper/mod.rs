//! The kinds of paper the city hands out, as typed data for their templates.
//!
//! Moments are written in the city's own zone without an offset (`2026-11-21T09:30`), days as `2026-11-21`;
//! money is whole đồng. Optional fields may stay out: the templates leave a dotted line or nothing.
//!
//! Forms 01 to 06 are those of the one-stop rules (Circular 01/2018/TT-VPCP, appendix).

mod application;
mod archive;
mod book;
mod copy;
mod decision;
mod head;
mod payment;
mod process;
mod receipt;
mod signatory;
mod slip;

pub use application::Application;
pub use archive::{ArchiveEntry, ArchiveList};
pub use book::{BookEntry, TrackingBook};
pub use copy::{CertifiedCopy, Registered, Section};
pub use decision::Decision;
pub use head::{Head, Verification};
pub use payment::{PaidItem, PaymentReceipt};
pub use process::{Handover, Party, ProcessSheet, Timeliness};
pub use receipt::Receipt;
use serde::{Deserialize, Serialize};
pub use signatory::{Authority, By, Signatory};
pub use slip::{Apology, Refusal, Slip, SupplementRequest};

/// A paper that can be set: its kind names the template.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum Paper {
    /// Form 01: giấy tiếp nhận hồ sơ và hẹn trả kết quả.
    Receipt(Box<Receipt>),
    /// Form 02: phiếu yêu cầu bổ sung, hoàn thiện hồ sơ.
    SupplementRequest(Box<SupplementRequest>),
    /// Form 03: phiếu từ chối tiếp nhận giải quyết hồ sơ.
    Refusal(Box<Refusal>),
    /// Form 04: phiếu xin lỗi và hẹn lại ngày trả kết quả.
    Apology(Box<Apology>),
    /// Form 05: phiếu kiểm soát quá trình giải quyết hồ sơ.
    ProcessSheet(Box<ProcessSheet>),
    /// Form 06: sổ theo dõi hồ sơ.
    TrackingBook(Box<TrackingBook>),
    /// Trích lục bản sao.
    CertifiedCopy(Box<CertifiedCopy>),
    /// Quyết định, giấy phép, công văn.
    Decision(Box<Decision>),
    /// Biên lai thu phí, lệ phí.
    PaymentReceipt(Box<PaymentReceipt>),
    /// Đơn, tờ khai, signed by its applicant.
    Application(Box<Application>),
    /// Biên bản giao nhận hồ sơ, danh mục hồ sơ hết giá trị.
    ArchiveList(Box<ArchiveList>),
}

impl Paper {
    /// Name of its template.
    pub fn template(&self) -> &'static str {
        match self {
            Self::Receipt(_) => "receipt",
            Self::SupplementRequest(_) => "supplement-request",
            Self::Refusal(_) => "refusal",
            Self::Apology(_) => "apology",
            Self::ProcessSheet(_) => "process-sheet",
            Self::TrackingBook(_) => "tracking-book",
            Self::CertifiedCopy(_) => "certified-copy",
            Self::Decision(_) => "decision",
            Self::PaymentReceipt(_) => "payment-receipt",
            Self::Application(_) => "application",
            Self::ArchiveList(_) => "archive-list",
        }
    }
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

#[cfg(test)]
mod tests;
