//! The dossiers behind a figure.

use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use songhan_app::{Cx, IntoProblem, PageSpec, Problem, Query};
use songhan_base::{Id, Role};
use songhan_cases::Cursor;
use songhan_procedures::Catalogue;
use songhan_services::inbox_row as row;

use super::{href, scope_name};
use crate::ops::show_supervision::{Input, scope};
use crate::report::topics_of;

/// Dossiers on a page.
const PAGE: usize = 25;

/// Whether the actor may read the dossiers of a unit.
pub fn handles(cx: &Cx, unit: &str) -> bool {
    [Role::Officer, Role::Leader].into_iter().any(|role| cx.actor.has_at(role, unit))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    month: Option<String>,
    unit: Option<String>,
    field: Option<String>,
    after: String,
}

/// The dossiers behind a figure: those that a unit received in a month, for those who handle them.
pub async fn show(cx: Cx, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let input = Input { month: asked.month, unit: asked.unit, field: asked.field, lang: None };
    let scope = scope(&cx, &input).map_err(IntoProblem::into_problem)?;
    let Some(unit) = scope.unit.as_deref().filter(|unit| handles(&cx, unit)) else {
        return Err(Problem::not_found("list of dossiers"));
    };
    let topics = match scope.field.as_deref() {
        Some(field) => Some(topics_of(&*Catalogue::of(&cx.app).await?, field)),
        None => None,
    };
    let span = scope.month.span(&cx.zone);
    let after = asked.after.parse::<Cursor>().ok().map(|cursor| (cursor.order, cursor.id));
    let found = songhan_services::received(&cx.db, unit, span, topics.as_deref(), after, PAGE as i64 + 1).await?;
    let (month, field) = (scope.month.to_string(), scope.field.as_deref());
    let next = found.get(PAGE).and_then(|_| found.get(PAGE - 1)).map(|last| {
        let cursor = Cursor { order: last.created_at.as_microsecond(), id: last.case_id };
        format!("{}&after={cursor}", href("/office/supervision/dossiers", &month, Some(unit), field))
    });
    let ids: Vec<Id> = found.iter().take(PAGE).map(|one| one.case_id).collect();
    let cases = songhan_cases::by_ids(&cx.db, &ids).await?;
    let spec = PageSpec::titled(cx.t("supervision-dossiers"))
        .office()
        .crumb(href("/office/supervision", &month, Some(unit), field), cx.t("supervision-title"));
    let data = json!({
        "scope_name": scope_name(&cx, &scope),
        "month_name": scope.month.in_words(),
        "rows": cases.iter().map(|case| row(&cx, case)).collect::<Vec<_>>(),
        "next": next.unwrap_or_default(),
    });
    cx.page("services/office/supervision-dossiers.html", spec, data).await
}
