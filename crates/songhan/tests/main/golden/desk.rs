//! Samples of what the office does.

use super::world::{Request, World, form, get};

pub async fn sample(world: &World, method: &str, path: &str) -> Option<Request> {
    Some(match (method, path) {
        ("GET", "/office/dossiers/{code}") => get(format!("/office/dossiers/{}", world.dossier().await.code)),
        ("GET", "/office/dossiers/{code}/receipt.pdf" | "/office/dossiers/{code}/result.pdf") => {
            get(path.replace("{code}", &world.done().await.code))
        }
        ("GET", "/office/dossiers/{code}/issued/{document}") => {
            get(format!("/office/dossiers/{}/issued/{}", world.done().await.code, world.document().await))
        }
        ("GET", "/office/dossiers/{code}/process-sheet.pdf") => {
            get(path.replace("{code}", &world.dossier().await.code))
        }
        ("GET", "/office/book.pdf") => get("/office/book.pdf"),
        ("GET", "/office/dossiers/{code}/papers/{upload}") => {
            let (made, upload) = world.with_paper().await;
            get(format!("/office/dossiers/{}/papers/{upload}", made.code))
        }
        ("POST", "/office/dossiers/{code}/actions/{action}") => {
            form(format!("/office/dossiers/{}/actions/accept", world.paid().await.code), [])
        }
        ("POST", "/office/dossiers/{code}/take") => {
            form(format!("/office/dossiers/{}/take", world.dossier().await.code), [])
        }
        ("POST", "/office/dossiers/{code}/assign") => {
            let officer = world.officer.account.to_string();
            form(format!("/office/dossiers/{}/assign", world.dossier().await.code), [("account", officer.as_str())])
        }
        _ => return super::counter::sample(world, method, path).await,
    })
}
