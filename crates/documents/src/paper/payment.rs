//! Receipts for fees and charges.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::{Applicant, Head, Verification, one};

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
    #[serde(flatten)]
    pub head: Head,
    #[serde(flatten)]
    pub verify: Verification,
    /// Số biên lai.
    pub number: String,
    /// Mẫu số and ký hiệu.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// Ký hiệu biên lai.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub series: Option<String>,
    /// Its address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Mã số thuế.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_code: Option<String>,
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
}
