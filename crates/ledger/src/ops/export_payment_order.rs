//! Export an approved payment order as the bank takes it: ISO 20022 pain.001.001.09.

use axum::http::header;
use axum::response::IntoResponse;
use songhan_app::{Cx, IntoProblem, Path, Problem};
use songhan_base::{Id, Internal};

use super::get_payment_order::get_payment_order;
use crate::config::BankAccounts;
use crate::order::{OrderKind, OrderState};
use crate::pain001;

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("there is no such payment order in books of yours")]
    NotFound,
    #[error("this payment order is {0}; only an approved one goes to the bank")]
    NotApproved(&'static str),
    #[error("this payment order goes through the gateway; there is no file for a bank")]
    ByGateway,
    #[error("the account that pays is not set any more; complete the configuration section [vietqr]")]
    NoAccount,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::NotFound => Problem::not_found("payment order"),
            Self::NotApproved(_) => Problem::conflict("order_not_approved", detail),
            Self::ByGateway => Problem::conflict("order_by_gateway", detail),
            Self::NoAccount => Problem::conflict("no_account", detail),
            Self::Internal(error) => error.into(),
        }
    }
}

/// The file's name and its text. Taken out again it is the same file, with the same numbers: a bank takes it once.
pub async fn export_payment_order(cx: &Cx, id: Id) -> Result<(String, String), Rejection> {
    let found = get_payment_order(cx, id).await?.ok_or(Rejection::NotFound)?;
    let (order, lines) = (found.order, found.lines);
    if order.kind == OrderKind::GatewayRefund {
        return Err(Rejection::ByGateway);
    }
    let approved_at = order.approved_at.filter(|_| matches!(order.state, OrderState::Approved | OrderState::Done));
    let approved_at = approved_at.ok_or(Rejection::NotApproved(order.state.as_str()))?;
    let accounts = BankAccounts::of(cx)?;
    let debtor = accounts.numbered(&order.account).ok_or(Rejection::NoAccount)?;
    let day = approved_at.to_zoned(cx.zone.clone()).date();
    let mut tx = cx.begin().await?;
    let detail = serde_json::json!({ "number": order.number });
    tx.audit("ledger.payment_order_exported", &format!("payment-order:{id}"), detail).await?;
    tx.commit().await?;
    Ok((format!("{}.xml", order.number), pain001::write(&order, &lines, debtor, day, approved_at)))
}

#[utoipa::path(get, path = "/api/v1/ledger/payment-orders/{id}/file", tag = "accounting",
    operation_id = "export_payment_order", summary = "Take out a payment order for the bank",
    description = "ISO 20022 pain.001.001.09; audited.",
    params(("id" = String, Path, format = Uuid, description = "the order", example = "019aa4a0-7c00-7000-8000-000000000005")),
    responses((status = 200, description = "The file", body = String, content_type = "application/xml"),
        (status = 404, description = "No such thing in books of yours"),
        (status = 409, description = "Its state does not allow it")))]
pub async fn handler(cx: Cx, Path(id): Path<Id>) -> Result<impl IntoResponse, Problem> {
    let (name, xml) = export_payment_order(&cx, id).await.map_err(IntoProblem::into_problem)?;
    let disposition = format!("attachment; filename=\"{name}\"");
    Ok(([(header::CONTENT_TYPE, "application/xml".to_owned()), (header::CONTENT_DISPOSITION, disposition)], xml))
}
