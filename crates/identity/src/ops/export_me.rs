//! Export: everything that the house holds about whoever asks, as one JSON document; each module adds its own.

use axum::Json;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use songhan_app::{BoxFuture, Cx, IntoProblem, Problem};
use songhan_base::{Id, Internal};
use songhan_db::At;

use crate::limits::{Limits, TooMany};
use crate::store;

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("the data was downloaded several times just now; try again in {} seconds", .0.0.as_secs() + 1)]
    TooMany(TooMany),
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::TooMany(TooMany(wait)) => Problem::too_many(detail, wait),
            Self::Internal(error) => error.into(),
        }
    }
}

/// All that modules hold about `account`.
pub async fn export_me(cx: &Cx, account: Id) -> Result<Value, Rejection> {
    Limits::of(cx).proof(&format!("export {account}")).map_err(Rejection::TooMany)?;
    let mut data = Map::new();
    for module in &cx.modules {
        if let Some(personal) = module.personal_data {
            data.insert(module.name.to_owned(), personal(cx, account).await?);
        }
    }
    let mut tx = cx.begin().await?;
    tx.audit("identity.exported", &format!("account:{account}"), json!({})).await?;
    tx.commit().await?;
    let city = cx.city.manifest().name.get(cx.lang);
    Ok(json!({ "city": city, "account": account, "made_at": At(cx.now()), "data": data }))
}

/// What identity itself holds.
pub fn personal_data(cx: &Cx, account: Id) -> BoxFuture<'_, Result<Value, Internal>> {
    Box::pin(async move {
        let db = &cx.db;
        let own = store::account(db, account).await?.ok_or_else(|| Internal::new("the account is gone"))?;
        let sessions = store::sessions_of(db, account, cx.now()).await?;
        let sessions = sessions.into_iter().map(
            |s| json!({ "device": s.name, "address": s.address, "created_at": s.created_at, "seen_at": s.seen_at }),
        );
        Ok(json!({
            "account": own,
            "roles": store::grants_of(db, account).await?,
            "sessions": sessions.collect::<Vec<_>>(),
            "mandates_held": store::mandates_held(db, account).await?,
            "mandates_given": store::mandates_given(db, account).await?,
            "parties": store::parties_of(db, account).await?,
            "corrections": store::corrections_of(db, account).await?,
            "read_by": super::list_reads::list_reads(cx, account, None).await?.items,
        }))
    })
}

#[utoipa::path(get, path = "/api/v1/me/export", operation_id = "export_me", tag = "identity",
    summary = "All of my data",
    description = "One JSON object: `data` holds what each module keeps about the account that asks.",
    responses(
        (status = 200, description = "Everything that the house holds about me", body = Object,
            example = json!({"account": "019aa4a0-7c00-7000-8000-000000000001", "data": {"identity": {"name": "Nguyễn Thị Lan"}, "forms": []}})),
        (status = 429, description = "Too often; see Retry-After"),
    ))]
pub async fn export_me_handler(cx: Cx) -> Result<Response, Problem> {
    let account = cx.person()?.account;
    let data = export_me(&cx, account).await.map_err(IntoProblem::into_problem)?;
    let name = format!("attachment; filename=\"songhan-{}.json\"", cx.today());
    Ok(([(header::CACHE_CONTROL, "no-store".to_owned()), (header::CONTENT_DISPOSITION, name)], Json(data))
        .into_response())
}
