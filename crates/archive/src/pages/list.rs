//! The archive of a unit: what waits to be handed in, what is kept, whose term is over, what is held back or destroyed.

use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};
use songhan_app::{Cx, IntoProblem, Problem, Query};

use super::{choice, encoded, row, said, spec, unit_of, units};
use crate::ops::list_entries::{Input, Output, View, list_entries};
use crate::retention::Retention;
use crate::store::entries::count_over;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    unit: String,
    view: String,
    year: String,
    q: String,
    after: String,
    said: String,
    /// `all` shows every box ticked.
    tick: String,
}

pub async fn show(cx: Cx, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let own = units(&cx);
    let unit = unit_of(&own, &asked.unit)?;
    let view = View::ALL.into_iter().find(|view| view.as_str() == asked.view).unwrap_or_default();
    let q: String = asked.q.trim().chars().take(200).collect();
    let input = |year| Input {
        unit: unit.code.to_string(),
        view,
        year,
        q: Some(q.clone()),
        after: Some(asked.after.clone()),
        lang: None,
    };
    let year = asked.year.parse().ok().filter(|year| (1900..=9000).contains(year));
    let mut listed = list_entries(&cx, &input(year)).await.map_err(IntoProblem::into_problem)?;
    // What waits is handed in by the year of its end: where none is chosen, the one that has waited longest.
    let year = match (view, year) {
        (View::Due, None) => listed.years.last().map(|year| year.year),
        _ => year,
    };
    if view == View::Due && q.is_empty() && asked.year.is_empty() && year.is_some() {
        listed = list_entries(&cx, &input(year)).await.map_err(IntoProblem::into_problem)?;
    }
    let over = count_over(&cx.db, &unit.code, &cx.today().to_string()).await?;
    let base = format!("/office/archive?unit={}", encoded(&unit.code));
    let here = here(&base, view, year, &q);
    let ticks = q.is_empty() && matches!(view, View::Due | View::Over);
    let all_ticked = asked.tick == "all";
    let rows: Vec<Vec<Value>> = listed
        .items
        .iter()
        .map(|entry| {
            let mut cells = row(&cx, entry);
            if ticks {
                let label = cx.text(cx.lang, "archive-tick", &[("code", &entry.code)]);
                let check = json!({ "name": "code", "value": entry.code, "label": label, "checked": all_ticked });
                cells.insert(0, json!({ "check": check }));
            }
            cells
        })
        .collect();
    let data = json!({
        "unit": *unit.code,
        "unit_name": unit.name.get(cx.lang),
        "units": choice(&cx, &own),
        "view": view.as_str(),
        "views": tabs(&cx, &base, view, &listed, over, &q),
        "years": chips(&base, view, year, &listed, &q),
        "year": year,
        "q": q,
        "clear": base,
        "rows": rows,
        "ticks": ticks,
        "tick_href": if all_ticked { here.clone() } else { format!("{here}&tick=all") },
        "all_ticked": all_ticked,
        "previous": if asked.after.is_empty() { String::new() } else { here.clone() },
        "next": listed.next.as_ref().map_or_else(String::new, |next| format!("{here}&after={}", encoded(next))),
        "batches": format!("/office/archive/batches?unit={}", encoded(&unit.code)),
        "disposals": format!("/office/archive/disposals?unit={}", encoded(&unit.code)),
        "sources": sources(&cx),
    });
    let spec = spec(&cx, cx.t("archive-title"), &unit.code).flash(said(&cx, &asked.said));
    cx.page("archive/list.html", spec, data).await
}

fn here(base: &str, view: View, year: Option<i64>, q: &str) -> String {
    if !q.is_empty() {
        return format!("{base}&q={}", encoded(q));
    }
    let year = year.map_or_else(String::new, |year| format!("&year={year}"));
    format!("{base}&view={}{year}", view.as_str())
}

fn tabs(cx: &Cx, base: &str, current: View, listed: &Output, over: i64, q: &str) -> Vec<Value> {
    let tab = |view: View| {
        let count = match view {
            View::Due => Some(listed.years.iter().map(|year| year.due).sum::<i64>()),
            View::Over => Some(over),
            _ => None,
        };
        json!({ "href": here(base, view, None, ""), "label": cx.t(&format!("archive-view-{}", view.as_str())),
            "count": count, "current": q.is_empty() && view == current })
    };
    View::ALL.into_iter().map(tab).collect()
}

/// The years in which something waits.
fn chips(base: &str, view: View, current: Option<i64>, listed: &Output, q: &str) -> Vec<Value> {
    if view != View::Due || !q.is_empty() {
        return Vec::new();
    }
    let chip = |year: &crate::store::entries::DueYear| {
        json!({ "href": here(base, view, Some(year.year), ""), "label": year.year.to_string(), "count": year.due,
            "current": Some(year.year) == current })
    };
    listed.years.iter().map(chip).collect()
}

/// What the terms rest on.
fn sources(cx: &Cx) -> Vec<Value> {
    let retention = cx.city.get::<Retention>();
    let source = |(name, term): (&songhan_base::Text, &crate::retention::Term)| {
        let kept = match term.years {
            Some(years) => cx.text(cx.lang, "archive-years", &[("years", &years.to_string())]),
            None => cx.t("archive-for-ever"),
        };
        json!({ "name": name.get(cx.lang), "term": kept, "source": term.source.get(cx.lang) })
    };
    retention.sources(cx.today()).map(source).collect()
}
