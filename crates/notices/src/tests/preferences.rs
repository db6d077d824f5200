//! Choosing channels, by program and by page.

use axum::http::Method;
use serde_json::json;
use songhan_base::Lang;
use songhan_testkit::for_each_database;

use super::*;

const PATH: &str = "/api/v1/me/notice-preferences";

#[tokio::test]
async fn one_chooses_and_is_told_so() {
    for_each_database(modules(), |city| async move {
        let id = person(&city, 1, Lang::Vi, Some("lan@example.com")).await;
        let mut lan = city.client(&city.as_person(id, "Lan", vec![]));
        let usual = lan.get(PATH).await.expect(200).json();
        let usually = json!(["in_app", "email"]);
        assert_eq!(
            usual["topics"],
            json!({ "progress": usually, "money": usually, "security": usually, "warning": usually })
        );
        assert_eq!(usual["quiet_hours"], json!({ "from": "21:00", "until": "07:00" }));
        let offered = |name: &str| {
            let channels = usual["channels"].as_array().unwrap();
            channels.iter().find(|channel| channel["channel"] == name).unwrap()["offered"].clone()
        };
        assert_eq!((offered("email"), offered("sms"), offered("zalo")), (true.into(), false.into(), false.into()));

        let mut topics = usual["topics"].clone();
        topics["progress"] = json!(["in_app"]);
        let body = json!({ "topics": topics });
        let put = |body: serde_json::Value| body.to_string().into_bytes();
        let json_type = Some("application/json");
        let set = lan.send(Method::PUT, PATH, json_type, put(body)).await.expect(200).json();
        assert_eq!(set["topics"]["progress"], json!(["in_app"]));
        tell(&city, id).await;
        city.settle().await;
        assert_eq!(deliveries(&city).await, [], "told in the app alone");
        topics["security"] = json!(["in_app", "push"]);
        let refused = lan.send(Method::PUT, PATH, json_type, put(json!({ "topics": topics }))).await.expect(422).json();
        assert_eq!(
            (&refused["code"], &refused["errors"][0]["field"]),
            (&"channel_mandatory".into(), &"topics/security".into())
        );
        topics["security"] = json!(["in_app", "email", "pigeon"]);
        lan.send(Method::PUT, PATH, json_type, put(json!({ "topics": topics }))).await.expect(422);
        city.visitor().get(PATH).await.expect(401);

        let subject = format!("account:{id}");
        let since = jiff::Timestamp::UNIX_EPOCH;
        let rows = songhan_db::audit_of(&city.app.db, &subject, since, 10).await.unwrap();
        assert!(rows.iter().any(|row| row.action == "notices.preferences_changed"));
    })
    .await;
}

#[tokio::test]
async fn the_page_does_the_same_without_scripts() {
    for_each_database(modules(), |city| async move {
        let id = person(&city, 1, Lang::Vi, Some("lan@example.com")).await;
        let mut lan = city.client(&city.as_person(id, "Lan", vec![]));
        let page = lan.get("/account/notices").await.expect(200).text();
        assert!(page.contains("Luôn gửi") && page.contains("Tiến độ hồ sơ"), "{page}");
        let chosen =
            lan.submit("/account/notices", &[("money", "push"), ("money", "email"), ("warning", "push")]).await;
        assert_eq!(chosen.expect(303).location(), "/account/notices?done=chosen");
        let page = lan.get("/account/notices?done=chosen").await.expect(200).text();
        assert!(page.contains("Đã lưu lựa chọn."), "{page}");
        let topics = lan.get(PATH).await.expect(200).json()["topics"].clone();
        assert_eq!(topics["progress"], json!(["in_app"]));
        assert_eq!(topics["money"], json!(["in_app", "email", "push"]));
        assert_eq!(topics["security"], json!(["in_app", "email"]), "mandatory");
        assert_eq!(topics["warning"], json!(["in_app", "push"]));
        let english = lan.clone().english().get("/account/notices").await.expect(200).text();
        assert!(english.contains("Progress of dossiers"), "{english}");
        assert!(lan.get("/notices").await.expect(200).text().contains("href=\"/account/notices\""));
    })
    .await;
}
