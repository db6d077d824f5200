//! Samples of what residents do: applying, following a dossier, its papers.

use serde_json::json;

use super::world::{Body, COPY, COPY_PAGE, Request, UNIT, World, form, get, post};

pub async fn sample(world: &World, method: &str, path: &str) -> Option<Request> {
    match method {
        "GET" => read(world, path).await,
        "POST" => change(world, path).await,
        _ => None,
    }
}

async fn read(world: &World, path: &str) -> Option<Request> {
    Some(match path {
        "/procedures/{name}" => get(format!("/procedures/{COPY_PAGE}")),
        "/life-events/{id}" => get("/life-events/having-a-child"),
        "/apply/{draft}/fee-exemption" => get(path.replace("{draft}", &world.draft().await)),
        "/procedures/{name}/apply" => get(format!("/procedures/{COPY_PAGE}/apply")),
        "/api/v1/procedures/{code}" => get(format!("/api/v1/procedures/{COPY}")),
        "/apply/{draft}/for-whom" => get(path.replace("{draft}", &world.draft().await)),
        "/apply/{draft}/sign" | "/apply/{draft}/application.pdf" => {
            get(path.replace("{draft}", &world.whole_draft().await))
        }
        "/apply/{draft}" | "/apply/{draft}/unit" | "/apply/{draft}/delete" | "/apply/{draft}/submit" => {
            get(path.replace("{draft}", &world.draft().await))
        }
        "/apply/{draft}/review" => get(format!("/apply/{}/review", world.whole_draft().await)),
        "/apply/{draft}/{screen}" => get(format!("/apply/{}/record_kind", world.draft().await)),
        "/dossiers/{code}"
        | "/dossiers/{code}/live"
        | "/track/{code}"
        | "/api/v1/dossiers/{code}"
        | "/api/v1/dossiers/{code}/timeline" => get(path.replace("{code}", &world.dossier().await.code)),
        "/dossiers/{code}/papers/{upload}" => {
            let (made, upload) = world.with_paper().await;
            get(format!("/dossiers/{}/papers/{upload}", made.code))
        }
        "/dossiers/{code}/issued/{document}" => {
            get(format!("/dossiers/{}/issued/{}", world.done().await.code, world.document().await))
        }
        "/dossiers/{code}/receipt.pdf" | "/dossiers/{code}/result.pdf" => {
            get(path.replace("{code}", &world.done().await.code))
        }
        "/dossiers/{code}/actions/{action}" => {
            get(format!("/dossiers/{}/actions/withdraw", world.dossier().await.code))
        }
        "/uploads/{upload}" => get(format!("/uploads/{}", world.upload().await)),
        _ => return None,
    })
}

async fn change(world: &World, path: &str) -> Option<Request> {
    Some(match path {
        "/apply/{draft}/for-whom" => form(format!("/apply/{}/for-whom", world.draft().await), [("party", "self")]),
        "/apply/{draft}/unit" => form(format!("/apply/{}/unit", world.draft().await), [("unit", UNIT)]),
        "/apply/{draft}/fee-exemption" => {
            form(format!("/apply/{}/fee-exemption", world.draft().await), [("group", "none")])
        }
        "/apply/{draft}/delete" => form(format!("/apply/{}/delete", world.draft().await), []),
        "/apply/{draft}/submit" => form(format!("/apply/{}/submit", world.whole_draft().await), []),
        "/apply/{draft}/sign" => form(format!("/apply/{}/sign", world.whole_draft().await), []),
        "/apply/{draft}/{screen}" => {
            form(format!("/apply/{}/record_kind", world.draft().await), [("record_kind", "birth")])
        }
        "/apply/{draft}/{screen}/keep" => {
            form(format!("/apply/{}/record_kind/keep", world.draft().await), [("record_kind", "birth")])
        }
        "/dossiers/{code}/actions/{action}" => {
            form(format!("/dossiers/{}/actions/withdraw", world.dossier().await.code), [])
        }
        "/api/v1/dossiers/{code}/actions/{action}" => {
            // What an officer does, of whom the unit's leader is none.
            let made = world.paid().await;
            post(format!("/api/v1/dossiers/{}/actions/accept", made.code), Body::Json(json!({})))
        }
        _ => return None,
    })
}
