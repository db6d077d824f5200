//! One's notices: a list, each marked until it is read.

use axum::response::Response;
use serde::{Deserialize, Serialize};
use songhan_app::{Cx, PageForm, PageSpec, Path, Problem, Query, redirect};
use songhan_base::Id;

use crate::notice::Notice;
use crate::ops::list_notices::{Place, list_notices};
use crate::ops::mark_read;

#[derive(Serialize)]
struct View {
    items: Vec<Notice>,
    unread: i64,
    next: String,
}

pub async fn show(cx: Cx, Query(place): Query<Place>) -> Result<Response, Problem> {
    let listed = list_notices(&cx, &place).await?;
    let next = listed.next.map(|id| format!("/notices?before={id}")).unwrap_or_default();
    let view = View { items: listed.items, unread: listed.unread, next };
    cx.page("notices/list.html", PageSpec::titled(cx.t("notices")), view).await
}

/// Nothing but the press of the button.
#[derive(Deserialize)]
pub struct Pressed {}

/// Marks one as read and goes where it leads.
pub async fn read(cx: Cx, Path(id): Path<Id>, PageForm(Pressed {}): PageForm<Pressed>) -> Result<Response, Problem> {
    let link = mark_read::mark_read(&cx, id).await?;
    Ok(redirect(link.as_deref().unwrap_or("/notices")))
}

pub async fn read_all(cx: Cx, PageForm(Pressed {}): PageForm<Pressed>) -> Result<Response, Problem> {
    mark_read::mark_all_read(&cx).await?;
    Ok(redirect("/notices"))
}
