//! The bank's notices: matched, overpaid, in suspense, repeated, forged.

use songhan_base::Money;

use super::*;
use crate::{Channel, ChargeState};

#[tokio::test]
async fn a_transfer_pays() {
    on_both(|city| async move {
        let made = due(&city, None).await;
        let note = format!("MBVCB.77.{} chuyen tien", made.reference.to_lowercase());
        let taken = notify(&city, &notice("T1", 16_000, &note)).await.expect(200).json();
        assert_eq!(taken, json!({ "outcome": "paid", "reason": null, "repeated": false }));
        let paid = reload(&city, &made).await;
        assert_eq!((paid.state, paid.channel, paid.version), (ChargeState::Paid, Some(Channel::Vietqr), 2));
        assert_eq!(paid.paid_at, Some(city.app.now()));
        // Again: nothing more.
        let again = notify(&city, &notice("T1", 16_000, &note)).await.expect(200).json();
        assert_eq!(again, json!({ "outcome": "paid", "reason": null, "repeated": true }));
        assert_eq!(kinds(&city).await, ["ledger.charge_created", "ledger.charge_paid", "ledger.receipt_issued"]);
        assert_eq!(balance(&city).await.of("bank:1017595600"), Money(16_000));
        assert_eq!(balance(&city).await.of("receivable:ubnd-hai-chau"), Money(0));
    })
    .await;
}

#[tokio::test]
async fn a_second_transfer_is_owed_back() {
    on_both(|city| async move {
        let made = due(&city, None).await;
        notify(&city, &notice("T1", 16_000, &made.reference)).await.expect(200);
        let taken = notify(&city, &notice("T2", 20_000, &made.reference)).await.expect(200).json();
        assert_eq!(taken["outcome"], "overpaid");
        assert_eq!(balance(&city).await.of("refundable:ubnd-hai-chau"), Money(-20_000));
        assert_eq!(kinds(&city).await.last().unwrap(), "ledger.overpaid");
        // So is one for a charge that was cancelled.
        let cx = city.system();
        let other = due(&city, None).await;
        let mut tx = cx.begin().await.unwrap();
        crate::cancel(&mut tx, &cx, other.id, "rút").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(notify(&city, &notice("T3", 16_000, &other.reference)).await.json()["outcome"], "overpaid");
        assert_eq!(reload(&city, &other).await.state, ChargeState::Cancelled);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_matched_waits_in_suspense() {
    on_both(|city| async move {
        let made = due(&city, None).await;
        let mut strange = notice("T3", 16_000, &made.reference);
        strange["account"] = json!("999");
        for (notice, reason) in [
            (notice("T1", 15_000, &made.reference), "amount"),
            (notice("T2", 16_000, "le phi"), "reference"),
            (strange, "account"),
        ] {
            let taken = notify(&city, &notice).await.expect(200).json();
            assert_eq!((&taken["outcome"], &taken["reason"]), (&json!("suspense"), &json!(reason)));
        }
        assert_eq!(reload(&city, &made).await.state, ChargeState::Due);
        assert_eq!(balance(&city).await.of("suspense:1017595600"), Money(-31_000));
        let mut admin = city.client(&city.person("Quản trị", &[(Role::Administrator, None)]));
        let listed = admin.get("/api/v1/ledger/unmatched-transfers").await.expect(200).json();
        assert_eq!(listed["items"].as_array().unwrap().len(), 3);
        assert_eq!(listed["items"][0]["charge"], json!(made.id));
        for (after, status) in [("x", 200), ("99999999999999999999-a", 200), ("-", 200), ("%ff-1", 200), ("5-%00", 400)]
        {
            admin.get(&format!("/api/v1/ledger/unmatched-transfers?after={after}")).await.expect(status);
        }
        city.client(&officer(&city)).get("/api/v1/ledger/unmatched-transfers").await.expect(403);
        // The rest of the right transfer still pays.
        assert_eq!(notify(&city, &notice("T4", 16_000, &made.reference)).await.json()["outcome"], "paid");
    })
    .await;
}

#[tokio::test]
async fn only_the_bank_is_believed_and_only_now() {
    on_both(|city| async move {
        let made = due(&city, None).await;
        let body = notice("T1", 16_000, &made.reference).to_string();
        let now = city.app.now().as_second();
        let refused = async |timestamp: String, secret: &str| {
            notify_signed(&city, body.as_bytes(), &timestamp, secret).await.expect(401).json()["code"].clone()
        };
        assert_eq!(refused(now.to_string(), "another secret entirely").await, "signature");
        assert_eq!(refused((now - 301).to_string(), BANK_SECRET).await, "signature_stale");
        assert_eq!(refused((now + 301).to_string(), BANK_SECRET).await, "signature_stale");
        assert_eq!(refused("soon".into(), BANK_SECRET).await, "signature");
        let mut nobody = city.visitor();
        nobody.post("/api/v1/payments/bank-notifications", &notice("T1", 1, "x")).await.expect(401);
        assert_eq!(reload(&city, &made).await.state, ChargeState::Due);
    })
    .await;
}

#[tokio::test]
async fn garbage_from_the_bank_is_refused_not_fatal() {
    on_both(|city| async move {
        let now = city.clock_seconds();
        for (body, status) in [
            (b"".to_vec(), 400),
            (b"\xff\xfe".to_vec(), 400),
            (b"[]".to_vec(), 400),
            (notice("", 16_000, "x").to_string().into_bytes(), 422),
            (notice("T", 0, "x").to_string().into_bytes(), 422),
            (notice("T", i64::MAX, "x").to_string().into_bytes(), 422),
            (notice("T\u{0}T", 5, "x\u{0}").to_string().into_bytes(), 200),
        ] {
            let _ = notify_signed(&city, &body, &now, BANK_SECRET).await.expect(status);
        }
    })
    .await;
}

#[tokio::test]
async fn an_attempt_by_transfer_is_one_and_is_settled() {
    on_both(|city| async move {
        let payer = city.resident("Nguyễn Thị An");
        let made = due(&city, Some(&payer)).await;
        let path = format!("/api/v1/charges/{}/payments", made.id);
        let mut client = city.client(&payer);
        let first = client.post_once(&path, "k1", &json!({ "channel": "vietqr" })).await.expect(201).json();
        let second = client.post_once(&path, "k2", &json!({ "channel": "vietqr" })).await.expect(201).json();
        assert_eq!(first["id"], second["id"]);
        let payload = first["payload"].as_str().unwrap();
        assert!(payload.starts_with("000201010212") && payload.contains(&made.reference), "{payload}");
        let replayed = client.post_once(&path, "k1", &json!({ "channel": "vietqr" })).await.expect(201);
        assert_eq!(replayed.headers["idempotent-replayed"], "true");
        notify(&city, &notice("T1", 16_000, &made.reference)).await.expect(200);
        let shown = client.get(&format!("/api/v1/charges/{}", made.id)).await.expect(200).json();
        assert_eq!(shown["state"], "paid");
        assert_eq!(shown["payments"].as_array().unwrap().len(), 1);
        assert_eq!(shown["payments"][0]["state"], "succeeded");
        client.post_once(&path, "k3", &json!({ "channel": "vietqr" })).await.expect(409);
    })
    .await;
}
