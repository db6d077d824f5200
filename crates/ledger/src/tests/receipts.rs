//! Receipts: with the payment, without gap, cancelled and replaced in the register.

use super::*;
use crate::{ReceiptState, receipt, receipts_of};

async fn paid(city: &TestCity, transaction: &str) -> Charge {
    let made = due(city, None).await;
    notify(city, &notice(transaction, 16_000, &made.reference)).await.expect(200);
    made
}

#[tokio::test]
async fn numbers_run_without_gap() {
    on_both(|city| async move {
        let cx = city.system();
        let first = paid(&city, "T1").await;
        let issued = receipt(&city.app.db, first.id).await.unwrap().unwrap();
        assert_eq!(
            (issued.form.as_str(), issued.series.as_str(), issued.shown.as_str()),
            ("01BLP0-001", "DN-26E", "0000001")
        );
        assert_eq!((issued.amount, issued.fees, issued.charges), (Money(16_000), Money(16_000), Money(0)));
        assert_eq!(kinds(&city).await, ["ledger.charge_created", "ledger.charge_paid", "ledger.receipt_issued"]);
        // What is rolled back gives its number back.
        let made = due(&city, None).await;
        let officer = city.cx(&officer(&city));
        let mut tx = officer.begin().await.unwrap();
        crate::take_cash(&mut tx, &officer, made.id, None).await.unwrap();
        tx.rollback().await.unwrap();
        assert!(receipt(&city.app.db, made.id).await.unwrap().is_none());
        let second = paid(&city, "T2").await;
        assert_eq!(receipt(&city.app.db, second.id).await.unwrap().unwrap().number, 2);
        // A second payment gets none: it is owed back.
        notify(&city, &notice("T3", 16_000, &second.reference)).await.expect(200);
        assert_eq!(receipts_of(&city.app.db, second.id).await.unwrap().len(), 1);
        // Refunded: cancelled, and still there.
        let mut tx = cx.begin().await.unwrap();
        crate::refund(&mut tx, &cx, first.id, "hồ sơ rút").await.unwrap();
        tx.commit().await.unwrap();
        assert!(receipt(&city.app.db, first.id).await.unwrap().is_none());
        let kept = receipts_of(&city.app.db, first.id).await.unwrap();
        assert_eq!((kept[0].state, kept[0].reason.as_deref()), (ReceiptState::Cancelled, Some("hồ sơ rút")));
    })
    .await;
}

#[tokio::test]
async fn an_accountant_replaces_and_reads_the_register() {
    on_both(|city| async move {
        let made = paid(&city, "T1").await;
        let old = receipt(&city.app.db, made.id).await.unwrap().unwrap();
        let path = format!("/api/v1/ledger/receipts/{}/replacement", old.id);
        let body = json!({ "reason": "Ghi sai tên khoản thu" });
        let elsewhere = city.person("Khác", &[(Role::Accountant, Some(ELSEWHERE))]);
        city.client(&elsewhere).post_once(&path, "a", &body).await.expect(404);
        city.client(&officer(&city)).post_once(&path, "a", &body).await.expect(403);
        let mut own = city.client(&city.person("Thu", &[(Role::Accountant, Some(UNIT))]));
        own.post_once(&path, "x", &json!({ "reason": " " })).await.expect(422);
        let new = own.post_once(&path, "a", &body).await.expect(201).json();
        assert_eq!((&new["number"], &new["replaces"]), (&json!(2), &json!(old.id)));
        assert_eq!(own.post_once(&path, "a", &body).await.expect(201).json(), new);
        own.post_once(&path, "b", &body).await.expect(409);
        let register = own.get(&format!("/api/v1/ledger/receipts?unit={UNIT}&year=2026")).await.expect(200).json();
        let states: Vec<_> =
            register["items"].as_array().unwrap().iter().map(|r| r["state"].as_str().unwrap()).collect();
        assert_eq!(states, ["issued", "replaced"]);
        own.get(&format!("/api/v1/ledger/receipts?unit={ELSEWHERE}")).await.expect(404);
        let key = &made.secret;
        let shown =
            city.visitor().get(&format!("/api/v1/charges/{}/receipts?key={key}", made.id)).await.expect(200).json();
        assert_eq!(shown["items"].as_array().unwrap().len(), 2);
        city.visitor().get(&format!("/api/v1/charges/{}/receipts", made.id)).await.expect(401);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_at_once_have_no_gap() {
    on_both(|city| async move {
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..24 {
            let city = city.clone();
            tasks.spawn(async move { paid(&city, &format!("T{n}")).await.id });
        }
        let mut numbers = Vec::new();
        for charge in tasks.join_all().await {
            numbers.push(receipt(&city.app.db, charge).await.unwrap().unwrap().number);
        }
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=24).collect::<Vec<_>>());
    })
    .await;
}
