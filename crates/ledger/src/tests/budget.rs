//! The transfer to the budget: each charge once, less what was refunded afterwards.

use super::*;

async fn close(city: &TestCity, by: &Person, day: &str) -> Answer {
    let key = city.app.env.id().to_string();
    city.client(by).post_once("/api/v1/ledger/closings", &key, &json!({ "unit": UNIT, "day": day })).await
}

#[tokio::test]
async fn a_day_is_closed_ordered_and_confirmed_once() {
    on_both(|city| async move {
        let (one, other) = (accountant(&city), accountant(&city));
        close(&city, &one, "2026-11-20").await.expect(409);
        let payer = city.resident("Nguyễn Thị An");
        let mut all = Vec::new();
        for n in 0..3 {
            let made = due(&city, Some(&payer)).await;
            notify(&city, &notice(&format!("T{n}"), 16_000, &made.reference)).await.expect(200);
            all.push(made);
        }
        // Refunded before it was closed: in no closing.
        let cx = city.system();
        let mut tx = cx.begin().await.unwrap();
        crate::refund(&mut tx, &cx, all[0].id, "rút").await.unwrap();
        tx.commit().await.unwrap();
        close(&city, &one, "2026-11-21").await.expect(422);
        close(&city, &officer(&city), "2026-11-20").await.expect(403);
        let closing = close(&city, &one, "2026-11-20").await.expect(201).json();
        assert_eq!(
            (&closing["total"], &closing["fees"], &closing["count"]),
            (&json!(32_000), &json!(32_000), &json!(2))
        );
        close(&city, &one, "2026-11-20").await.expect(409);
        let books = balance(&city).await;
        assert_eq!(
            (books.of("budget_payable:ubnd-hai-chau"), books.of("income:ubnd-hai-chau")),
            (Money(-32_000), Money(0))
        );
        let body = json!({ "pays": "budget", "closing": closing["id"] });
        let order = city.client(&one).post_once("/api/v1/ledger/payment-orders", "a", &body).await.expect(201).json();
        city.client(&one).post_once("/api/v1/ledger/payment-orders", "b", &body).await.expect(409);
        let decision = format!("/api/v1/ledger/payment-orders/{}/decision", order["id"].as_str().unwrap());
        city.client(&other).post(&decision, &json!({ "decision": "approve" })).await.expect(200);
        let shown = city.client(&one).get(&decision.replace("/decision", "")).await.expect(200).json();
        assert_eq!(shown["lines"][0]["payee"]["number"], "7111000123");
        let number = shown["lines"][0]["end_to_end"].as_str().unwrap();
        let credits = ["T0", "T1", "T2"].map(|n| (ACCOUNT, 16_000, 0, n, "x"));
        let rows = [&credits[..], &[(ACCOUNT, 0, 32_000, "FT7", number)]].concat();
        let imported = import(&city, &table(&rows)).await;
        assert_eq!((imported.statement.matched, imported.statement.differences), (4, 0));
        let closings = city.client(&one).get("/api/v1/ledger/closings").await.expect(200).json();
        assert_eq!(closings["items"][0]["state"], "transferred");
        let books = balance(&city).await;
        assert_eq!(
            (books.of("bank:1017595600"), books.of("refundable:ubnd-hai-chau")),
            (Money(16_000), Money(-16_000))
        );
        assert_eq!((books.of("budget_payable:ubnd-hai-chau"), books.of("clearing:1017595600")), (Money(0), Money(0)));
        // Refunded after it was transferred: the next day gives it back, from what came in then.
        let mut tx = cx.begin().await.unwrap();
        crate::refund(&mut tx, &cx, all[1].id, "rút").await.unwrap();
        tx.commit().await.unwrap();
        city.clock.advance(std::time::Duration::from_hours(24));
        for n in 3..5 {
            let made = due(&city, Some(&payer)).await;
            notify(&city, &notice(&format!("T{n}"), 16_000, &made.reference)).await.expect(200);
        }
        let closing = close(&city, &one, "2026-11-21").await.expect(201).json();
        assert_eq!((&closing["total"], &closing["count"]), (&json!(16_000), &json!(3)));
        assert_eq!(balance(&city).await.of("income:ubnd-hai-chau"), Money(0));
    })
    .await;
}
