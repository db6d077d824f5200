//! The catalogue of layers: what there is, whose it is, how much of it. With words to look for it tells what bears them.

use axum::response::Response;
use serde_json::{Value, json};
use songhan_app::{Cx, PageSpec, Problem};
use songhan_base::Internal;
use songhan_maps::Place;
use songhan_maps::reading::{self, Readable, words};

use crate::asked::{Asked, query};
use crate::tree;
use crate::words::owner;

const FOUND_MAX: usize = 30;

pub async fn show(cx: Cx, asked: Asked) -> Result<Response, Problem> {
    let words: String = asked.get("q").chars().take(100).collect();
    let mut groups = Vec::new();
    for (group, layers) in reading::layers(&cx) {
        let mut rows = Vec::new();
        for readable in &layers {
            rows.push(row(&cx, readable).await?);
        }
        groups.push(json!({ "title": group.title.get(cx.lang), "layers": rows }));
    }
    let data = json!({ "groups": groups, "q": words, "found": found(&cx, &words).await? });
    let spec = PageSpec::titled(cx.t("atlas-layers")).describe(cx.t("atlas-layers-about"));
    cx.page("atlas/catalogue.html", spec.crumb("/map", cx.t("atlas-menu")), data).await
}

async fn row(cx: &Cx, readable: &Readable) -> Result<Value, Internal> {
    let layer = &readable.layer;
    let count = match reading::count(cx, readable).await? {
        Some(count) => cx.text(cx.lang, "atlas-count", &[("count", &words::number(cx.lang, &count.to_string()))]),
        None => cx.t("atlas-own-area"),
    };
    Ok(json!({
        "href": tree::path(layer),
        "map_href": format!("/map{}", query(&[("layers", &layer.code)])),
        "title": layer.title.get(cx.lang),
        "description": layer.description.get(cx.lang),
        "owner": owner(cx, layer),
        "count": count,
        "simulated": layer.simulated,
        "protected": !layer.rights.is_public(),
        "editable": readable.is_edited(cx),
    }))
}

/// The places that bear the words; `None` where nothing is looked for.
async fn found(cx: &Cx, words: &str) -> Result<Option<Vec<Value>>, Internal> {
    if words.trim().is_empty() {
        return Ok(None);
    }
    let places = songhan_maps::find_places(cx, words, FOUND_MAX).await?;
    Ok(Some(places.iter().map(|place| line(cx, place)).collect()))
}

/// A place as a line: to its card where it has one, else to where it lies on the map.
fn line(cx: &Cx, place: &Place) -> Value {
    let card =
        place.layer.as_ref().zip(place.feature).map(|(layer, number)| format!("/map/layers/{layer}/features/{number}"));
    let mut beside = vec![place.kind.clone()];
    beside.extend(place.address.clone().or_else(|| place.note.clone()));
    beside.extend(place.areas.iter().filter(|area| **area != place.name).cloned());
    if place.simulated {
        beside.push(cx.t("atlas-simulated"));
    }
    json!({
        "href": card.unwrap_or_else(|| format!("/map#16/{}/{}", place.lat, place.lon)),
        "title": place.name,
        "text": beside.join(" · "),
    })
}
