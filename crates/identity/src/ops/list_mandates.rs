//! List mandates: one's own, and for an office those of whoever stands at the counter. The office's reading is logged.

use axum::Json;
use axum::http::header;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use serde_json::json;
use songhan_app::{Cx, Problem, Query};
use songhan_base::Internal;

use crate::account::Account;
use crate::contact::Login;
use crate::mandate::Mandate;
use crate::party::Party;
use crate::store;

/// Whom one acts for, and who acts for one.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = MyMandates)]
pub struct Own {
    /// What one holds, and what is offered to one; the latest first.
    pub held: Vec<Mandate>,
    /// What one gave to others.
    pub given: Vec<Mandate>,
}

/// The parties that one acts for.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = PartyList)]
pub struct Parties {
    items: Vec<Party>,
}

/// The mandates of the person that asks.
pub async fn own(cx: &Cx) -> Result<Own, Problem> {
    let account = cx.person()?.account;
    Ok(Own { held: store::mandates_held(&cx.db, account).await?, given: store::mandates_given(&cx.db, account).await? })
}

#[utoipa::path(get, path = "/api/v1/me/mandates", operation_id = "list_my_mandates", tag = "identity",
    summary = "Whom I act for, and who acts for me",
    responses((status = 200, description = "Both, the latest first", body = Own)))]
pub async fn own_handler(cx: Cx) -> Result<impl IntoResponse, Problem> {
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(own(&cx).await?)))
}

#[utoipa::path(get, path = "/api/v1/me/parties", operation_id = "list_my_parties", tag = "identity",
    summary = "The organisations, children and households that I act for",
    responses((status = 200, description = "Parties by name, those that wait to be confirmed too", body = Parties)))]
pub async fn parties_handler(cx: Cx) -> Result<impl IntoResponse, Problem> {
    let items = store::parties_of(&cx.db, cx.person()?.account).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(Parties { items })))
}

/// Who stands at the counter.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Whose {
    /// Citizen id, whole.
    #[serde(default)]
    #[param(example = "048190001234")]
    pub citizen_id: String,
}

/// Mandates that someone holds.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = MandateList)]
pub struct Held {
    items: Vec<Mandate>,
}

/// What the person with this number holds, for an office; nobody where no account has it.
pub async fn held_by(cx: &Cx, citizen_id: &str) -> Result<Option<(Account, Vec<Mandate>)>, Internal> {
    let Some(login @ Login::CitizenId(_)) = Login::parse(citizen_id) else { return Ok(None) };
    let Some(account) = store::search_accounts(&cx.db, Some(&login), "", 1).await?.pop() else { return Ok(None) };
    let mandates = store::mandates_held(&cx.db, account.id).await?;
    let mut tx = cx.begin().await?;
    tx.audit("identity.mandates_read", &format!("account:{}", account.id), json!({})).await?;
    tx.commit().await?;
    Ok(Some((account, mandates)))
}

#[utoipa::path(get, path = "/api/v1/mandates", operation_id = "list_mandates", tag = "identity",
    summary = "Whom someone acts for", params(Whose),
    responses(
        (status = 200, description = "What the person holds; nothing where no account has the number", body = Held),
        (status = 403, description = "Not an office"),
    ))]
pub async fn held_handler(cx: Cx, Query(whose): Query<Whose>) -> Result<impl IntoResponse, Problem> {
    let items = held_by(&cx, &whose.citizen_id).await?.map_or_else(Vec::new, |(_, mandates)| mandates);
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(Held { items })))
}
