//! Samples of the archive: entries handed in and held back, lists for destruction proposed and decided.

use serde_json::json;
use songhan_db::query;

use super::world::{Body, Made, Request, UNIT, World, form, get, post};
use crate::people::text;

pub async fn sample(world: &World, method: &str, path: &str) -> Option<Request> {
    Some(match (method, path) {
        ("GET", "/api/v1/archive/entries" | "/api/v1/archive/batches" | "/api/v1/archive/disposals") => {
            get(format!("{path}?unit={UNIT}"))
        }
        ("GET", "/office/archive" | "/office/archive/batches" | "/office/archive/disposals") => {
            get(format!("{path}?unit={UNIT}"))
        }
        ("GET", "/office/archive/entries/{code}") => get(path.replace("{code}", &ended(world).await.code)),
        ("POST", "/api/v1/archive/entries/{code}/hold") => {
            post(path.replace("{code}", &ended(world).await.code), Body::Json(json!({ "reason": "Khiếu nại" })))
        }
        ("POST", "/office/archive/entries/{code}/hold") => {
            form(path.replace("{code}", &ended(world).await.code), [("reason", "Khiếu nại")])
        }
        ("POST", "/api/v1/archive/entries/{code}/release") => {
            post(path.replace("{code}", &held(world).await), Body::Json(json!({})))
        }
        ("POST", "/office/archive/entries/{code}/release") => form(path.replace("{code}", &held(world).await), []),
        ("POST", "/api/v1/archive/batches") => {
            let code = ended(world).await.code;
            post(path, Body::Once(json!({ "unit": UNIT, "year": 2026, "codes": [code] })))
        }
        ("POST", "/office/archive/batches") => {
            let code = ended(world).await.code;
            form(path, [("unit", UNIT), ("year", "2026"), ("which", "chosen"), ("code", code.as_str())])
        }
        ("GET", path) if path.contains("/archive/batches/{id}") => get(path.replace("{id}", &batch(world).await)),
        // No term is over: the table shows who may try.
        ("POST", "/api/v1/archive/disposals") => post(path, Body::Once(json!({ "unit": UNIT }))),
        ("POST", "/office/archive/disposals") => form(path, [("unit", UNIT), ("which", "all")]),
        ("GET", path) if path.contains("/archive/disposals/{id}") => get(path.replace("{id}", &list(world).await)),
        ("POST", "/api/v1/archive/disposals/{id}/decision") => {
            post(path.replace("{id}", &list(world).await), Body::Json(json!({ "decision": "approve" })))
        }
        ("POST", "/office/archive/disposals/{id}") => {
            form(path.replace("{id}", &list(world).await), [("decision", "approve")])
        }
        _ => return None,
    })
}

/// A dossier that has ended, as the archive has heard.
async fn ended(world: &World) -> Made {
    let made = world.paid().await;
    world.act(&world.officer, &made, "refuse", "Thiếu giấy tờ").await;
    world.city.settle().await;
    made
}

async fn held(world: &World) -> String {
    let code = ended(world).await.code;
    let hold = post(format!("/api/v1/archive/entries/{code}/hold"), Body::Json(json!({ "reason": "Khiếu nại" })));
    world.does(&world.officer, hold).await;
    code
}

/// A batch and its sealed record.
async fn batch(world: &World) -> String {
    let code = ended(world).await.code;
    let body = json!({ "unit": UNIT, "year": 2026, "codes": [code] });
    let batch = world.does(&world.officer, post("/api/v1/archive/batches", Body::Once(body))).await.json();
    world.city.settle().await;
    text(&batch["id"])
}

/// A list that somebody proposed who is not in the table. No term ends while the table is made, so that it is written.
async fn list(world: &World) -> String {
    batch(world).await;
    let (cx, db) = (world.city.system(), &world.city.app.db);
    let (id, by, document) = (cx.env.id(), cx.env.id(), cx.env.id());
    query(
        "INSERT INTO archive_disposals (id, unit, state, proposed_by, proposed_by_name, proposed_at, document)
         VALUES ($1, $2, 'proposed', $3, 'Trương Văn Khánh', $4, $5)",
    )
    .bind(id)
    .bind(UNIT)
    .bind(by)
    .bind(cx.now())
    .bind(document)
    .execute(db)
    .await
    .expect("a list");
    id.to_string()
}
