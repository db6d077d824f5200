//! Remove a subscription: a browser is told nothing any more.

use axum::http::StatusCode;
use serde_json::json;
use songhan_app::{Cx, Path, Problem};
use songhan_base::Id;

use crate::store;

/// Ends one of one's own subscriptions.
pub async fn remove_subscription(cx: &Cx, id: Id) -> Result<(), Problem> {
    let account = cx.person()?.account;
    let mut tx = cx.begin().await?;
    if !store::delete_subscription(&mut tx, account, id).await? {
        return Err(Problem::not_found("subscription"));
    }
    tx.audit("notices.device_removed", &format!("account:{account}"), json!({ "subscription": id })).await?;
    tx.commit().await?;
    Ok(())
}

#[utoipa::path(delete, path = "/api/v1/me/push-subscriptions/{id}", operation_id = "remove_push_subscription", tag = "notices",
    summary = "Take no more notices in a browser",
    params(("id" = String, Path, format = Uuid, description = "One of one's own subscriptions", example = "019aa4c2-7c00-7000-8000-000000000001")),
    responses(
        (status = 204, description = "It is told nothing any more"),
        (status = 404, description = "None of one's subscriptions"),
    ))]
pub async fn remove_subscription_handler(cx: Cx, Path(id): Path<Id>) -> Result<StatusCode, Problem> {
    remove_subscription(&cx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
