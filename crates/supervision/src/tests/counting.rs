//! Supervision: figures follow from events, a rebuild gives the same, and everyone sees what is theirs to see.

use serde_json::json;
use songhan_base::Role;
use songhan_db::query;
use songhan_testkit::{Desk, INSURANCE, OTHER, TestCity, UNIT, for_each_database};

use super::modules;

/// The whole table, in an order.
async fn table(city: &TestCity) -> Vec<(String, String, String, String, i64, i64, i64, i64)> {
    query(
        "SELECT level, month, unit, topic, received + 1000 * online, in_time + 1000 * late + 1000000 * unpromised,
             worked_us, open + 1000 * open_late + 1000000 * (refused + 10 * withdrawn + 100 * stopped + 1000 * extended)
         FROM supervision_figures ORDER BY level, month, unit, topic",
    )
    .fetch_all(&city.app.db)
    .await
    .unwrap()
}

/// Six dossiers, each with another fate.
async fn six_fates(desk: &mut Desk) -> Vec<String> {
    let mut codes = Vec::new();
    for _ in 0..5 {
        codes.push(desk.hand_in(UNIT).await);
    }
    codes.push(desk.hand_in(OTHER).await);
    let [punctual, refused, withdrawn, late, extended] = &codes[..5] else { unreachable!() };
    desk.go(punctual, &["accept", "process"]).await;
    desk.city.clock.set("2026-11-20T14:00:00+07:00".parse().unwrap());
    desk.go(punctual, &["propose", "sign"]).await;
    desk.go(refused, &["refuse"]).await;
    desk.lan.post(&format!("/api/v1/dossiers/{withdrawn}/actions/withdraw"), &json!({})).await.expect(200);
    desk.go(late, &["accept", "process"]).await;
    desk.go(extended, &["accept", "process"]).await;
    // Into December, far past five working days.
    desk.city.clock.set("2026-12-07T09:00:00+07:00".parse().unwrap());
    desk.city.tick().await;
    desk.go(late, &["propose", "sign"]).await;
    desk.act(extended, "extend", json!({ "note": "Chờ xác minh", "extension": "5 days" })).await.expect(200);
    desk.city.settle().await;
    codes
}

#[tokio::test]
async fn figures_follow_from_events() {
    for_each_database(modules(), |city| async move {
        let mut desk = Desk::new(&city);
        six_fates(&mut desk).await;
        let november = format!("/api/v1/supervision?month=2026-11&unit={UNIT}");
        let report = city.visitor().get(&november).await.expect(200).json();
        let total = &report["total"];
        assert_eq!((total["received"].as_i64(), total["online"].as_i64()), (Some(5), Some(5)), "{report}");
        assert_eq!((total["in_time"].as_i64(), total["indicators"]["in_time"].as_f64()), (Some(1), Some(100.0)));
        assert_eq!((total["refused"].as_i64(), total["withdrawn"].as_i64()), (Some(1), Some(1)));
        // Accepted at nine, signed at two: lunch is no working time.
        assert_eq!(total["mean_hours"].as_f64(), Some(3.5));
        // Of the five one is open, extended: late no more.
        assert_eq!((total["open"].as_i64(), total["open_late"].as_i64()), (Some(1), Some(0)), "{report}");
        let report = city.visitor().get("/api/v1/supervision?month=2026-12").await.expect(200).json();
        assert_eq!((report["total"]["late"].as_i64(), report["total"]["extended"].as_i64()), (Some(1), Some(1)));
        assert_eq!(report["total"]["indicators"]["in_time"].as_f64(), Some(0.0));
        assert_eq!(report["units"].as_array().unwrap().len(), 2, "{report}");
        let months = report["months"].as_array().unwrap();
        assert_eq!((months.len(), months[10]["received"].as_i64()), (12, Some(6)));
        let social = city.visitor().get("/api/v1/supervision?month=2026-11&field=social").await.expect(200).json();
        assert_eq!(social["total"]["received"], 6);
        for wrong in ["month=2026", "unit=nowhere", "field=nothing"] {
            city.visitor().get(&format!("/api/v1/supervision?{wrong}")).await.expect(422);
        }
    })
    .await;
}

#[tokio::test]
async fn counting_again_gives_the_same() {
    for_each_database(modules(), |city| async move {
        let mut desk = Desk::new(&city);
        six_fates(&mut desk).await;
        let counted = table(&city).await;
        assert!(counted.len() > 8, "{counted:?}");
        let administrator = city.person("Quản trị", &[(Role::Administrator, None)]);
        desk.leader.post("/api/v1/supervision/restatements", &json!({})).await.expect(403);
        city.client(&administrator).post("/api/v1/supervision/restatements", &json!({})).await.expect(202);
        assert_eq!(table(&city).await, []);
        city.settle().await;
        assert_eq!(table(&city).await, counted);
        // What is open now, counted from the cases themselves.
        let open: (i64,) = query("SELECT COUNT(*) FROM cases WHERE kind = 'dossier' AND clock <> 'stopped'")
            .fetch_one(&city.app.db)
            .await
            .unwrap();
        let now = city.visitor().get("/api/v1/supervision").await.expect(200).json();
        assert_eq!(now["total"]["open"].as_i64(), Some(open.0));
        let units = now["units"].as_array().unwrap();
        assert_eq!(units.iter().map(|unit| unit["open"].as_i64().unwrap()).sum::<i64>(), open.0);
    })
    .await;
}

#[tokio::test]
async fn drilling_down_ends_where_the_right_ends() {
    for_each_database(modules(), |city| async move {
        let mut desk = Desk::new(&city);
        let codes = six_fates(&mut desk).await;
        let page = city.visitor().get("/supervision?month=2026-11").await.expect(200).text();
        assert!(page.contains("<svg") && page.contains("Đúng hạn") && !page.contains("Nguyễn Thị Lan"), "{page}");
        assert!(!page.contains("/office/"), "nothing of the office on the public page");
        let path = format!("/office/supervision?month=2026-11&unit={UNIT}&field=social");
        let page = desk.leader.get(&path).await.expect(200).text();
        let list = format!("/office/supervision/dossiers?month=2026-11&unit={UNIT}&field=social");
        assert!(page.replace("&amp;", "&").replace("&#x2f;", "/").contains(&list), "{page}");
        let page = desk.leader.get(&list).await.expect(200).text();
        assert!(codes[..5].iter().all(|code| page.contains(code.as_str())) && !page.contains(&codes[5]), "{page}");
        let other = desk.leader.get(&format!("/office/supervision/dossiers?month=2026-11&unit={OTHER}")).await;
        other.expect(404);
        desk.officer.get("/office/supervision").await.expect(403);
        let administrator = city.person("Quản trị", &[(Role::Administrator, None)]);
        let mut administrator = city.client(&administrator);
        let page = administrator.get(&path).await.expect(200).text();
        assert!(!page.contains("/office/supervision/dossiers"), "figures, not people's dossiers");
        administrator.get(&list).await.expect(403);
        assert!(page.contains(INSURANCE) || page.contains("Theo tháng"));
        // What can still be saved.
        city.clock.set("2026-12-11T09:00:00+07:00".parse().unwrap());
        let page = desk.leader.get("/office/supervision").await.expect(200).text();
        assert!(page.contains(&codes[4]), "{page}");
    })
    .await;
}
