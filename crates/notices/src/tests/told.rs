//! Being told in the app.

use songhan_base::Lang;
use songhan_testkit::for_each_database;

use super::*;

#[tokio::test]
async fn told_in_ones_language_until_read() {
    for_each_database(modules(), |city| async move {
        let id = person(&city, 1, Lang::Vi, None).await;
        let lan = city.as_person(id, "Lan", vec![]);
        let mut lan = city.client(&lan);
        let other = city.resident("Bình");
        let mut other = city.client(&other);
        let notice = tell(&city, id).await;
        let second = tell(&city, id).await;

        let list = lan.get("/api/v1/notices").await.expect(200).json();
        assert_eq!((list["unread"].as_i64(), list["items"].as_array().unwrap().len()), (Some(2), 2));
        assert_eq!(list["items"][0]["title"], "Đã nhận 8.000\u{a0}đ");
        assert_eq!(list["items"][0]["body"], "Hồ sơ 000.00.15.H17-261120-0001 hẹn trả ngày 25/11/2026.");
        let english = lan.clone().english().get("/api/v1/notices").await.expect(200).json();
        assert_eq!(english["items"][0]["body"], "Dossier 000.00.15.H17-261120-0001 is due on 25 Nov 2026.");
        let page = lan.get("/notices").await.expect(200).text();
        assert!(page.contains("Đã nhận") && page.contains("2 thông báo chưa đọc"), "{page}");
        assert_eq!(other.get("/api/v1/notices").await.expect(200).json()["items"], serde_json::json!([]));

        let path = format!("/api/v1/notices/{notice}/read");
        other.post(&path, &serde_json::json!({})).await.expect(404);
        city.visitor().post(&path, &serde_json::json!({})).await.expect(401);
        lan.post(&path, &serde_json::json!({})).await.expect(204);
        lan.post(&path, &serde_json::json!({})).await.expect(204);
        assert_eq!(lan.get("/api/v1/notices").await.expect(200).json()["unread"], 1);
        let answer = lan.submit(&format!("/notices/{second}/read"), &[]).await.expect(303);
        assert_eq!(answer.location(), "/track/000.00.15.H17-261120-0001");
        tell(&city, id).await;
        lan.submit("/notices/read", &[]).await.expect(303);
        let page = lan.get("/notices").await.expect(200).text();
        assert!(!page.contains("chưa đọc"), "{page}");
        other.submit(&format!("/notices/{second}/read"), &[]).await.expect(404);
        city.visitor().get("/notices").await.expect(303);
    })
    .await;
}

#[tokio::test]
async fn what_was_undone_was_never_told() {
    for_each_database(modules(), |city| async move {
        let id = person(&city, 1, Lang::Vi, Some("lan@example.com")).await;
        let cx = city.system();
        let mut tx = cx.begin().await.unwrap();
        notify(&mut tx, &cx, id, paid()).await.unwrap();
        drop(tx);
        city.settle().await;
        let mut lan = city.client(&city.as_person(id, "Lan", vec![]));
        assert_eq!(lan.get("/api/v1/notices").await.expect(200).json()["unread"], 0);
        assert!(!city.app.config.data.join("mail").exists());
    })
    .await;
}

#[tokio::test]
async fn many_come_by_pages_and_old_ones_are_forgotten() {
    for_each_database(modules(), |city| async move {
        let id = person(&city, 1, Lang::Vi, Some("lan@example.com")).await;
        for _ in 0..45 {
            city.clock.advance(std::time::Duration::from_millis(2));
            tell(&city, id).await;
        }
        let mut lan = city.client(&city.as_person(id, "Lan", vec![]));
        let (mut seen, mut path) = (Vec::new(), "/api/v1/notices".to_owned());
        loop {
            let list = lan.get(&path).await.expect(200).json();
            seen.extend(list["items"].as_array().unwrap().iter().map(|item| item["id"].to_string()));
            let Some(next) = list["next"].as_str() else { break };
            path = format!("/api/v1/notices?before={next}");
        }
        assert_eq!(seen.len(), 45);
        assert!(seen.is_sorted_by(|a, b| a > b));
        lan.get("/api/v1/notices?before=x").await.expect(400);
        city.settle().await;
        city.clock.advance(std::time::Duration::from_hours(24 * 731));
        city.tick().await;
        assert_eq!(lan.get("/api/v1/notices").await.expect(200).json()["items"], serde_json::json!([]));
    })
    .await;
}
