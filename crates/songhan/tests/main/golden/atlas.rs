//! Samples of the map's pages: parcels, which go by area, are looked at; trees are planted to be changed.

use super::maps::{address, tree};
use super::world::{Body, Request, World, form, get, post};

pub async fn sample(world: &World, method: &str, path: &str) -> Option<Request> {
    if !path.starts_with("/map") {
        return None;
    }
    songhan_maps::fill_from_folder(&world.city.system()).await.expect("the layers are filled");
    let trees = path.replace("{layer}", "trees");
    if !path.contains("{feature}") || (method == "GET" && path.ends_with("{feature}")) {
        return Some(match method {
            "GET" if path.ends_with("/new") => get(trees),
            "GET" => get(path.replace("{layer}", "parcels").replace("{feature}", "1")),
            _ => form(trees, fields("")),
        });
    }
    let (number, seen) = planted(world, path.ends_with("/undo")).await;
    let at = trees.replace("{feature}", &number);
    Some(if method == "GET" { get(at) } else { form(at, fields(&seen)) })
}

/// What the forms of a tree send.
fn fields(seen: &str) -> [(&'static str, &str); 6] {
    [
        ("seen", seen),
        ("reason", "đo lại"),
        ("p-code", "HC-9002"),
        ("p-species", "sao-den"),
        ("p-commune", "20242"),
        ("geometry", "POINT (108.2228 16.0637)"),
    ]
}

/// A tree of the officer's, changed once where that shall be undone: its number, and what was seen of it.
async fn planted(world: &World, is_changed: bool) -> (String, String) {
    let make = post("/ogc/collections/trees/items", Body::Json(tree()));
    let mut answer = world.does(&world.officer, make).await;
    let number = answer.location().rsplit('/').next().expect("its address").to_owned();
    if is_changed {
        let change = Request { method: "PUT", ..post(address(&number), Body::Json(tree())) };
        answer = world.does(&world.officer, change).await;
    }
    let etag = answer.headers["etag"].to_str().expect("an ETag").trim_matches('"').to_owned();
    (number, etag)
}
