//! Samples of what accountants do: receipts, refunds, orders, statements, closings.

use serde_json::{Value, json};
use songhan_base::{Money, Person, Role};
use songhan_ledger::{NewCharge, NewLine};

use super::world::{Body, ELSEWHERE, Made, Request, UNIT, World, form, get, post};
use crate::people::text;
use crate::site::ACCOUNT;

const PAYEE: [(&str, &str); 3] = [("bin", "970436"), ("number", "0071000123456"), ("name", "TRAN THI LAN")];
const DAY: &str = "2026-11-20";

pub async fn sample(world: &World, method: &str, path: &str) -> Option<Request> {
    if let Some(request) = orders(world, method, path).await {
        return Some(request);
    }
    Some(match (method, path) {
        ("GET", "/api/v1/charges/{id}/receipts") => {
            get(format!("/api/v1/charges/{}/receipts", world.paid().await.charge))
        }
        ("POST", "/api/v1/charges/{id}/refund-account") => {
            let [bin, number, name] = PAYEE.map(|(_, value)| value);
            let body = json!({ "bin": bin, "number": number, "name": name });
            post(format!("/api/v1/charges/{}/refund-account", owed(world).await.charge), Body::Json(body))
        }
        ("POST", "/pay/{charge}/refund-account") => {
            form(format!("/pay/{}/refund-account", owed(world).await.charge), PAYEE)
        }
        ("POST", "/api/v1/ledger/receipts/{id}/replacement") => {
            let path = format!("/api/v1/ledger/receipts/{}/replacement", receipt(world).await);
            post(path, Body::Once(json!({ "reason": "Ghi sai tên khoản thu" })))
        }
        ("POST", "/office/money/receipts/{id}") => {
            form(format!("/office/money/receipts/{}", receipt(world).await), [("reason", "Ghi sai tên khoản thu")])
        }
        // No statement: the table shows who may try.
        ("POST", "/api/v1/ledger/statements" | "/office/money/reconciliation") => post(path, Body::File("file")),
        ("GET", "/api/v1/ledger/statements/{id}" | "/office/money/reconciliation/{id}") => {
            get(path.replace("{id}", &statement(world, "debit").await.0))
        }
        ("GET", "/office/money/differences/{id}") => get(path.replace("{id}", &difference(world).await)),
        ("POST", "/office/money/differences/{id}") => {
            let fields = [("resolution", "explained"), ("reason", "phí ngân hàng")];
            form(path.replace("{id}", &difference(world).await), fields)
        }
        ("POST", "/api/v1/ledger/differences/{id}/resolution") => {
            let body = json!({ "resolution": "explained", "reason": "phí ngân hàng" });
            post(path.replace("{id}", &difference(world).await), Body::Json(body))
        }
        ("POST", "/api/v1/ledger/unmatched-transfers/match") => {
            let number = statement(world, "credit").await.1;
            let target = json!({ "is": "cash", "unit": UNIT });
            post(path, Body::Json(json!({ "transaction_id": number, "target": target, "reason": "nộp tiền mặt" })))
        }
        ("POST", "/office/money/unmatched/one") => {
            let number = statement(world, "credit").await.1;
            form(path, [("number", number.as_str()), ("is", "cash"), ("unit", UNIT), ("reason", "nộp tiền mặt")])
        }
        ("POST", "/api/v1/ledger/closings") => {
            world.paid().await;
            post(path, Body::Once(json!({ "unit": UNIT, "day": DAY })))
        }
        // The day was closed just before.
        ("POST", "/office/money/transfers") => {
            form(path, [("unit", UNIT), ("day-day", "20"), ("day-month", "11"), ("day-year", "2026")])
        }
        ("GET", "/office/money/transfers/{id}") => get(path.replace("{id}", &closing(world).await)),
        ("POST", "/office/money/transfers/{id}") => form(path.replace("{id}", &closing(world).await), []),
        _ => return None,
    })
}

async fn orders(world: &World, method: &str, path: &str) -> Option<Request> {
    Some(match (method, path) {
        ("POST", "/api/v1/ledger/payment-orders") => {
            requested(world).await;
            post(path, Body::Once(json!({ "pays": "refunds", "unit": UNIT })))
        }
        ("POST", "/office/money/refunds") => {
            requested(world).await;
            form(path, [("unit", UNIT), ("route", "bank")])
        }
        ("GET", "/api/v1/ledger/payment-orders/{id}" | "/office/money/orders/{id}") => {
            get(path.replace("{id}", &order(world).await))
        }
        ("POST", "/api/v1/ledger/payment-orders/{id}/decision") => {
            post(path.replace("{id}", &order(world).await), Body::Json(json!({ "decision": "approve" })))
        }
        ("POST", "/office/money/orders/{id}") => {
            form(path.replace("{id}", &order(world).await), [("decision", "approve")])
        }
        ("GET", "/api/v1/ledger/payment-orders/{id}/file" | "/office/money/orders/{id}/payment.xml") => {
            let id = order(world).await;
            let decide = format!("/api/v1/ledger/payment-orders/{id}/decision");
            world.does(accountant(world), post(decide, Body::Json(json!({ "decision": "approve" })))).await;
            get(path.replace("{id}", &id))
        }
        _ => return None,
    })
}

fn role<'a>(world: &'a World, name: &str) -> &'a Person {
    let found = world.roles.iter().find(|(role, _)| *role == name).and_then(|(_, person)| person.as_ref());
    found.expect("a role of the table")
}

fn accountant(world: &World) -> &Person {
    role(world, "accountant")
}

/// Paid, and owed back.
async fn owed(world: &World) -> Made {
    let (made, cx) = (world.paid().await, world.city.system());
    let mut tx = cx.begin().await.expect("a transaction");
    songhan_ledger::refund(&mut tx, &cx, made.charge.parse().expect("an id"), "hồ sơ rút").await.expect("a refund");
    tx.commit().await.expect("a commit");
    made
}

/// Owed back, and its payer has given an account.
async fn requested(world: &World) {
    let path = format!("/pay/{}/refund-account", owed(world).await.charge);
    world.does(&world.resident, form(path, PAYEE)).await;
}

/// Prepared by another accountant than the table's.
async fn order(world: &World) -> String {
    requested(world).await;
    let other = world.person("Trương Văn Khánh", Some((Role::Accountant, None))).await;
    let body = json!({ "pays": "refunds", "unit": UNIT });
    text(&world.does(&other, post("/api/v1/ledger/payment-orders", Body::Once(body))).await.json()["id"])
}

async fn receipt(world: &World) -> String {
    let charge = world.paid().await.charge.parse().expect("an id");
    let receipt = songhan_ledger::receipt(&world.city.app.db, charge).await.expect("a receipt");
    receipt.expect("a receipt").id.to_string()
}

/// A statement with one line that our books do not know, and the bank's number of it.
async fn statement(world: &World, side: &str) -> (String, String) {
    let number = format!("XX{}", world.next());
    let amounts = if side == "credit" { "5000," } else { ",5000" };
    let table = format!("account,date,credit,debit,reference\n{ACCOUNT},2026-11-19,{amounts},{number}\n");
    let cx = world.city.system();
    let imported = songhan_ledger::import_statement(&cx, "saoke.csv", table.as_bytes()).await.expect("a statement");
    (imported.statement.id.to_string(), number)
}

async fn difference(world: &World) -> String {
    let path = format!("/api/v1/ledger/statements/{}", statement(world, "debit").await.0);
    let found: Value = world.does(accountant(world), get(path)).await.json();
    text(&found["differences"][0]["id"])
}

/// The closed day of another unit: the same for all.
async fn closing(world: &World) -> String {
    let listed = world.does(accountant(world), get("/api/v1/ledger/closings")).await.json();
    let known = listed["items"].as_array().expect("closings").iter().find(|closing| closing["unit"] == ELSEWHERE);
    if let Some(known) = known {
        return text(&known["id"]);
    }
    let cx = world.city.cx(role(world, "other officer"));
    let new = NewCharge {
        subject: "dossier:elsewhere".into(),
        purpose: "Lệ phí".into(),
        unit: ELSEWHERE.into(),
        payer: None,
        lines: vec![NewLine { name: "Lệ phí".into(), quantity: 1, unit_amount: Money(8_000), basis: "".into() }],
        back: "/".into(),
    };
    let mut tx = cx.begin().await.expect("a transaction");
    let charge = songhan_ledger::charge(&mut tx, &cx, new).await.expect("a charge");
    songhan_ledger::take_cash(&mut tx, &cx, charge.id, None).await.expect("cash");
    tx.commit().await.expect("a commit");
    let body = json!({ "unit": ELSEWHERE, "day": DAY });
    text(&world.does(accountant(world), post("/api/v1/ledger/closings", Body::Once(body))).await.json()["id"])
}
