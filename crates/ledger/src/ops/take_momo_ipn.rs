//! Take MoMo's word on a payment (IPN): the only thing that settles one, besides its answer when it is asked.
//!
//! Checked in this order: signature, order, amount. What is taken, also when it is told again, is answered by 204, as
//! MoMo asks; anything else it repeats.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use serde_json::Value;
use songhan_app::{Cx, IntoProblem, Problem};
use songhan_base::Internal;
use utoipa::ToSchema;

use super::settle_payment::{Word, settle};
use crate::charge::Channel;
use crate::config::Momo;
use crate::gateway::GatewayName;
use crate::momo::reply::{ending, genuine, minimised, number};
use crate::store;

/// Where MoMo tells.
pub const PATH: &str = "/api/v1/payments/momo/ipn";

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("the notification cannot be read: {0}")]
    Unreadable(String),
    #[error("the notification is not signed by MoMo with the shared secret")]
    Signature,
    #[error("there is no such order of this partner here")]
    NoOrder,
    #[error("the amount is not that of the order")]
    Amount,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::Unreadable(_) => Problem::bad_request(detail),
            Self::Signature => Problem::new(StatusCode::UNAUTHORIZED, "signature", detail),
            Self::NoOrder => Problem::not_found("order"),
            Self::Amount => Problem::invalid("amount_differs", detail, Vec::new()),
            Self::Internal(error) => error.into(),
        }
    }
}

pub async fn take_momo_ipn(cx: &Cx, body: &[u8]) -> Result<(), Rejection> {
    let word: Value = serde_json::from_slice(body).map_err(|error| Rejection::Unreadable(error.to_string()))?;
    let momo = Momo::of(cx).await?.ok_or(Rejection::Signature)?;
    let fields = genuine(&momo, &word).ok_or(Rejection::Signature)?;
    let known = store::payments::by_txn_ref(&cx.db, &fields["orderId"].replace('\0', "")).await?;
    let known = known.filter(|payment| payment.channel == Channel::Momo && fields["partnerCode"] == momo.partner_code);
    let known = known.ok_or(Rejection::NoOrder)?;
    if fields["amount"] != known.amount.0.to_string() {
        return Err(Rejection::Amount);
    }
    let word = Word {
        ending: ending(&fields["resultCode"]),
        gateway_no: number(&fields),
        raw: minimised(&fields),
        gateway: GatewayName::Momo,
        merchant: momo.partner_code,
    };
    // Told again it changes nothing, and has been understood all the same.
    settle(cx, known.id, word).await?;
    Ok(())
}

/// What MoMo tells; the fields that count.
#[derive(ToSchema)]
#[schema(as = MomoNotification, example = json!({"partnerCode": "SONGHAN2", "orderId": "SH4Q7K2M9XPT1A2B3C",
    "requestId": "SH4Q7K2M9XPT1A2B3C", "amount": 16000, "orderInfo": "Nop phi dich vu cong SH4Q7K2M9XPT", "orderType": "momo_wallet",
    "transId": 4088878653_i64, "resultCode": 0, "message": "Successful.", "payType": "qr", "responseTime": 1795226490000_i64,
    "extraData": "", "signature": "7b9f4ca728076c32f16041cbc917ebf5e6e7359f0bde343dde3add69a518cf0d"}))]
#[expect(dead_code, non_snake_case, reason = "a document, never a value; the names are MoMo's")]
pub struct Input {
    partnerCode: String,
    orderId: String,
    requestId: String,
    /// Whole đồng.
    amount: i64,
    orderInfo: String,
    orderType: String,
    transId: i64,
    /// 0: the money was taken.
    resultCode: i64,
    message: String,
    payType: String,
    /// Milliseconds since 1970.
    responseTime: i64,
    extraData: String,
    /// HMAC-SHA256 in hex over the other fields and the access key, sorted by name.
    signature: String,
}

#[utoipa::path(post, path = "/api/v1/payments/momo/ipn", tag = "payments", operation_id = "take_momo_ipn",
    summary = "Take MoMo's word on a payment (IPN)",
    description = "For MoMo, protocol v2. Told again it changes nothing and is answered by 204 as well.",
    request_body = Input,
    responses((status = 204, description = "Taken, or known already"),
        (status = 401, description = "Not signed by MoMo"),
        (status = 404, description = "No such order"),
        (status = 422, description = "Not the order's amount")))]
pub async fn handler(cx: Cx, body: Result<Bytes, BytesRejection>) -> Result<StatusCode, Problem> {
    let body = body.map_err(|error| Problem::new(error.status(), "body_unreadable", error.body_text()))?;
    take_momo_ipn(&cx, &body).await.map_err(Rejection::into_problem)?;
    Ok(StatusCode::NO_CONTENT)
}
