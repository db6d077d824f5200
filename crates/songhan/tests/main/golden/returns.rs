//! Samples of results on their way: chosen, handed to the postal carrier, listed.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use super::world::{Body, Made, Request, World, form, get, post};
use crate::people::text;

/// Parcel numbers so far: each is of one parcel.
static NUMBERS: AtomicUsize = AtomicUsize::new(0);

pub async fn sample(world: &World, method: &str, path: &str) -> Option<Request> {
    Some(match (method, path) {
        ("GET", "/apply/{draft}/return" | "/apply/{draft}/return-to") => {
            get(path.replace("{draft}", &by_post(world).await))
        }
        ("POST", "/apply/{draft}/return") => form(path.replace("{draft}", &world.draft().await), [("way", "counter")]),
        ("POST", "/apply/{draft}/return-to") => form(path.replace("{draft}", &by_post(world).await), RECIPIENT),
        ("GET", "/dossiers/{code}/return") => get(path.replace("{code}", &world.dossier().await.code)),
        ("POST", "/dossiers/{code}/return") => {
            form(path.replace("{code}", &world.dossier().await.code), [("way", "counter")])
        }
        ("PUT", "/api/v1/dossiers/{code}/delivery") => {
            let body = Body::Json(wish());
            Request { method: "PUT", ..post(path.replace("{code}", &world.dossier().await.code), body) }
        }
        ("POST", "/api/v1/parcel-manifests") => {
            let parcel = json!({ "dossier": to_be_posted(world).await.code, "number": number() });
            post(path, Body::Once(json!({ "parcels": [parcel] })))
        }
        ("POST", "/office/parcels") => {
            let field: &'static str = format!("number:{}", to_be_posted(world).await.code).leak();
            form(path, [(field, number().as_str())])
        }
        ("GET", "/api/v1/parcel-manifests/{id}" | "/office/manifests/{id}") => {
            get(path.replace("{id}", &manifest(world).await))
        }
        _ => return None,
    })
}

const RECIPIENT: [(&str, &str); 3] =
    [("recipient", "Trần Thị Lan"), ("phone", "0905 000 000"), ("address", "24 Trần Phú, Đà Nẵng")];

/// The resident's draft with every question answered, its result to come by post.
async fn by_post(world: &World) -> String {
    let draft = world.whole_draft().await;
    world.does(&world.resident, form(format!("/apply/{draft}/return"), [("way", "post")])).await;
    draft
}

/// Signed, its result to be handed to the postal carrier.
async fn to_be_posted(world: &World) -> Made {
    let made = world.paid().await;
    let body = Body::Json(wish());
    let chosen = Request { method: "PUT", ..post(format!("/api/v1/dossiers/{}/delivery", made.code), body) };
    world.does(&world.resident, chosen).await;
    world.sign(&made).await;
    made
}

/// A list of the officer's.
async fn manifest(world: &World) -> String {
    let lists = world.does(&world.officer, get("/office/parcels")).await.text();
    if let Some((_, behind)) = lists.split_once("/office/manifests/") {
        return behind.split('"').next().expect("an id").to_owned();
    }
    let parcel = json!({ "dossier": to_be_posted(world).await.code, "number": number() });
    let body = Body::Once(json!({ "parcels": [parcel] }));
    text(&world.does(&world.officer, post("/api/v1/parcel-manifests", body)).await.json()["manifest"])
}

fn number() -> String {
    format!("EA{:09}VN", NUMBERS.fetch_add(1, Ordering::Relaxed))
}

/// By post, with who receives it: the account's telephone may be gone by then.
fn wish() -> serde_json::Value {
    json!({ "way": "post", "recipient": "Trần Thị Lan", "phone": "0905 000 000", "address": "24 Trần Phú, Đà Nẵng" })
}
