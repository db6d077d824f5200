//! Two days side by side: on the map one over the other, and as a table of what was changed between them, which needs no
//! map.

use axum::response::Response;
use jiff::civil::Date;
use serde_json::{Value, json};
use songhan_app::{Cx, PageSpec, Problem};
use songhan_base::Internal;
use songhan_maps::reading::{self, Edit, Readable, words};

use super::feature_path;
use crate::asked::Asked;
use crate::config::{Config, Mode};
use crate::tree;
use crate::words::{by, change, named};

/// Edits of a layer that the table holds.
const EDITS: i64 = 50;
/// So far back the earlier day lies unless it is said.
const DAYS: i64 = 30;

pub async fn show(cx: Cx, asked: Asked) -> Result<Response, Problem> {
    let today = cx.today();
    let back = jiff::Span::new().days(DAYS);
    let at = match asked.day("at")? {
        Some(day) => day,
        None => today.checked_sub(back).map_err(Internal::new)?,
    };
    let and = asked.day("and")?;
    let (at, and) = match and {
        Some(and) if and < at => (and, Some(at)),
        and => (at, and),
    };
    let groups = tree::groups(&cx, &asked);
    let (mut told, mut absent) = (Vec::new(), Vec::new());
    for readable in reading::layers(&cx).into_iter().flat_map(|(_, layers)| layers) {
        if tree::shown(&groups).any(|entry| entry.code == readable.layer.code) {
            told.extend(layer(&cx, &readable, at, and).await?);
            absent.extend(nothing_yet(&cx, &readable, at).await?);
        }
    }
    let config = Config::new(&cx, Mode::Compare, &groups, Some(at)).and(and);
    let data = json!({
        "config": config.view(asked.center(), asked.number("zoom", 0.0, 22.0)),
        "simulated": tree::is_simulated(&groups),
        "groups": groups,
        "at": at.to_string(),
        "and": and.map(|and| and.to_string()).unwrap_or_default(),
        "today": today.to_string(),
        "before": words::day(cx.lang, at),
        "after": and.map_or_else(|| cx.t("atlas-say-at_now"), |and| words::day(cx.lang, and)),
        "absent": absent,
        "changes": told,
        "columns": columns(&cx),
    });
    let spec = PageSpec::titled(cx.t("atlas-compare-title")).crumb("/map", cx.t("atlas-menu"));
    cx.page("atlas/compare.html", spec, data).await
}

fn columns(cx: &Cx) -> Vec<Value> {
    let column = |(key, kind): (&str, &str)| json!({ "label": cx.t(key), "kind": kind });
    let others = ["atlas-change", "atlas-when", "atlas-who", "atlas-reason"].map(|key| (key, ""));
    std::iter::once(("atlas-feature", "main")).chain(others).map(column).collect()
}

/// That a layer has nothing on the earlier day, with the day on which it begins; nothing where it has.
async fn nothing_yet(cx: &Cx, readable: &Readable, at: Date) -> Result<Option<Value>, Problem> {
    let first = reading::first_day(cx, readable).await?;
    let since = first.map(|first| words::day(cx.lang, first));
    let absent = json!({ "title": readable.layer.title.get(cx.lang), "since": since });
    Ok(first.is_none_or(|first| at < first).then_some(absent))
}

/// What became of a layer; nothing where nothing did.
async fn layer(cx: &Cx, readable: &Readable, at: Date, and: Option<Date>) -> Result<Option<Value>, Problem> {
    // A day that is not over yet has no change behind it.
    let Some(from) = reading::as_of(cx, at)? else { return Ok(None) };
    let to = and.map(|and| reading::as_of(cx, and)).transpose()?.flatten();
    let changes = reading::changes(cx, readable, from, to, EDITS).await?;
    if changes.edits.is_empty() && !changes.imported {
        return Ok(None);
    }
    let own = &readable.layer;
    let row = |edit: &Edit| {
        let name = json!({ "text": named(cx, own, edit), "href": feature_path(readable, edit.item.number) });
        vec![
            name,
            json!(change(cx, edit.change)),
            json!(words::moment(cx, edit.at)),
            json!(by(cx, own, &edit.by)),
            json!(edit.reason),
        ]
    };
    Ok(Some(json!({
        "title": own.title.get(cx.lang),
        "simulated": own.simulated,
        "imported": changes.imported,
        "more": changes.more,
        "rows": changes.edits.iter().map(row).collect::<Vec<_>>(),
    })))
}
