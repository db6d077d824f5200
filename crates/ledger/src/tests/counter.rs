//! Money at the counter, and who sees what.

use songhan_base::Money;

use super::*;

#[tokio::test]
async fn an_officer_of_the_unit_takes_cash_once() {
    on_both(|city| async move {
        let made = due(&city, None).await;
        let path = format!("/api/v1/charges/{}/counter-payments", made.id);
        let body = json!({ "receipt": "BL-2026/0001234" });
        let elsewhere = city.person("Trần Văn Cường", &[(Role::Officer, Some("ubnd-son-tra"))]);
        city.client(&elsewhere).post_once(&path, "a", &body).await.expect(404);
        city.client(&city.resident("Nguyễn Thị An")).post_once(&path, "a", &body).await.expect(403);
        let mut desk = city.client(&officer(&city));
        desk.post(&path, &body).await.expect(400);
        desk.post_once(&path, "long", &json!({ "receipt": "x".repeat(65) })).await.expect(422);
        let taken = desk.post_once(&path, "a", &body).await.expect(201).json();
        assert_eq!((&taken["channel"], &taken["state"]), (&json!("counter"), &json!("succeeded")));
        desk.post_once(&path, "a", &body).await.expect(201);
        desk.post_once(&path, "b", &body).await.expect(409);
        assert_eq!(balance(&city).await.of("cash:ubnd-hai-chau"), Money(16_000));
    })
    .await;
}

#[tokio::test]
async fn a_charge_is_seen_by_payer_link_and_office_alone() {
    on_both(|city| async move {
        let payer = city.resident("Nguyễn Thị An");
        let made = due(&city, Some(&payer)).await;
        let path = format!("/api/v1/charges/{}", made.id);
        let shown = city.client(&payer).get(&path).await.expect(200).json();
        assert_eq!((&shown["amount"], &shown["state"]), (&json!(16_000), &json!("due")));
        assert!(shown.get("secret").is_none() && shown.get("payer").is_none());
        city.client(&officer(&city)).get(&path).await.expect(200);
        city.client(&city.resident("Người khác")).get(&path).await.expect(404);
        city.client(&city.person("Khác", &[(Role::Officer, Some("ubnd-son-tra"))])).get(&path).await.expect(404);
        city.visitor().get(&path).await.expect(401);
        city.visitor().get(&format!("/api/v1/charges/{}", city.app.env.id())).await.expect(401);
        city.visitor().get(&format!("{path}?key=wrong")).await.expect(401);
        city.visitor().get(&format!("{path}?key={}", made.secret)).await.expect(200);
        let pay = format!("{path}/payments");
        let body = json!({ "channel": "vietqr" });
        city.client(&officer(&city)).post_once(&pay, "a", &body).await.expect(403);
        city.client(&city.resident("Người khác")).post_once(&pay, "a", &body).await.expect(404);
        city.visitor().post_once(&pay, "a", &body).await.expect(401);
        city.visitor().post_once(&format!("{pay}?key={}", made.secret), "a", &body).await.expect(201);
        city.client(&payer).post_once(&pay, "c", &json!({ "channel": "counter" })).await.expect(422);
        city.client(&officer(&city)).get("/api/v1/ledger/trial-balance").await.expect(403);
    })
    .await;
}
