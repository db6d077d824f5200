//! Search people: an administrator looks for an account. Reading another's data is logged, each search and each account.

use axum::Json;
use serde::{Deserialize, Serialize};
use serde_json::json;
use songhan_app::{Cx, Problem, Query};
use songhan_base::{Id, Internal, clean_line, fold};

use crate::account::Account;
use crate::contact::Login;
use crate::grant::GrantRow;
use crate::store;

/// More than these are not shown: the search is to be narrowed.
pub const SHOWN_MAX: usize = 50;

/// What is searched for.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// A citizen id, e-mail address or telephone number, whole; or a part of a name.
    #[serde(default)]
    pub q: String,
}

/// Accounts found, by name, at most 50.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = AccountList)]
pub struct Found {
    items: Vec<Known>,
}

/// An account in a list: enough to tell people apart, no more.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = AccountSummary)]
pub struct Known {
    #[schema(value_type = String, format = Uuid)]
    id: Id,
    name: String,
    #[schema(example = "048•••••1234")]
    citizen_id: Option<String>,
    area: Option<String>,
}

/// Accounts that fit, by name. A name needs two letters at least.
pub async fn search_people(cx: &Cx, q: &str) -> Result<Vec<Account>, Internal> {
    let q = clean_line(q);
    let (login, words) = (Login::parse(&q), fold(&q));
    if login.is_none() && words.chars().count() < 2 {
        return Ok(Vec::new());
    }
    let found = store::search_accounts(&cx.db, login.as_ref(), &words, SHOWN_MAX as i64).await?;
    let mut tx = cx.begin().await?;
    let by = if login.is_some() { "identifier" } else { "name" };
    tx.audit("identity.people_searched", "accounts", json!({ "by": by, "found": found.len() })).await?;
    tx.commit().await?;
    Ok(found)
}

/// One account with all its grants, for an administrator.
pub async fn read_person(cx: &Cx, id: Id) -> Result<(Account, Vec<GrantRow>), Problem> {
    let account = store::account(&cx.db, id).await?.ok_or_else(|| Problem::not_found("account"))?;
    let grants = store::grants_of(&cx.db, id).await?;
    let mut tx = cx.begin().await?;
    tx.audit("identity.account_read", &format!("account:{id}"), json!({})).await?;
    tx.commit().await?;
    Ok((account, grants))
}

#[utoipa::path(get, path = "/api/v1/accounts", operation_id = "search_accounts", tag = "identity",
    summary = "Find an account", params(Wanted),
    responses(
        (status = 200, description = "Accounts that fit", body = Found),
    ))]
pub async fn search_accounts(cx: Cx, Query(wanted): Query<Wanted>) -> Result<Json<Found>, Problem> {
    let items = search_people(&cx, &wanted.q).await?.into_iter().map(|account| Known {
        id: account.id,
        name: account.name,
        citizen_id: account.citizen_id.map(|id| id.masked()),
        area: account.area,
    });
    Ok(Json(Found { items: items.collect() }))
}
