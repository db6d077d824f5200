//! Samples of the rest of a dossier's life: undone, many at once, opinions of other agencies, supervision.

use serde_json::json;

use super::world::{Body, ELSEWHERE, Request, UNIT, World, form, get, post};
use crate::people::text;

pub async fn sample(world: &World, method: &str, path: &str) -> Option<Request> {
    Some(match (method, path) {
        ("POST", "/api/v1/dossiers/{code}/undo") => {
            post(path.replace("{code}", &processed(world).await), Body::Json(json!({})))
        }
        ("POST", "/office/dossiers/{code}/undo") => form(path.replace("{code}", &processed(world).await), []),
        ("PUT", "/api/v1/dossiers/{code}/rating") => Request {
            method: "PUT",
            ..post(path.replace("{code}", &refused(world).await), Body::Json(json!({ "score": 4 })))
        },
        ("POST", "/dossiers/{code}/rating") => form(path.replace("{code}", &refused(world).await), [("score", "4")]),
        ("POST", "/api/v1/bulk-actions") => {
            let code = world.paid().await.code;
            post(path, Body::Json(json!({ "action": "accept", "dossiers": [{ "code": code }] })))
        }
        ("POST", "/office/bulk") => {
            let code = world.paid().await.code;
            form(path, [("action", "accept"), ("dossier", code.as_str())])
        }
        ("GET", "/api/v1/dossiers/{code}/opinions" | "/office/dossiers/{code}/opinions") => {
            get(path.replace("{code}", &world.dossier().await.code))
        }
        ("POST", "/api/v1/dossiers/{code}/opinions") => {
            let body = json!({ "units": [ELSEWHERE], "question": "Ý kiến?", "days": 3 });
            post(path.replace("{code}", &world.dossier().await.code), Body::Once(body))
        }
        ("POST", "/office/dossiers/{code}/opinions") => {
            let fields = [("unit", ELSEWHERE), ("question", "Ý kiến?"), ("days", "3")];
            form(path.replace("{code}", &world.dossier().await.code), fields)
        }
        ("GET", "/api/v1/opinions/{code}" | "/office/opinions/{code}") => {
            get(path.replace("{code}", &opinion(world).await.1))
        }
        ("POST", "/api/v1/opinions/{code}/answer") => {
            post(path.replace("{code}", &opinion(world).await.1), Body::Json(json!({ "answer": "Thống nhất" })))
        }
        ("POST", "/office/opinions/{code}") => {
            form(path.replace("{code}", &opinion(world).await.1), [("answer", "Thống nhất")])
        }
        ("POST", "/api/v1/opinions/{code}/call-off") => {
            post(path.replace("{code}", &opinion(world).await.1), Body::Json(json!({})))
        }
        ("POST", "/office/opinions/{code}/call-off") => form(path.replace("{code}", &opinion(world).await.1), []),
        ("GET", "/office/opinions/{code}/papers/{upload}") => {
            let (upload, code) = opinion(world).await;
            get(format!("/office/opinions/{code}/papers/{upload}"))
        }
        // Nobody has answered yet.
        ("GET", "/office/opinions/{code}/attachment") => get(path.replace("{code}", &opinion(world).await.1)),
        ("GET", "/office/supervision/dossiers") => get(format!("{path}?unit={UNIT}")),
        ("POST", "/api/v1/supervision/restatements") => post(path, Body::Json(json!({}))),
        _ => return None,
    })
}

/// A dossier whose last step the officer can undo.
async fn processed(world: &World) -> String {
    let made = world.paid().await;
    for action in ["accept", "process"] {
        world.act(&world.officer, &made, action, "").await;
    }
    made.code
}

/// A dossier with which the office has come to an end.
async fn refused(world: &World) -> String {
    let made = world.paid().await;
    world.act(&world.officer, &made, "refuse", "Thiếu giấy tờ").await;
    made.code
}

/// A question about a dossier with a paper to the other officer's agency: the paper and the opinion's code.
async fn opinion(world: &World) -> (String, String) {
    let (made, upload) = world.with_paper().await;
    let body = json!({ "units": [ELSEWHERE], "question": "Ý kiến?", "days": 3 });
    let path = format!("/api/v1/dossiers/{}/opinions", made.code);
    let asked = world.does(&world.officer, post(path, Body::Once(body))).await.json();
    (upload, text(&asked["opinions"][0]["code"]))
}
