//! A sample of each endpoint of the kernel and the engines: a request that fits, about things of a resident's.

use serde_json::{Value, json};
use songhan_base::Person;

use super::world::{Body, Request, UNIT, World, delete, form, get, post};
use super::{acting, archive, atlas, casework, desk, drafts, maps, places, residents, returns, treasury};
use crate::people::PASSWORD;

/// The request by which `person` tries the endpoint; `None` when nobody has written one.
pub async fn sample(world: &World, method: &str, path: &str, person: Option<&Person>) -> Option<Request> {
    if let Some(request) = acting::sample(world, method, path).await {
        return Some(request);
    }
    if let Some(request) = archive::sample(world, method, path).await {
        return Some(request);
    }
    if let Some(request) = places::sample(world, method, path).await {
        return Some(request);
    }
    if let Some(request) = maps::sample(world, method, path).await {
        return Some(request);
    }
    if let Some(request) = atlas::sample(world, method, path).await {
        return Some(request);
    }
    if let Some(request) = plain(method, path) {
        return Some(request);
    }
    if let Some(request) = identity(world, method, path, person).await {
        return Some(request);
    }
    if let Some(request) = money(world, method, path).await {
        return Some(request);
    }
    if let Some(request) = treasury::sample(world, method, path).await {
        return Some(request);
    }
    if let Some(request) = papers(world, method, path).await {
        return Some(request);
    }
    if let Some(request) = channels(world, method, path).await {
        return Some(request);
    }
    if let Some(request) = casework::sample(world, method, path).await {
        return Some(request);
    }
    if let Some(request) = returns::sample(world, method, path).await {
        return Some(request);
    }
    if let Some(request) = drafts::sample(world, method, path).await {
        return Some(request);
    }
    if let Some(request) = residents::sample(world, method, path).await {
        return Some(request);
    }
    desk::sample(world, method, path).await
}

/// Endpoints that need nothing.
fn plain(method: &str, path: &str) -> Option<Request> {
    let read = method == "GET" && !path.contains('{');
    let query = match path {
        "/language" => "?to=en&next=/",
        "/api/v1/working-time/due" => "?from=2026-11-20T09:00:00%2B07:00&amount=1&unit=days",
        "/api/v1/ledger/receipts" => "?unit=ubnd-hai-chau&year=2026",
        "/api/v1/payments/vnpay/ipn" => "?vnp_TxnRef=none&vnp_Amount=100",
        _ => "",
    };
    read.then(|| get(format!("{path}{query}")))
}

async fn identity(world: &World, method: &str, path: &str, person: Option<&Person>) -> Option<Request> {
    Some(match (method, path) {
        ("POST", "/api/v1/accounts") => post(path, Body::Json(account(world))),
        ("POST", "/api/v1/sessions") => {
            post(path, Body::Json(json!({ "login": login(world, person), "password": PASSWORD })))
        }
        ("DELETE", "/api/v1/sessions/{id}") => {
            delete(format!("/api/v1/sessions/{}", world.session(&world.resident).await))
        }
        ("GET", "/api/v1/grants") => get(format!("{path}?account={}", world.other.account)),
        ("POST", "/api/v1/grants") => {
            post(path, Body::Json(json!({ "account": world.other.account, "role": "officer", "unit": "ubnd-hai-van" })))
        }
        ("DELETE", "/api/v1/grants/{id}") => delete(format!("/api/v1/grants/{}", world.grant().await)),
        ("POST", "/sign-in") => form(path, [("login", login(world, person).as_str()), ("password", PASSWORD)]),
        ("POST", "/sign-in/code") => form(path, [("code", "123456")]),
        ("POST", "/sign-out") => form(path, []),
        ("POST", "/register") => {
            let account = account(world);
            let field = |name: &'static str| (name, account[name].as_str().unwrap_or_default().to_owned());
            post(
                path,
                Body::Form(vec![
                    field("name"),
                    field("citizen_id"),
                    field("date_of_birth"),
                    field("password"),
                    ("password_again", PASSWORD.to_owned()),
                ]),
            )
        }
        ("POST", "/account/contact") => form(path, [("address", "24 Trần Phú"), ("area", "20242"), ("lang", "vi")]),
        ("POST", "/account/password") => {
            form(path, [("present_password", "sai mật khẩu này"), ("new_password", PASSWORD)])
        }
        ("POST", "/account/security/sessions/{id}/end") => {
            form(format!("/account/security/sessions/{}/end", world.session(&world.resident).await), [])
        }
        ("POST", "/account/security/second-factor") => form(path, []),
        ("POST", "/account/security/second-factor/confirm") => form(path, [("code", "123456")]),
        ("POST", "/account/security/second-factor/remove") => {
            form(path, [("password", "sai mật khẩu này"), ("code", "123456")])
        }
        ("GET", "/admin/people/{id}") => get(format!("/admin/people/{}", world.resident.account)),
        ("POST", "/admin/people/{id}/grants") => {
            let path = format!("/admin/people/{}/grants", world.other.account);
            form(path, [("role", "officer"), ("unit", "ubnd-hai-van")])
        }
        ("POST", "/admin/people/{id}/close" | "/admin/people/{id}/open") => {
            let someone = world.person("Đặng Thị Mười", None).await;
            form(path.replace("{id}", &someone.account.to_string()), [])
        }
        ("POST", "/admin/grants/{id}/end") => form(format!("/admin/grants/{}/end", world.grant().await), []),
        _ => return None,
    })
}

/// A new person's data.
fn account(world: &World) -> Value {
    let id = World::citizen_id(world.next());
    json!({ "name": "Ngô Quang Huy", "citizen_id": id, "date_of_birth": "1990-05-04", "password": PASSWORD })
}

/// Everyone signs in as themselves; a visitor as the resident.
fn login(world: &World, person: Option<&Person>) -> String {
    let person = person.unwrap_or(&world.resident);
    let number = world.numbers.get(&person.account).expect("a person of this world");
    World::citizen_id(*number)
}

async fn money(world: &World, method: &str, path: &str) -> Option<Request> {
    let charge = async || world.dossier().await.charge;
    Some(match (method, path) {
        ("GET", "/api/v1/charges/{id}") => get(format!("/api/v1/charges/{}", charge().await)),
        ("POST", "/api/v1/charges/{id}/payments") => {
            post(format!("/api/v1/charges/{}/payments", charge().await), Body::Once(json!({ "channel": "vietqr" })))
        }
        ("POST", "/api/v1/charges/{id}/counter-payments") => {
            post(format!("/api/v1/charges/{}/counter-payments", charge().await), Body::Once(json!({})))
        }
        // Not signed: nobody who holds an account here is the bank.
        ("POST", "/api/v1/payments/bank-notifications") => {
            post(path, Body::Json(json!({ "transaction_id": "FT1", "account": "1", "amount": 1 })))
        }
        // Nor MoMo.
        ("POST", "/api/v1/payments/momo/ipn") => {
            post(path, Body::Json(json!({ "orderId": "none", "amount": 1, "resultCode": 0, "signature": "00" })))
        }
        ("GET", "/pay/{charge}") => get(format!("/pay/{}", charge().await)),
        ("GET", "/pay/{charge}/live") => get(format!("/pay/{}/live", charge().await)),
        ("GET", "/pay/{charge}/return") => get(format!("/pay/{}/return", charge().await)),
        ("POST", "/pay/{charge}/gateway") => form(format!("/pay/{}/gateway", charge().await), []),
        ("GET", "/pay/{charge}/gateway/{payment}") => {
            let (made, payment) = world.attempt().await;
            get(format!("/pay/{}/gateway/{payment}", made.charge))
        }
        _ => return None,
    })
}

async fn papers(world: &World, method: &str, path: &str) -> Option<Request> {
    let nothing = "019aa4a0-7c00-7000-8000-000000000001";
    Some(match (method, path) {
        ("POST", "/api/v1/uploads") => post(path, Body::File("file")),
        ("GET", "/verify/{id}") => get(format!("/verify/{}", world.document().await)),
        ("POST", "/verify/{id}") => post(format!("/verify/{}", world.document().await), Body::File("file")),
        ("POST", "/api/v1/notices/{id}/read") => {
            post(format!("/api/v1/notices/{}/read", world.notice().await), Body::Json(json!({})))
        }
        ("POST", "/notices/{id}/read") => form(format!("/notices/{}/read", world.notice().await), []),
        ("POST", "/notices/read") => form(path, []),
        // The mailbox is there in the demonstration alone.
        ("GET", "/demo/mailbox/{id}") => get(format!("/demo/mailbox/{nothing}")),
        ("GET", "/demo/mailbox/{id}/raw") => get(format!("/demo/mailbox/{nothing}/raw")),
        // Nothing is sent in this city: its national portal is not configured.
        ("POST", "/api/v1/national/messages/{id}/actions/resend") => {
            post(path.replace("{id}", nothing), Body::Json(json!({})))
        }
        ("POST", "/admin/national/{id}/resend") => form(path.replace("{id}", nothing), []),
        ("POST", "/admin/national/refused/{code}") => form("/admin/national/refused/000.00.15.H17-261121-0001", []),
        ("POST", "/admin/national/poll") => form(path, []),
        ("POST", "/api/v1/dossiers") => {
            post(path, Body::Once(json!({ "procedure": super::world::COPY, "unit": UNIT, "answers": world.answers() })))
        }
        _ => return None,
    })
}

/// How one is told. Nobody in the table has an e-mail address.
async fn channels(world: &World, method: &str, path: &str) -> Option<Request> {
    let all = ["in_app", "email"];
    Some(match (method, path) {
        ("PUT", "/api/v1/me/notice-preferences") => {
            let topics = json!({ "progress": all, "money": all, "security": all, "warning": all });
            Request { method: "PUT", ..post(path, Body::Json(json!({ "topics": topics }))) }
        }
        ("POST", "/api/v1/me/push-subscriptions") => post(path, Body::Json(subscription(world))),
        ("DELETE", "/api/v1/me/push-subscriptions/{id}") => {
            delete(format!("/api/v1/me/push-subscriptions/{}", device(world).await))
        }
        ("POST", "/api/v1/me/addresses/{channel}/code") => {
            post("/api/v1/me/addresses/email/code", Body::Json(json!({})))
        }
        ("POST", "/api/v1/me/addresses/{channel}/verification") => {
            post("/api/v1/me/addresses/email/verification", Body::Json(json!({ "code": "123456" })))
        }
        // Not signed: nobody who holds an account here is Zalo.
        ("POST", "/api/v1/notice-reports/zalo") => {
            post(path, Body::Json(json!({ "event_name": "user_received_message" })))
        }
        ("POST", "/account/notices") => form(path, [("progress", "push")]),
        ("POST", "/account/notices/code") => form(path, [("channel", "email")]),
        ("POST", "/account/notices/verification") => form(path, [("channel", "email"), ("code", "123456")]),
        ("POST", "/account/notices/devices/{id}/remove") => {
            form(format!("/account/notices/devices/{}/remove", device(world).await), [])
        }
        _ => return None,
    })
}

/// A browser's, another one at every call.
fn subscription(world: &World) -> Value {
    let p256dh = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    let keys = json!({ "p256dh": p256dh, "auth": "BTBZMqHH6r4Tts7J_aSIgg" });
    json!({ "endpoint": format!("http://127.0.0.1:9/{}", world.next()), "keys": keys })
}

/// A browser of the resident's that takes notices.
async fn device(world: &World) -> String {
    let path = "/api/v1/me/push-subscriptions";
    let made = world.does(&world.resident, post(path, Body::Json(subscription(world)))).await.json();
    made["id"].as_str().expect("an id").to_owned()
}
