//! The shapes that the API answers with.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use songhan_base::{Id, Money, Text};
use utoipa::ToSchema;

use crate::charge::{Channel, Charge, ChargeLine, ChargeState};
use crate::payment::{Payment, PaymentState};

/// A text in Vietnamese and, where it is translated, in English.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"vi": "Lệ phí", "en": "Fee"}))]
pub struct TextView {
    pub vi: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
}

/// Khoản phải thu.
#[derive(Serialize, ToSchema)]
#[schema(as = Charge, example = json!({
    "id": "019aa4a0-7c00-7000-8000-000000000001", "reference": "SH4Q7K2M9XPT", "subject": "dossier:000.00.15.H17-261121-0001",
    "purpose": {"vi": "Phí cấp bản sao trích lục hộ tịch", "en": "Fee for a certified copy"}, "unit": "ubnd-hai-chau",
    "amount": 16000, "state": "due", "channel": null, "version": 1, "created_at": "2026-11-21T02:00:00Z", "paid_at": null,
    "lines": [{"name": {"vi": "Phí cấp bản sao", "en": "Certified copy"}, "quantity": 2, "unit_amount": 8000, "amount": 16000,
               "basis": {"vi": "Thông tư 281/2016/TT-BTC"}}],
    "payments": []}))]
pub struct ChargeView {
    #[schema(value_type = String, format = Uuid)]
    pub id: Id,
    /// Mã thanh toán, for the transfer note.
    pub reference: String,
    /// What it is for.
    pub subject: String,
    #[schema(value_type = TextView)]
    pub purpose: Text,
    /// Code of the unit that is paid.
    pub unit: String,
    /// Whole đồng.
    #[schema(value_type = i64)]
    pub amount: Money,
    pub state: ChargeState,
    pub channel: Option<Channel>,
    pub version: i64,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub paid_at: Option<Timestamp>,
    pub lines: Vec<ChargeLine>,
    /// The latest first.
    pub payments: Vec<PaymentView>,
}

impl ChargeView {
    pub fn new(charge: Charge, lines: Vec<ChargeLine>, payments: Vec<Payment>) -> Self {
        Self {
            id: charge.id,
            reference: charge.reference,
            subject: charge.subject,
            purpose: charge.purpose,
            unit: charge.unit,
            amount: charge.amount,
            state: charge.state,
            channel: charge.channel,
            version: charge.version,
            created_at: charge.created_at,
            paid_at: charge.paid_at,
            lines,
            payments: payments.into_iter().map(PaymentView::from).collect(),
        }
    }
}

/// Lượt thanh toán.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"id": "019aa4a0-7c00-7000-8000-000000000002", "channel": "vnpay", "amount": 16000,
    "state": "succeeded", "overpaid": false, "created_at": "2026-11-21T02:01:00Z", "settled_at": "2026-11-21T02:02:00Z"}))]
pub struct PaymentView {
    #[schema(value_type = String, format = Uuid)]
    pub id: Id,
    pub channel: Channel,
    #[schema(value_type = i64)]
    pub amount: Money,
    pub state: PaymentState,
    /// It came when nothing was due: it is owed back.
    pub overpaid: bool,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub settled_at: Option<Timestamp>,
}

impl From<Payment> for PaymentView {
    fn from(payment: Payment) -> Self {
        Self {
            id: payment.id,
            channel: payment.channel,
            amount: payment.amount,
            state: payment.state,
            overpaid: payment.overpaid,
            created_at: payment.created_at,
            settled_at: payment.settled_at,
        }
    }
}

/// The secret of the charge's link, for those without an account.
#[derive(Deserialize)]
pub struct KeyQuery {
    pub key: Option<String>,
}
