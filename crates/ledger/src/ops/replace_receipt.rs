//! Replace a receipt (thay thế biên lai): a new number stands for one that was written wrongly; the old one stays in the
//! register and says why.

use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::Deserialize;
use songhan_app::{ApiJson, Cx, IntoProblem, Path, Problem};
use songhan_base::{Id, Internal, clean_line};
use utoipa::ToSchema;

use crate::access::keeps_books;
use crate::receipt::{Receipt, ReceiptState};
use crate::{receipting, store};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReceiptReplacementInput, example = json!({"reason": "Ghi sai tên khoản thu"}))]
pub struct Input {
    #[schema(min_length = 3, max_length = 300)]
    pub reason: String,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("there is no such receipt in books of yours")]
    NotFound,
    #[error("this receipt is {0}; only one in force is replaced")]
    NotInForce(&'static str),
    #[error("say in 3 to 300 characters why it is replaced")]
    Reason,
    #[error("the city declares no receipts for today; complete payment-receipts.toml")]
    NoNumbering,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::NotFound => Problem::not_found("receipt"),
            Self::NotInForce(_) => Problem::conflict("receipt_not_in_force", detail),
            Self::NoNumbering => Problem::conflict("no_receipt_numbering", detail),
            Self::Reason => Problem::invalid("reason_wanted", detail, Vec::new()),
            Self::Internal(error) => error.into(),
        }
    }
}

pub async fn replace_receipt(cx: &Cx, id: Id, input: Input) -> Result<Receipt, Rejection> {
    let reason = clean_line(&input.reason);
    if !(3..=300).contains(&reason.chars().count()) {
        return Err(Rejection::Reason);
    }
    let known =
        store::receipts::by_id(&cx.db, id).await?.filter(|r| keeps_books(cx, &r.unit)).ok_or(Rejection::NotFound)?;
    let mut tx = cx.begin().await?;
    // The charge's row is the one lock of everything about it.
    let charge = store::charges::lock(&mut tx, known.charge).await?.ok_or(Rejection::NotFound)?;
    let receipt = store::receipts::by_id(&mut tx, id).await?.ok_or(Rejection::NotFound)?;
    if receipt.state != ReceiptState::Issued {
        return Err(Rejection::NotInForce(receipt.state.as_str()));
    }
    receipting::end(&mut tx, &receipt, ReceiptState::Replaced, &reason).await?;
    let new = receipting::issue(&mut tx, cx, &charge, Some(id)).await?.ok_or(Rejection::NoNumbering)?;
    cx.keep(&mut tx, 201, &new).await?;
    tx.commit().await?;
    Ok(new)
}

#[utoipa::path(post, path = "/api/v1/ledger/receipts/{id}/replacement", tag = "accounting", operation_id = "replace_receipt",
    summary = "Replace a receipt by a new number",
    params(("id" = String, Path, format = Uuid, description = "the receipt", example = "019aa4a0-7c00-7000-8000-000000000003")),
    request_body = Input,
    responses((status = 201, description = "The new receipt", body = Receipt),
        (status = 404, description = "No such thing in books of yours"),
        (status = 409, description = "Its state does not allow it")))]
pub async fn handler(cx: Cx, Path(id): Path<Id>, ApiJson(input): ApiJson<Input>) -> Result<impl IntoResponse, Problem> {
    let receipt = replace_receipt(&cx, id, input).await.map_err(IntoProblem::into_problem)?;
    Ok((StatusCode::CREATED, Json(receipt)))
}
