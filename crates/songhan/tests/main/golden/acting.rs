//! Samples of acting for others, signing for others, and people's rights.

use serde_json::json;

use super::world::{Body, Request, UNIT, World, delete, form, get, post};
use crate::people::{PASSWORD, text};

pub async fn sample(world: &World, method: &str, path: &str) -> Option<Request> {
    if let Some(request) = mandates(world, method, path).await {
        return Some(request);
    }
    if let Some(request) = delegations(world, method, path).await {
        return Some(request);
    }
    rights(world, method, path).await
}

/// A number that is nobody's; `n` keeps the limits of endpoints apart.
fn nobody(n: usize) -> String {
    World::citizen_id(999_990 + n)
}

async fn mandates(world: &World, method: &str, path: &str) -> Option<Request> {
    let child = || json!({ "kind": "dependant", "right": "parent", "name": "Ngô Minh Khôi", "born": "2019" });
    Some(match (method, path) {
        ("POST", "/api/v1/me/mandates") => post(path, Body::Once(json!({ "to": nobody(0) }))),
        ("POST", "/api/v1/me/mandates/{id}/accept" | "/api/v1/me/mandates/{id}/decline") => {
            post(path.replace("{id}", &offer(world).await), Body::Json(json!({})))
        }
        ("DELETE", "/api/v1/me/mandates/{id}") => delete(path.replace("{id}", &offer(world).await)),
        ("POST", "/api/v1/me/parties") => post(path, Body::Once(child())),
        ("POST", "/api/v1/mandates/{id}/confirm" | "/api/v1/mandates/{id}/refuse") => {
            post(path.replace("{id}", &claim(world).await), Body::Json(json!({})))
        }
        ("POST", "/account/for-others/grant") => form(path, [("to", nobody(0).as_str())]),
        ("POST", "/account/for-others/add") => {
            form(path, [("kind", "dependant"), ("right", "parent"), ("name", "Ngô Minh Khôi"), ("born-year", "2019")])
        }
        (
            "POST",
            "/account/for-others/{id}/accept" | "/account/for-others/{id}/decline" | "/account/for-others/{id}/end",
        ) => form(path.replace("{id}", &offer(world).await), []),
        ("POST", "/office/mandates/{id}/confirm" | "/office/mandates/{id}/refuse") => {
            form(path.replace("{id}", &claim(world).await), [])
        }
        _ => return None,
    })
}

/// The resident lets the other resident act for them; it is not answered yet.
async fn offer(world: &World) -> String {
    let to = World::citizen_id(world.numbers[&world.other.account]);
    let offered = world.does(&world.resident, post("/api/v1/me/mandates", Body::Once(json!({ "to": to })))).await;
    text(&offered.json()["id"])
}

/// Someone says to be a child's parent.
async fn claim(world: &World) -> String {
    let parent = world.person("Ngô Thị Thảo", None).await;
    let child = json!({ "kind": "dependant", "right": "parent", "name": "Ngô Minh Khôi", "born": "2019" });
    let added = world.does(&parent, post("/api/v1/me/parties", Body::Once(child))).await.json();
    text(&added["mandate"]["id"])
}

async fn delegations(world: &World, method: &str, path: &str) -> Option<Request> {
    let (leader, officer) = (world.leader.account.to_string(), world.officer.account.to_string());
    Some(match (method, path) {
        ("GET", "/office/delegations/new") => get(format!("{path}?unit={UNIT}")),
        ("POST", "/api/v1/delegations") => {
            post(path, Body::Once(json!({ "kind": "kt", "unit": UNIT, "giver": leader, "receiver": officer })))
        }
        ("DELETE", "/api/v1/delegations/{id}") => delete(path.replace("{id}", &delegation(world).await)),
        ("POST", "/office/delegations") => {
            form(path, [("kind", "kt"), ("unit", UNIT), ("giver", leader.as_str()), ("receiver", officer.as_str())])
        }
        ("POST", "/office/delegations/{id}/end") => form(path.replace("{id}", &delegation(world).await), []),
        _ => return None,
    })
}

/// The leader lets the officer sign.
async fn delegation(world: &World) -> String {
    let input = json!({ "kind": "kt", "unit": UNIT, "receiver": world.officer.account });
    text(&world.does(&world.leader, post("/api/v1/delegations", Body::Once(input))).await.json()["id"])
}

async fn rights(world: &World, method: &str, path: &str) -> Option<Request> {
    let wrong = json!({ "field": "name", "wanted": "Ngô Thị Thơ", "reason": "Theo giấy khai sinh" });
    Some(match (method, path) {
        ("POST", "/api/v1/me/corrections") => post(path, Body::Once(wrong)),
        ("POST", "/api/v1/corrections/{id}/decision") => {
            post(path.replace("{id}", &correction(world).await), Body::Json(json!({ "accept": false })))
        }
        ("POST", "/account/corrections") => {
            form(path, [("field", "name"), ("wanted", "Ngô Thị Thơ"), ("reason", "Theo giấy khai sinh")])
        }
        ("POST", "/admin/corrections/{id}") => form(path.replace("{id}", &correction(world).await), [("accept", "no")]),
        ("POST", "/admin/people/{id}/erase") => form(path.replace("{id}", &world.other.account.to_string()), []),
        ("POST", "/api/v1/password-resets") => post(path, Body::Json(json!({ "login": nobody(1) }))),
        ("POST", "/api/v1/password-resets/finish") => {
            post(path, Body::Json(json!({ "login": nobody(2), "code": "12345678", "password": PASSWORD })))
        }
        ("POST", "/sign-in/forgotten") => form(path, [("login", nobody(3).as_str())]),
        ("POST", "/sign-in/reset") => {
            form(path, [("login", nobody(4).as_str()), ("code", "12345678"), ("password", PASSWORD)])
        }
        _ => return None,
    })
}

/// Someone asks for a correction.
async fn correction(world: &World) -> String {
    let someone = world.person("Ngô Thị Thu", None).await;
    let wrong = json!({ "field": "name", "wanted": "Ngô Thị Thơ", "reason": "Theo giấy khai sinh" });
    let made = world.does(&someone, post("/api/v1/me/corrections", Body::Once(wrong))).await.json();
    text(&made["id"])
}
