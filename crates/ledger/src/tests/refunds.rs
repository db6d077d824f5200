//! Refunds: the payer's account, four eyes, the bank's file, the statement that confirms.

use super::*;
use crate::refund::{RefundState, Route};

const BANK: [(&str, &str); 3] = [("bin", "970436"), ("number", "0071 000 123456"), ("name", "Nguyễn Thị An")];

fn account() -> Value {
    json!({ "bin": "970436", "number": "0071000123456", "name": "Nguyễn Thị An" })
}

async fn prepare(city: &TestCity, by: &Person, pays: &str) -> Value {
    let body = json!({ "pays": pays, "unit": UNIT });
    let key = city.app.env.id().to_string();
    city.client(by).post_once("/api/v1/ledger/payment-orders", &key, &body).await.expect(201).json()
}

async fn decide(city: &TestCity, by: &Person, order: &Value, decision: &str) -> Answer {
    let path = format!("/api/v1/ledger/payment-orders/{}/decision", order["id"].as_str().unwrap());
    city.client(by).post(&path, &json!({ "decision": decision })).await
}

async fn state(city: &TestCity, charge: &Charge) -> (RefundState, Route) {
    let refunds = crate::store::refunds::of_charge(&city.app.db, charge.id).await.unwrap();
    (refunds[0].state, refunds[0].route)
}

#[tokio::test]
async fn paid_out_by_two_people_and_confirmed_by_the_statement() {
    on_both(|city| async move {
        let payer = city.resident("Nguyễn Thị An");
        let made = refunded(&city, &payer, "T1").await;
        let path = format!("/api/v1/charges/{}/refund-account", made.id);
        city.client(&city.resident("Khác")).post(&path, &account()).await.expect(404);
        city.client(&officer(&city)).post(&path, &account()).await.expect(403);
        let mut client = city.client(&payer);
        let wrong = client.post(&path, &json!({ "bin": "1", "number": "x", "name": "" })).await.expect(422).json();
        assert_eq!(wrong["errors"].as_array().unwrap().len(), 3);
        let given = client.post(&path, &account()).await.expect(200).json();
        assert_eq!((&given["amount"], &given["payee"]["name"]), (&json!(16_000), &json!("NGUYEN THI AN")));
        let (one, other) = (accountant(&city), accountant(&city));
        let order = prepare(&city, &one, "refunds").await;
        assert_eq!((&order["total"], &order["state"]), (&json!(16_000), &json!("prepared")));
        client.post(&path, &account()).await.expect(409);
        let file = format!("/api/v1/ledger/payment-orders/{}/file", order["id"].as_str().unwrap());
        city.client(&one).get(&file).await.expect(409);
        decide(&city, &one, &order, "approve").await.expect(403);
        decide(&city, &other, &order, "approve").await.expect(200);
        decide(&city, &other, &order, "approve").await.expect(409);
        let xml = city.client(&one).get(&file).await.expect(200);
        assert_eq!(xml.headers["content-type"], "application/xml");
        let xml = xml.text();
        let document = roxmltree::Document::parse(&xml).unwrap();
        let text = |name: &str| document.descendants().find(|n| n.tag_name().name() == name).unwrap().text().unwrap();
        assert_eq!((text("InstdAmt"), text("MmbId")), ("16000", "970436"));
        let number = text("EndToEndId").to_owned();
        let books = balance(&city).await;
        assert_eq!(books.of("refundable:ubnd-hai-chau"), Money(0));
        assert_eq!(books.of("clearing:1017595600"), Money(-16_000));
        // The bank's statement: the credit of the morning, and our order.
        let note = format!("{number} HOAN PHI");
        let statement = table(&[(ACCOUNT, 16_000, 0, "T1", "x"), (ACCOUNT, 0, 16_000, "FT9", &note)]);
        let imported = import(&city, &statement).await;
        assert_eq!((imported.statement.matched, imported.statement.differences), (2, 0));
        assert_eq!(state(&city, &made).await.0, RefundState::Paid);
        let books = balance(&city).await;
        assert_eq!((books.of("clearing:1017595600"), books.of("bank:1017595600")), (Money(0), Money(0)));
        let shown = city.client(&one).get(&file.replace("/file", "")).await.expect(200).json();
        assert_eq!((&shown["order"]["state"], &shown["lines"][0]["state"]), (&json!("done"), &json!("paid")));
        assert!(client.get(&made.path()).await.expect(200).text().contains("Đã hoàn trả"));
        // Nothing is left to pay.
        let body = json!({ "pays": "refunds", "unit": UNIT });
        city.client(&one).post_once("/api/v1/ledger/payment-orders", "again", &body).await.expect(409);
    })
    .await;
}

#[tokio::test]
async fn what_is_cancelled_or_comes_back_is_owed_again() {
    on_both(|city| async move {
        let payer = city.resident("Nguyễn Thị An");
        let made = refunded(&city, &payer, "T1").await;
        let page = format!("{}/refund-account", made.path());
        let mut client = city.client(&payer);
        assert!(client.get(&made.path()).await.expect(200).text().contains("vào tài khoản nào"));
        let wrong = client.submit(&page, &[("bin", "1"), ("number", "1"), ("name", "A")]).await.expect(422).text();
        assert!(wrong.contains("Mã ngân hàng gồm sáu chữ số"), "{wrong}");
        client.submit(&page, &BANK).await.expect(303);
        let (one, other) = (accountant(&city), accountant(&city));
        let order = prepare(&city, &one, "refunds").await;
        decide(&city, &one, &order, "cancel").await.expect(200);
        assert_eq!(state(&city, &made).await.0, RefundState::Requested);
        let order = prepare(&city, &one, "refunds").await;
        decide(&city, &other, &order, "approve").await.expect(200);
        let id = order["id"].as_str().unwrap();
        let lines = city.client(&one).get(&format!("/api/v1/ledger/payment-orders/{id}")).await.expect(200).json();
        let number = lines["lines"][0]["end_to_end"].as_str().unwrap().to_owned();
        // Paid, and returned by the other bank.
        let statement = table(&[
            (ACCOUNT, 16_000, 0, "T1", "x"),
            (ACCOUNT, 0, 16_000, "FT9", &number),
            (ACCOUNT, 16_000, 0, "FT10", &format!("HOAN LAI {number} SAI SO TAI KHOAN")),
        ]);
        let imported = import(&city, &statement).await;
        assert_eq!((imported.statement.matched, imported.statement.differences), (2, 1));
        let found = city
            .client(&one)
            .get(&format!("/api/v1/ledger/statements/{}", imported.statement.id))
            .await
            .expect(200)
            .json();
        let difference = &found["differences"][0];
        assert_eq!(difference["kind"], "reversed");
        let path = format!("/api/v1/ledger/differences/{}/resolution", difference["id"].as_str().unwrap());
        let body = json!({ "resolution": "adjusted", "reason": "ngân hàng nhận trả lại" });
        city.client(&one).post(&path, &body).await.expect(200);
        city.client(&one).post(&path, &body).await.expect(409);
        assert_eq!(state(&city, &made).await.0, RefundState::Owed);
        let books = balance(&city).await;
        assert_eq!(
            (books.of("refundable:ubnd-hai-chau"), books.of("bank:1017595600")),
            (Money(-16_000), Money(16_000))
        );
        assert!(client.get(&made.path()).await.expect(200).text().contains("không thành công"));
    })
    .await;
}

#[tokio::test]
async fn whose_unit_it_is_not_sees_nothing() {
    on_both(|city| async move {
        let payer = city.resident("Nguyễn Thị An");
        let made = refunded(&city, &payer, "T1").await;
        city.client(&payer).post(&format!("/api/v1/charges/{}/refund-account", made.id), &account()).await.expect(200);
        let own = city.person("Thu", &[(Role::Accountant, Some(UNIT))]);
        let order = prepare(&city, &own, "refunds").await;
        let elsewhere = city.person("Khác", &[(Role::Accountant, Some(ELSEWHERE))]);
        let id = order["id"].as_str().unwrap();
        city.client(&elsewhere).get(&format!("/api/v1/ledger/payment-orders/{id}")).await.expect(404);
        decide(&city, &elsewhere, &order, "approve").await.expect(404);
        let listed = city.client(&elsewhere).get("/api/v1/ledger/payment-orders").await.expect(200).json();
        assert_eq!(listed["items"], json!([]));
        let refunds = city.client(&elsewhere).get("/api/v1/ledger/refunds?state=ordered").await.expect(200).json();
        assert_eq!(refunds["items"], json!([]));
        assert_eq!(
            city.client(&own).get("/api/v1/ledger/refunds?state=ordered").await.json()["items"]
                .as_array()
                .unwrap()
                .len(),
            1
        );
        let body = json!({ "pays": "refunds", "unit": UNIT });
        city.client(&elsewhere).post_once("/api/v1/ledger/payment-orders", "x", &body).await.expect(404);
    })
    .await;
}
