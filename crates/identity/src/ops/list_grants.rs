//! List grants: what roles an account has and had. The reading is logged.

use axum::Json;
use serde::{Deserialize, Serialize};
use serde_json::json;
use songhan_app::{Cx, Problem, Query};
use songhan_base::Id;

use crate::grant::GrantRow;
use crate::store;

/// Whose.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Whose {
    #[param(value_type = String, format = Uuid, example = "019aa4c2-7c00-7000-8000-000000000001")]
    account: Id,
}

/// Grants, the latest first, ended ones too.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = GrantList)]
pub struct Grants {
    items: Vec<GrantRow>,
}

#[utoipa::path(get, path = "/api/v1/grants", operation_id = "list_grants", tag = "identity",
    summary = "The roles of an account", params(Whose),
    responses(
        (status = 200, description = "Its grants, ended ones too", body = Grants),
        (status = 404, description = "No such account"),
    ))]
pub async fn list_grants(cx: Cx, Query(Whose { account }): Query<Whose>) -> Result<Json<Grants>, Problem> {
    if store::account(&cx.db, account).await?.is_none() {
        return Err(Problem::not_found("account"));
    }
    let items = store::grants_of(&cx.db, account).await?;
    let mut tx = cx.begin().await?;
    tx.audit("identity.grants_read", &format!("account:{account}"), json!({})).await?;
    tx.commit().await?;
    Ok(Json(Grants { items }))
}
