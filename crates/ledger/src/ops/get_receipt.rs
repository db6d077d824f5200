//! Show the receipts of a charge: the one in force, and those that were cancelled or replaced.

use axum::Json;
use axum::response::IntoResponse;
use serde::Serialize;
use songhan_app::{Cx, Path, Problem, Query};
use songhan_base::Id;
use utoipa::ToSchema;

use crate::access::{Hidden, see};
use crate::api::KeyQuery;
use crate::receipt::Receipt;
use crate::store;

#[derive(Serialize, ToSchema)]
#[schema(as = Receipts)]
pub struct Output {
    /// Oldest first; the one in force has the state `issued`.
    pub items: Vec<Receipt>,
}

pub async fn get_receipts(cx: &Cx, charge: Id, key: Option<&str>) -> Result<Output, Hidden> {
    let charge = see(cx, charge, key).await?.charge;
    Ok(Output { items: store::receipts::of_charge(&cx.db, charge.id).await? })
}

#[utoipa::path(get, path = "/api/v1/charges/{id}/receipts", tag = "payments", operation_id = "list_charge_receipts",
    summary = "Show the receipts of a charge",
    description = "For its payer, the holder of its link (`key`) and the office of the unit that was paid.",
    params(("id" = String, Path, format = Uuid, description = "the charge", example = "019aa4a0-7c00-7000-8000-000000000001"),
        ("key" = Option<String>, Query, description = "secret of the charge's link, instead of an account")),
    responses((status = 200, description = "Its receipts", body = Output),
        (status = 403, description = "Not the payer"),
        (status = 404, description = "No such charge, or not yours")))]
pub async fn handler(cx: Cx, Path(id): Path<Id>, Query(query): Query<KeyQuery>) -> Result<impl IntoResponse, Problem> {
    Ok(Json(get_receipts(&cx, id, query.key.as_deref()).await?))
}
