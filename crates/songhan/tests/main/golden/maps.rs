//! Samples of the maps: parcels, which go by area and are what the table is for, and trees that are planted to be changed.

use serde_json::{Value, json};

use super::world::{Body, Request, World, delete, get, post};

pub async fn sample(world: &World, method: &str, path: &str) -> Option<Request> {
    if !["/ogc", "/tiles", "/styles", "/sprites", "/basemap", "/api/v1/layers"]
        .iter()
        .any(|begin| path.starts_with(begin))
    {
        return None;
    }
    songhan_maps::fill_from_folder(&world.city.system()).await.expect("the layers are filled");
    let trees = path.replace("{collection}", "trees").replace("{layer}", "trees");
    Some(match (method, path) {
        ("GET", _) => {
            let parcels =
                path.replace("{collection}", "parcels").replace("{layers}", "parcels").replace("{layer}", "parcels");
            let tile = parcels.replace("{z}", "14").replace("{x}", "13117").replace("{y}", "7451");
            let tile = tile.replace("{matrix}", "14").replace("{row}", "7451").replace("{col}", "13117");
            let named = tile.replace("{style}", "day.json").replace("{file}", "map.json");
            get(named.replace("{grid}", "WebMercatorQuad").replace("{feature}", "1"))
        }
        ("POST", "/ogc/collections/{collection}/items") => post(trees, Body::Json(tree())),
        ("POST", _) => {
            let number = planted(world).await;
            let changed = Request { method: "PUT", ..post(address(&number), Body::Json(tree())) };
            world.does(&world.officer, changed).await;
            post(trees.replace("{feature}", &number), Body::None)
        }
        ("DELETE", _) => delete(address(&planted(world).await)),
        ("PUT", _) => Request { method: "PUT", ..post(address(&planted(world).await), Body::Json(tree())) },
        ("PATCH", _) => Request { method: "PATCH", ..post(address(&planted(world).await), Body::Json(tree())) },
        _ => return None,
    })
}

pub fn address(number: &str) -> String {
    format!("/ogc/collections/trees/items/{number}")
}

pub fn tree() -> Value {
    json!({ "type": "Feature", "geometry": { "type": "Point", "coordinates": [108.2228, 16.0637] },
        "properties": { "code": "HC-9001", "species": "sao-den", "commune": "20242" } })
}

/// A tree of the officer's; its number.
async fn planted(world: &World) -> String {
    let made = world.does(&world.officer, post("/ogc/collections/trees/items", Body::Json(tree()))).await;
    made.location().rsplit('/').next().expect("its address").to_owned()
}
