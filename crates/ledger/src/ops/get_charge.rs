//! Show a charge with its lines and payments.

use axum::Json;
use axum::response::IntoResponse;
use songhan_app::{Cx, Path, Problem, Query};
use songhan_base::Id;

use crate::access::{Hidden, see};
use crate::api::{ChargeView, KeyQuery};
use crate::store;

pub async fn get_charge(cx: &Cx, id: Id, key: Option<&str>) -> Result<ChargeView, Hidden> {
    let charge = see(cx, id, key).await?.charge;
    let lines = store::charges::lines(&cx.db, id).await?;
    let payments = store::payments::of_charge(&cx.db, id).await?;
    Ok(ChargeView::new(charge, lines, payments))
}

#[utoipa::path(get, path = "/api/v1/charges/{id}", tag = "payments", operation_id = "get_charge",
    summary = "Show a charge",
    description = "For its payer, the holder of its link (`key`) and the office of the unit that is paid.",
    params(("id" = String, Path, format = Uuid, description = "the charge", example = "019aa4a0-7c00-7000-8000-000000000001"),
        ("key" = Option<String>, Query, description = "secret of the charge's link, instead of an account")),
    responses((status = 200, description = "The charge", body = ChargeView),
        (status = 404, description = "No such charge, or not yours")))]
pub async fn handler(cx: Cx, Path(id): Path<Id>, Query(query): Query<KeyQuery>) -> Result<impl IntoResponse, Problem> {
    Ok(Json(get_charge(&cx, id, query.key.as_deref()).await?))
}
