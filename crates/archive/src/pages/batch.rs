//! Batches: handing in, and what was handed in together.

use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};
use songhan_app::{Cx, IntoProblem, PageForm, Path, Problem, Query, redirect};

use super::{Ticked, choice, encoded, row, said, spec, unit_of, units};
use crate::disposal::shown_day;
use crate::entry::{Batch, Entry};
use crate::ops::hand_in::{self, Input, Rejection};
use crate::ops::show_batch::{self, Whole, show_batch};
use crate::paper;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    pub unit: String,
    pub after: String,
    pub said: String,
}

pub async fn list(cx: Cx, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let own = units(&cx);
    let unit = unit_of(&own, &asked.unit)?;
    let input = show_batch::Input { unit: unit.code.to_string(), after: Some(asked.after.clone()) };
    let listed = show_batch::list_batches(&cx, &input).await.map_err(IntoProblem::into_problem)?;
    let here = format!("/office/archive/batches?unit={}", encoded(&unit.code));
    let rows: Vec<Vec<Value>> = listed.items.iter().map(|batch| cells(&cx, batch)).collect();
    let data = json!({
        "unit": *unit.code,
        "unit_name": unit.name.get(cx.lang),
        "units": choice(&cx, &own),
        "rows": rows,
        "previous": if asked.after.is_empty() { String::new() } else { here.clone() },
        "next": listed.next.map_or_else(String::new, |next| format!("{here}&after={}", encoded(&next))),
    });
    cx.page("archive/batches.html", spec(&cx, cx.t("archive-batches"), &unit.code), data).await
}

fn cells(cx: &Cx, batch: &Batch) -> Vec<Value> {
    vec![
        json!({ "href": format!("/office/archive/batches/{}", batch.id), "text": batch.number }),
        json!(batch.year.to_string()),
        json!(batch.entries),
        json!(batch.handed_by_name),
        json!(shown_day(cx, batch.handed_at.0)),
    ]
}

pub async fn hand_in(cx: Cx, PageForm(fields): PageForm<Vec<(String, String)>>) -> Result<Response, Problem> {
    let Ticked { unit, year, codes, .. } = Ticked::read(&fields);
    let back = |said: &str| format!("/office/archive?unit={}&view=due&year={year}&said={said}", encoded(&unit));
    match hand_in::hand_in(&cx, Input { unit: unit.clone(), year, codes }).await {
        Ok(batch) => Ok(redirect(&format!("/office/archive/batches/{}?said=handed-in", batch.id))),
        Err(Rejection::Codes) => Ok(redirect(&back("none"))),
        // Pressed twice, or handed in by a colleague.
        Err(Rejection::NotDue | Rejection::Nothing) => Ok(redirect(&back("changed"))),
        Err(other) => Err(other.into_problem()),
    }
}

async fn whole(cx: &Cx, id: &str) -> Result<Whole, Problem> {
    show_batch(cx, id).await.map_err(IntoProblem::into_problem)
}

pub async fn show(cx: Cx, Path(id): Path<String>, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let Whole { batch, items } = whole(&cx, &id).await?;
    let sealed = songhan_documents::by_id(&cx.db, batch.document).await?.is_some();
    let data = json!({
        "batch": batch,
        "handed_at": shown_day(&cx, batch.handed_at.0),
        "unit_name": cx.city.agencies().get(&batch.unit).map_or(batch.unit.as_str(), |unit| unit.name.get(cx.lang)),
        "rows": items.iter().map(|entry| row(&cx, entry)).collect::<Vec<_>>(),
        "sealed": sealed,
    });
    let title = cx.text(cx.lang, "archive-batch", &[("number", &batch.number)]);
    let spec = spec(&cx, title, &batch.unit).flash(said(&cx, &asked.said));
    cx.page("archive/batch.html", spec, data).await
}

/// Mục lục hồ sơ nộp lưu, for a spreadsheet.
pub async fn table(cx: Cx, Path(id): Path<String>) -> Result<Response, Problem> {
    let Whole { items, .. } = whole(&cx, &id).await?;
    paper::table(&cx, &items.iter().collect::<Vec<&Entry>>(), "muc-luc-ho-so")
}

/// Biên bản giao nhận under the unit's seal; a moment after the batch it may not be there yet.
pub async fn record(cx: Cx, Path(id): Path<String>) -> Result<Response, Problem> {
    let Whole { batch, .. } = whole(&cx, &id).await?;
    songhan_documents::serve(&cx, batch.document).await
}
