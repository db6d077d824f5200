//! Pages of the map.

mod card;
mod catalogue;
mod compare;
mod edit;
mod embed;
mod layer;
mod map;
mod print;
mod stale;
mod undo;

use songhan_app::{Access, Cx, MenuItem, Problem, Route};
use songhan_maps::reading::{self, Item, Readable};

use crate::tree;

/// A drawn shape: larger ones come by import.
const BODY_BYTES_MAX: usize = 2 << 20;

pub const TEMPLATES: &[(&str, &str)] = &[
    ("atlas/parts.html", include_str!("../../templates/atlas/parts.html")),
    ("atlas/map.html", include_str!("../../templates/atlas/map.html")),
    ("atlas/catalogue.html", include_str!("../../templates/atlas/catalogue.html")),
    ("atlas/layer.html", include_str!("../../templates/atlas/layer.html")),
    ("atlas/card.html", include_str!("../../templates/atlas/card.html")),
    ("atlas/card-part.html", include_str!("../../templates/atlas/card-part.html")),
    ("atlas/edit.html", include_str!("../../templates/atlas/edit.html")),
    ("atlas/undo.html", include_str!("../../templates/atlas/undo.html")),
    ("atlas/print.html", include_str!("../../templates/atlas/print.html")),
    ("atlas/compare.html", include_str!("../../templates/atlas/compare.html")),
    ("atlas/embed.html", include_str!("../../templates/atlas/embed.html")),
];

pub fn routes() -> Vec<Route> {
    use Access::{Public, SignedIn};
    let feature = "/map/layers/{layer}/features/{feature}";
    let at = |verb: &str| format!("{feature}/{verb}");
    vec![
        Route::get("/map", map::show, Public),
        Route::get("/map/print", print::show, Public),
        Route::get("/map/compare", compare::show, Public),
        Route::get("/map/embed", embed::show, Public),
        Route::get("/map/layers", catalogue::show, Public),
        Route::get("/map/layers/{layer}", layer::show, Public),
        Route::get("/map/layers/{layer}/new", edit::new, SignedIn),
        Route::post("/map/layers/{layer}/new", edit::create, SignedIn).body_limit(BODY_BYTES_MAX),
        Route::get(feature, card::show, Public),
        Route::get(&at("edit"), edit::open, SignedIn),
        Route::post(&at("edit"), edit::save, SignedIn).body_limit(BODY_BYTES_MAX),
        Route::get(&at("remove"), undo::ask_remove, SignedIn),
        Route::post(&at("remove"), undo::remove, SignedIn),
        Route::get(&at("undo"), undo::ask_undo, SignedIn),
        Route::post(&at("undo"), undo::undo, SignedIn),
    ]
}

pub fn menu() -> Vec<MenuItem> {
    vec![MenuItem { href: "/map", label: "atlas-menu", icon: "land", access: Access::Public, order: 15 }]
}

/// The number of a feature; what is no number names no feature.
fn feature_number(text: &str) -> Result<i64, Problem> {
    let plain = !text.is_empty() && text.len() <= 18 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| plain).ok_or_else(|| Problem::not_found("feature"))
}

/// The page of a feature.
fn feature_path(readable: &Readable, number: i64) -> String {
    format!("{}/features/{number}", tree::path(&readable.layer))
}

/// A feature as it is now, with its base, for somebody who may change it.
async fn to_edit(cx: &Cx, code: &str, number: &str) -> Result<(Readable, i64, Item), Problem> {
    let readable = reading::layer(cx, code)?;
    let number = feature_number(number)?;
    let found = reading::item(cx, &readable, number, None).await?;
    let (base, item) = found.ok_or_else(|| Problem::not_found("feature"))?;
    if item.is_edited(cx, &readable.layer) { Ok((readable, base, item)) } else { Err(Problem::forbidden()) }
}
