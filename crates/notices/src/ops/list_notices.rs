//! List notices: what one was told, the latest first.

use axum::Json;
use axum::http::header;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use songhan_app::{Cx, Problem, Query};
use songhan_base::Id;

use crate::notice::Notice;
use crate::store;

/// Notices on one page.
const PAGE: usize = 20;

/// Where to go on.
#[derive(Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Place {
    /// The `next` of the page before.
    #[serde(default)]
    #[param(value_type = Option<String>, format = Uuid)]
    before: Option<Id>,
}

/// A page of notices.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = NoticeList)]
pub struct Listed {
    pub items: Vec<Notice>,
    /// Not read yet, counted up to 100.
    pub unread: i64,
    /// Send it as `before` for the next page; missing on the last one.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub next: Option<Id>,
}

/// One's own notices before a place.
pub async fn list_notices(cx: &Cx, place: &Place) -> Result<Listed, Problem> {
    let account = cx.person()?.account;
    let mut rows = store::notices_of(&cx.db, account, place.before, PAGE as i64 + 1).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().map(|row| row.id).filter(|_| more);
    let items = rows.into_iter().map(|row| Notice::new(cx, row)).collect();
    Ok(Listed { items, unread: store::unread(&cx.db, account).await?, next })
}

#[utoipa::path(get, path = "/api/v1/notices", operation_id = "list_notices", tag = "notices",
    summary = "What I was told", params(Place),
    responses(
        (status = 200, description = "One's notices, the latest first", body = Listed),
    ))]
pub async fn list_notices_handler(cx: Cx, Query(place): Query<Place>) -> Result<impl IntoResponse, Problem> {
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(list_notices(&cx, &place).await?)))
}
