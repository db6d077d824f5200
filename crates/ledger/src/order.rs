//! Ủy nhiệm chi: an order to pay out, prepared by one person and approved by another, line by line followed until the
//! statement shows it.

use jiff::Timestamp;
use serde::Serialize;
use songhan_base::{Id, Money};

use crate::refund::Payee;

words!(
    /// What an order pays.
    OrderKind, "kind of a payment order" {
        /// Hoàn trả người nộp, bằng chuyển khoản.
        Refund = "refund",
        /// Hoàn trả người nộp, qua cổng thanh toán.
        GatewayRefund = "gateway_refund",
        /// Nộp ngân sách nhà nước.
        Budget = "budget",
    }
);

words!(
    /// Trạng thái lệnh chi.
    OrderState, "state of a payment order" {
        /// Đã lập, chờ duyệt.
        Prepared = "prepared",
        /// Đã duyệt, chờ ngân hàng thực hiện.
        Approved = "approved",
        /// Mọi dòng đã có kết quả.
        Done = "done",
        /// Đã hủy trước khi duyệt.
        Cancelled = "cancelled",
    }
);

words!(
    /// Trạng thái một dòng chi.
    LineState, "state of a line of an order" {
        /// Chờ duyệt.
        Waiting = "waiting",
        /// Đã duyệt, chưa thấy trên sao kê.
        Sent = "sent",
        /// Đã chi.
        Paid = "paid",
        /// Không chi được, hoặc tiền đã quay về.
        Failed = "failed",
    }
);

/// An order, as the database holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = PaymentOrder, example = json!({"id": "019aa4a0-7c00-7000-8000-000000000005", "number": "UNC-2026-000001",
    "kind": "refund", "unit": "ubnd-hai-chau", "account": "1017595600", "total": 16000, "count": 1, "state": "prepared",
    "prepared_name": "Lê Thị Thu", "prepared_at": "2026-11-21T04:00:00Z", "approved_name": null, "approved_at": null}))]
pub struct Order {
    #[schema(value_type = String, format = Uuid)]
    pub id: Id,
    /// Số ủy nhiệm chi.
    pub number: String,
    pub kind: OrderKind,
    pub unit: String,
    /// Where the money leaves: an account number, or the merchant at the gateway.
    pub account: String,
    #[schema(value_type = i64)]
    pub total: Money,
    pub count: i64,
    pub state: OrderState,
    #[serde(skip)]
    pub prepared_by: String,
    pub prepared_name: String,
    #[schema(value_type = String, format = DateTime)]
    pub prepared_at: Timestamp,
    pub approved_name: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub approved_at: Option<Timestamp>,
}

/// A line of an order, as the database holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = PaymentOrderLine)]
pub struct OrderLine {
    #[serde(skip)]
    pub order: Id,
    #[schema(example = 1)]
    pub line: i64,
    /// Our number of the payment, on the bank's statement.
    #[schema(example = "SC4Q7K2M9XPTAB")]
    pub end_to_end: String,
    #[schema(value_type = Option<String>, format = Uuid)]
    pub refund: Option<Id>,
    #[schema(value_type = Option<String>, format = Uuid)]
    pub closing: Option<Id>,
    #[schema(value_type = i64, example = 16000)]
    pub amount: Money,
    pub payee: Payee,
    /// Nội dung.
    #[schema(example = "SC4Q7K2M9XPTAB hoan phi")]
    pub information: String,
    pub state: LineState,
    pub failure: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub settled_at: Option<Timestamp>,
}

impl OrderLine {
    /// What the journal calls it.
    pub fn as_subject(&self) -> String {
        format!("order:{}", self.end_to_end)
    }
}
