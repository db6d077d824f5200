//! Samples of drafts that programs make: one of a form that its applicant signs.

use serde_json::{Value, json};

use super::world::{Body, Request, UNIT, World, delete, get, post};
use crate::people::text;

pub async fn sample(world: &World, method: &str, path: &str) -> Option<Request> {
    Some(match (method, path) {
        ("POST", "/api/v1/drafts") => post(path, Body::Once(business())),
        ("GET", "/api/v1/drafts/{id}") => get(path.replace("{id}", &draft(world).await)),
        ("DELETE", "/api/v1/drafts/{id}") => delete(path.replace("{id}", &draft(world).await)),
        ("POST", "/api/v1/drafts/{id}/signature") => {
            post(path.replace("{id}", &draft(world).await), Body::Json(json!({ "version": 1 })))
        }
        ("GET", "/api/v1/drafts/{id}/signature" | "/api/v1/drafts/{id}/signature/document") => {
            get(path.replace("{id}", &begun(world).await))
        }
        _ => return None,
    })
}

/// A household business of whoever sends it.
fn business() -> Value {
    json!({ "procedure": "1.001612", "unit": UNIT, "answers": { "founded_by": "person", "business_name": "Bánh mì Cô Lan",
        "business_area": "20242", "business_place": "12 Trần Quốc Toản", "right_to_place": "own",
        "main_line": "Bán lẻ bánh mì", "conditional_line": false, "capital": 20_000_000, "workers": 1,
        "online_shop": false, "owner_name": "Trần Thị Lan", "owner_born": "1990-05-04",
        "owner_citizen_id": World::citizen_id(0), "owner_phone": "0905000000", "owner_address": "24 Trần Phú",
        "filed_by": "self" } })
}

/// The resident's.
async fn draft(world: &World) -> String {
    text(&world.does(&world.resident, post("/api/v1/drafts", Body::Once(business()))).await.json()["id"])
}

/// The same, its signature asked for.
async fn begun(world: &World) -> String {
    let draft = draft(world).await;
    let path = format!("/api/v1/drafts/{draft}/signature");
    world.does(&world.resident, post(path, Body::Json(json!({})))).await;
    draft
}
