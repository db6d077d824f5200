//! Samples of what the counter does: an officer takes in a dossier, and calls the numbers of those who wait.

use super::world::{Body, COPY, Request, UNIT, World, form, get, post};

pub async fn sample(world: &World, method: &str, path: &str) -> Option<Request> {
    match method {
        "GET" => read(world, path).await,
        "POST" => change(world, path).await,
        _ => None,
    }
}

async fn read(world: &World, path: &str) -> Option<Request> {
    Some(match path {
        "/office/intake/{draft}" => get(format!("/office/intake/{}", begun(world).await)),
        "/office/intake/{draft}/person" | "/office/intake/{draft}/form" | "/office/intake/{draft}/papers" => {
            get(path.replace("{draft}", &begun(world).await))
        }
        "/office/intake/{draft}/review" => get(path.replace("{draft}", &whole(world).await)),
        "/office/intake/{draft}/done" | "/office/intake/{draft}/receipt.pdf" => {
            get(path.replace("{draft}", &taken_in(world).await))
        }
        "/queue/{unit}" | "/queue/{unit}/board" | "/queue/{unit}/live" => get(path.replace("{unit}", UNIT)),
        "/queue/{unit}/tickets/{ticket}" => get(format!("/queue/{UNIT}/tickets/{}", ticket(world).await)),
        _ => return None,
    })
}

async fn change(world: &World, path: &str) -> Option<Request> {
    Some(match path {
        "/office/intake" => form(path, [("procedure", COPY), ("at", UNIT), ("channel", "counter")]),
        "/office/intake/{draft}/delete" => form(path.replace("{draft}", &begun(world).await), []),
        "/office/intake/{draft}/person" => post(path.replace("{draft}", &begun(world).await), person()),
        "/office/intake/{draft}/form" => post(path.replace("{draft}", &begun(world).await), answers()),
        "/office/intake/{draft}/papers" => {
            form(path.replace("{draft}", &begun(world).await), [("name", "Căn cước"), ("seen", "original")])
        }
        "/office/intake/{draft}/take-in" => form(path.replace("{draft}", &whole(world).await), [("pay", "cash")]),
        "/office/intake/{draft}/done" => form(path.replace("{draft}", &taken_in(world).await), [("pay", "cash")]),
        "/queue/{unit}" => form(format!("/queue/{UNIT}"), [("service", "results")]),
        "/office/queue/{unit}/call" => form(format!("/office/queue/{UNIT}/call"), [("desk", "Quầy 1")]),
        "/office/queue/tickets/{ticket}/{verb}" => {
            form(format!("/office/queue/tickets/{}/done", ticket(world).await), [])
        }
        _ => return None,
    })
}

/// Someone without an account.
fn person() -> Body {
    let fields = [
        ("name", "Đỗ Thị Mười"),
        ("citizen_id", "048190909090"),
        ("date_of_birth-day", "1"),
        ("date_of_birth-month", "2"),
        ("date_of_birth-year", "1990"),
        ("phone", "0905999888"),
        ("address", "24 Trần Phú"),
        ("unit", UNIT),
        ("channel", "counter"),
    ];
    Body::Form(fields.map(|(name, value)| (name, value.to_owned())).into())
}

/// The answers of the request for a copy.
fn answers() -> Body {
    let fields = [
        ("record_kind", "birth"),
        ("subject", "self"),
        ("registered_at", "Phường Phước Ninh"),
        ("registered_year", "1990"),
        ("copies", "1"),
        ("applicant_name", "Đỗ Thị Mười"),
        ("applicant_born-day", "1"),
        ("applicant_born-month", "2"),
        ("applicant_born-year", "1990"),
        ("applicant_citizen_id", "048190909090"),
        ("applicant_phone", "0905999888"),
        ("applicant_address", "24 Trần Phú"),
    ];
    let names = ["record_kind", "subject", "registered_at", "registered_year", "copies", "applicant_name"];
    let more = ["applicant_born", "applicant_citizen_id", "applicant_phone", "applicant_address"];
    let shown = names.into_iter().chain(more).map(|name| ("shown", name.to_owned()));
    let fields = fields.into_iter().map(|(name, value)| (name, value.to_owned()));
    Body::Form(fields.chain(shown).collect())
}

/// An intake of the officer's: one that is not finished, or a new one, since nobody may begin without end.
async fn begun(world: &World) -> String {
    let page = world.does(&world.officer, get("/office/intake")).await.text();
    let known = page.split("href=\"/office/intake/").nth(1).and_then(|rest| rest.split('"').next());
    if let Some(known) = known {
        return known.to_owned();
    }
    let request = form("/office/intake", [("procedure", COPY), ("at", UNIT), ("channel", "counter")]);
    let answer = world.does(&world.officer, request).await;
    answer.location().split('/').nth(3).expect("the address of an intake").to_owned()
}

/// One that can be taken in.
async fn whole(world: &World) -> String {
    let draft = begun(world).await;
    world.does(&world.officer, post(format!("/office/intake/{draft}/person"), person())).await;
    world.does(&world.officer, post(format!("/office/intake/{draft}/form"), answers())).await;
    draft
}

async fn taken_in(world: &World) -> String {
    let draft = whole(world).await;
    world.does(&world.officer, form(format!("/office/intake/{draft}/take-in"), [("pay", "cash")])).await;
    world.city.settle().await;
    draft
}

/// A number that someone has taken.
async fn ticket(world: &World) -> String {
    let answer = world.does(&world.resident, form(format!("/queue/{UNIT}"), [("service", "results")])).await;
    answer.location().rsplit('/').next().expect("the address of a number").to_owned()
}
