//! A life event: what happens, and the procedures that belong to it, in the order in which they are done.

use axum::response::Response;
use serde::Serialize;
use songhan_app::{Cx, PageSpec, Path, Problem};
use songhan_base::Internal;

use super::lists::Row;
use crate::catalogue::Catalogue;
use crate::procedure::{LifeEvent, LifeEvents};
use crate::view::ProcedureSummary;

#[derive(Serialize)]
struct Data {
    title: String,
    text: String,
    procedures: Vec<Row>,
    others: Vec<super::home::Card>,
}

pub async fn show(cx: Cx, Path(id): Path<String>) -> Result<Response, Problem> {
    cx.shared(|| page(&cx, &id)).await
}

async fn page(cx: &Cx, id: &str) -> Result<Response, Problem> {
    let events = cx.city.get::<LifeEvents>();
    let event = events.get(id).ok_or_else(|| Problem::not_found("page"))?;
    let data = Data {
        title: event.name.get(cx.lang).to_owned(),
        text: event.summary.get(cx.lang).to_owned(),
        procedures: procedures(cx, event).await?,
        others: events.iter().filter(|other| other.id != event.id).map(|other| super::home::event(cx, other)).collect(),
    };
    let spec = PageSpec::titled(data.title.clone()).crumb("/", cx.t("home")).describe(data.text.clone());
    cx.page("services/life-event.html", spec, data).await
}

async fn procedures(cx: &Cx, event: &LifeEvent) -> Result<Vec<Row>, Internal> {
    let all = Catalogue::of(cx).await?;
    let found = event.procedures.iter().filter_map(|code| all.get(code));
    Ok(found.map(|procedure| Row::of(cx, &ProcedureSummary::of(cx, procedure))).collect())
}
