//! Give the account for a refund: whoever has paid says where the money goes back to.

use axum::Json;
use axum::response::IntoResponse;
use serde::Serialize;
use songhan_app::{ApiJson, Cx, IntoProblem, Path, Problem, Query};
use songhan_base::{FieldError, Id, Internal, Money};
use utoipa::ToSchema;

use crate::access::{Hidden, see};
use crate::api::KeyQuery;
use crate::refund::{Payee, Refund, RefundState, Route};
use crate::store;

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error(transparent)]
    Hidden(#[from] Hidden),
    #[error("only the payer says where the money goes back to")]
    NotThePayer,
    #[error("nothing waits for an account: nothing is owed back, or it is being paid already")]
    NothingOwed,
    #[error("this is no account that a bank could pay to")]
    Fields(Vec<FieldError>),
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::Hidden(hidden) => hidden.into(),
            Self::NotThePayer => Problem::new(axum::http::StatusCode::FORBIDDEN, "not_the_payer", detail),
            Self::NothingOwed => Problem::conflict("nothing_owed", detail),
            Self::Fields(errors) => Problem::invalid("account_invalid", detail, errors),
            Self::Internal(error) => error.into(),
        }
    }
}

/// What goes back, and where to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RefundRequest, example = json!({"amount": 16000, "payee": {"bin": "970436", "number": "0071000123456", "name": "NGUYEN THI AN"}}))]
pub struct Output {
    #[schema(value_type = i64)]
    pub amount: Money,
    pub payee: Payee,
}

/// Whether the payer may (still) say or change where a refund goes.
pub fn waits_for_account(refund: &Refund) -> bool {
    refund.route == Route::Bank && matches!(refund.state, RefundState::Owed | RefundState::Requested)
}

pub async fn give_refund_account(cx: &Cx, id: Id, key: Option<&str>, typed: Payee) -> Result<Output, Rejection> {
    let seen = see(cx, id, key).await?;
    if !seen.may_pay {
        return Err(Rejection::NotThePayer);
    }
    let payee = typed.read().map_err(|mut errors| {
        for error in &mut errors {
            error.message = cx.t(&error.message);
        }
        Rejection::Fields(errors)
    })?;
    let mut tx = cx.begin().await?;
    let charge = store::charges::lock(&mut tx, id).await?.ok_or(Hidden::NotFound)?;
    let mut amount = Money::ZERO;
    for known in store::refunds::of_charge(&mut tx, id).await? {
        // Held, since an accountant may be ordering it.
        let Some(mut refund) = store::refunds::lock(&mut tx, known.id).await?.filter(waits_for_account) else {
            continue;
        };
        (refund.state, refund.payee) = (RefundState::Requested, Some(payee.clone()));
        (refund.requested_at, refund.failure) = (Some(tx.now()), None);
        store::refunds::change(&mut tx, &refund).await?;
        amount.0 += refund.amount.0;
    }
    if amount.is_zero() {
        return Err(Rejection::NothingOwed);
    }
    let ending: String = payee.number.chars().skip(payee.number.len().saturating_sub(4)).collect();
    let detail = serde_json::json!({ "amount": amount, "bin": payee.bin, "number_ends": ending });
    tx.audit("ledger.refund_account_given", &charge.as_subject(), detail).await?;
    tx.commit().await?;
    Ok(Output { amount, payee })
}

#[utoipa::path(post, path = "/api/v1/charges/{id}/refund-account", tag = "payments", operation_id = "give_refund_account",
    summary = "Say where a refund goes",
    description = "For the payer, once something is owed back. May be changed until the pay-out is ordered.",
    params(("id" = String, Path, format = Uuid, description = "the charge", example = "019aa4a0-7c00-7000-8000-000000000001"),
        ("key" = Option<String>, Query, description = "secret of the charge's link, instead of an account")),
    request_body = Payee,
    responses((status = 200, description = "Taken", body = Output),
        (status = 404, description = "No such charge, or not yours"),
        (status = 409, description = "Its state does not allow it")))]
pub async fn handler(
    cx: Cx,
    Path(id): Path<Id>,
    Query(query): Query<KeyQuery>,
    ApiJson(typed): ApiJson<Payee>,
) -> Result<impl IntoResponse, Problem> {
    Ok(Json(give_refund_account(&cx, id, query.key.as_deref(), typed).await.map_err(IntoProblem::into_problem)?))
}
