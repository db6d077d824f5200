//! The card of a feature: what is known of it, where it lies, what it has been, and ways to change it for those who may.

use axum::response::{Html, IntoResponse, Response};
use jiff::civil::Date;
use serde_json::{Value, json};
use songhan_app::{Cx, PageSpec, Path, Problem};
use songhan_base::Internal;
use songhan_maps::Change;
use songhan_maps::reading::{self, Item, Past, Readable, words};
use songhan_pages::{Flash, FlashKind};

use super::layer::on_map;
use super::{feature_number, feature_path};
use crate::asked::{Asked, query};
use crate::config::{Config, Mode};
use crate::tree;
use crate::words::{by, change, facts, is_approximate, measure, place, told};

/// Versions that a card shows.
const HISTORY: i64 = 50;

pub async fn show(cx: Cx, Path((code, number)): Path<(String, String)>, asked: Asked) -> Result<Response, Problem> {
    let readable = reading::layer(&cx, &code)?;
    let number = feature_number(&number)?;
    let at = asked.day("at")?;
    let moment = at.map(|day| reading::as_of(&cx, day)).transpose()?.flatten();
    let found = reading::item(&cx, &readable, number, moment).await?.map(|(_, item)| item);
    let history = reading::history(&cx, &readable, number, HISTORY).await?;
    // What was removed is known to its history, as it was last.
    let last = history.first().filter(|last| moment.is_none() && last.change == Change::Removed);
    let removed = found.is_none() && last.is_some();
    let item = found.or_else(|| last.map(|last| last.item.clone())).ok_or_else(|| Problem::not_found("feature"))?;
    let card = Card { readable: &readable, item: &item, at: at.filter(|_| moment.is_some()), removed };
    if asked.get("part") == "1" {
        return part(&cx, &card);
    }
    card.page(&cx, &history, asked.get("done")).await
}

struct Card<'a> {
    readable: &'a Readable,
    item: &'a Item,
    /// As of a day that is over.
    at: Option<Date>,
    removed: bool,
}

impl Card<'_> {
    fn name(&self, cx: &Cx) -> String {
        words::name(cx, &self.readable.layer, self.item)
    }

    /// What is known of it.
    fn rows(&self, cx: &Cx) -> Vec<Value> {
        let layer = &self.readable.layer;
        let row = |label: &str, value: String| json!({ "label": label, "value": value });
        let known = layer.attributes.iter().map(|one| row(one.title.get(cx.lang), told(cx, layer, one, self.item)));
        let mut rows: Vec<Value> = known.collect();
        rows.extend(self.item.measure().map(|size| {
            let (label, value) = measure(cx, size);
            row(&label, value)
        }));
        rows.extend(self.item.middle().map(|middle| row(&cx.t("atlas-position"), place(cx, middle))));
        rows
    }

    fn edited(&self, cx: &Cx) -> bool {
        self.at.is_none() && self.item.is_edited(cx, &self.readable.layer)
    }

    /// What page and part have in common.
    fn data(&self, cx: &Cx) -> Value {
        let layer = &self.readable.layer;
        let path = feature_path(self.readable, self.item.number);
        let at = self.at.map(|at| at.to_string()).unwrap_or_default();
        let edits = self.edited(cx);
        let to = |verb: &str| (edits && !self.removed).then(|| format!("{path}/{verb}"));
        json!({
            "name": self.name(cx),
            "layer": layer.title.get(cx.lang),
            "layer_href": tree::path(layer),
            "href": format!("{path}{}", query(&[("at", &at)])),
            "rows": self.rows(cx),
            "simulated": layer.simulated,
            "approximate": is_approximate(layer, self.item),
            "removed": self.removed,
            "as_of": self.at.map(|at| words::day(cx.lang, at)),
            "now_href": path,
            "map_href": self.item.middle().map(|middle| on_map(&layer.code, middle, &at)),
            "edit_href": to("edit"),
            "remove_href": to("remove"),
        })
    }

    async fn page(&self, cx: &Cx, history: &[Past], done: &str) -> Result<Response, Problem> {
        let layer = &self.readable.layer;
        let mut data = self.data(cx);
        let groups = tree::only(cx, &layer.code);
        let config = Config::new(cx, Mode::Card, &groups, self.at).about(layer, self.item)?;
        let has_place = self.item.geometry.is_some() && !self.removed;
        let path = feature_path(self.readable, self.item.number);
        // What was made first is undone by removing it.
        let undoes = self.edited(cx) && history.first().is_some_and(|last| last.item.version > 1);
        let more = json!({
            "config": has_place.then_some(config),
            "facts": facts(cx, layer),
            "history": timeline(cx, self.readable, history),
            "undo_href": undoes.then(|| format!("{path}/undo")),
            "names": self.item.is_edited(cx, layer),
            "json_href": (!self.removed).then(|| format!("/ogc/collections/{}/items/{}?f=json", layer.code, self.item.number)),
        });
        merge(&mut data, more);
        let spec = PageSpec::titled(self.name(cx))
            .crumb("/map", cx.t("atlas-menu"))
            .crumb("/map/layers", cx.t("atlas-layers"))
            .crumb(tree::path(layer), layer.title.get(cx.lang))
            .flash(flash(cx, done));
        cx.page("atlas/card.html", spec, data).await
    }
}

/// The card alone, as the map takes it in.
fn part(cx: &Cx, card: &Card<'_>) -> Result<Response, Problem> {
    let body = cx.renderer.fragment("atlas/card-part.html", cx.lang, card.data(cx)).map_err(Internal::new)?;
    let mut response = Html(body).into_response();
    let keep = if cx.actor.person().is_some() { "no-store" } else { "private, no-cache" };
    response.headers_mut().insert("cache-control", axum::http::HeaderValue::from_static(keep));
    Ok(response)
}

fn merge(into: &mut Value, more: Value) {
    if let (Value::Object(into), Value::Object(more)) = (into, more) {
        into.extend(more);
    }
}

fn timeline(cx: &Cx, readable: &Readable, history: &[Past]) -> Vec<Value> {
    let layer = &readable.layer;
    let entry = |past: &Past| {
        let state = if past.until.is_none() { "current" } else { "done" };
        let icon = match past.change {
            Change::Imported => "upload",
            Change::Created => "plus",
            Change::Replaced | Change::Updated => "edit",
            Change::Removed => "cross",
            Change::Undone => "history",
        };
        let at = past.at.as_microsecond();
        json!({ "title": change(cx, past.change), "at": at, "by": by(cx, layer, &past.by), "text": past.reason,
            "state": state, "icon": icon })
    };
    history.iter().map(entry).collect()
}

/// What has just been done.
fn flash(cx: &Cx, done: &str) -> Option<Flash> {
    let (key, kind) = match done {
        "created" => ("atlas-done-created", FlashKind::Success),
        "saved" => ("atlas-done-saved", FlashKind::Success),
        "repaired" => ("atlas-done-repaired", FlashKind::Warning),
        "removed" => ("atlas-done-removed", FlashKind::Success),
        "undone" => ("atlas-done-undone", FlashKind::Success),
        "same" => ("atlas-done-same", FlashKind::Info),
        _ => return None,
    };
    Some(Flash { kind, text: cx.t(key) })
}
