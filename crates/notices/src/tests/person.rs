//! One's own data, being forgotten, and codes that others want told.

use serde_json::json;
use songhan_app::SecretCode;
use songhan_base::Lang;
use songhan_testkit::for_each_database;

use super::*;
use crate::Channel;

#[tokio::test]
async fn all_of_it_is_given_and_all_of_it_goes() {
    for_each_database(modules(), |city| async move {
        let id = with_phone(&city, 1, Lang::Vi, Some("lan@example.com"), Some("+84905123456")).await;
        let other = person(&city, 2, Lang::Vi, Some("binh@example.com")).await;
        wants(&city, id, Some("+84905123456"), &[Channel::Email, Channel::Push]).await;
        let mut lan = city.client(&city.as_person(id, "Lan", vec![]));
        let keys = json!({ "auth": "BTBZMqHH6r4Tts7J_aSIgg",
            "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4" });
        let subscription = json!({ "endpoint": "https://fcm.googleapis.com/fcm/send/a", "keys": keys });
        lan.post("/api/v1/me/push-subscriptions", &subscription).await.expect(201);
        lan.post("/api/v1/me/addresses/email/code", &json!({})).await.expect(202);
        tell(&city, id).await;
        tell(&city, other).await;
        let cx = city.system();
        let held = crate::personal::data(&cx, id).await.unwrap();
        let count = |name: &str| held[name].as_array().unwrap().len();
        // The new device is told of by letter and on the device; the paid fee too; the code by letter.
        let counted = ["notices", "sent", "chosen", "proven_addresses", "devices"].map(count);
        assert_eq!(counted, [2, 5, 16, 1, 1], "{held}");
        let mut tx = cx.begin().await.unwrap();
        crate::personal::erase(&cx, &mut tx, id).await.unwrap();
        tx.commit().await.unwrap();
        let held = crate::personal::data(&cx, id).await.unwrap();
        assert!(held.as_object().unwrap().values().all(|list| list == &json!([])), "{held}");
        let others = crate::personal::data(&cx, other).await.unwrap();
        assert_eq!(others["notices"].as_array().unwrap().len(), 1);
        // What was promised to them comes to nothing.
        city.settle().await;
        assert_eq!(deliveries(&city).await, [("email".to_owned(), "sent".to_owned(), 1)]);
    })
    .await;
}

#[tokio::test]
async fn secret_codes_go_to_proven_addresses_alone() {
    for_each_database(modules(), |city| async move {
        let id = person(&city, 1, Lang::Vi, Some("lan@example.com")).await;
        let cx = city.system();
        let told = || SecretCode {
            account: id,
            kind: "password-code",
            code: "204815".to_owned(),
            minutes: 10,
            expires_at: cx.now() + jiff::SignedDuration::from_mins(10),
        };
        let mut tx = cx.begin().await.unwrap();
        assert!(!crate::personal::send_code(&cx, &mut tx, told()).await.unwrap());
        crate::store::set_verified(&mut tx, id, Channel::Email, "lan@example.com").await.unwrap();
        assert!(crate::personal::send_code(&cx, &mut tx, told()).await.unwrap());
        tx.commit().await.unwrap();
        city.settle().await;
        assert_eq!(deliveries(&city).await, [("email".to_owned(), "sent".to_owned(), 1)]);
        let folder = std::fs::read_dir(city.app.config.data.join("mail")).unwrap();
        let letters: Vec<String> =
            folder.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap()).collect();
        assert_eq!(letters.len(), 1);
    })
    .await;
}
